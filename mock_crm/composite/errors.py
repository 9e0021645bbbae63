"""What the composite API refuses beside what all APIs do (crm-api.md §7.3)."""

from typing import Any

from mock_crm.errors import CrmError


class InvalidReference(CrmError):
    """A sub-request refers to what no other one has answered."""

    code, status, message = "INVALID_REFERENCE", 400, "the reference given seems to be invalid"


class LoopingFound(CrmError):
    """Sub-requests wait for each other's answers."""

    code, status, message = "LOOPING_FOUND", 400, "a loop was found in the references of the sub requests"

    def __init__(self, waiting: dict[str, list[str]]) -> None:
        found = [{"sub_request_id": name, "referred_sub_request_ids": others} for name, others in waiting.items()]
        super().__init__({"dependent_data": found})


class RollbackPerformed(CrmError):
    """The sub-request was carried out and undone, because another one failed."""

    code, status, message = "ROLLBACK_PERFORMED", 400, "the sub request is rolled back"

    def __init__(self, place: int) -> None:
        super().__init__({"rollbacked_by_sub_request_index": place})


class ProcessingStopped(CrmError):
    """The sub-request was not begun, because another one failed."""

    code, status, message = "PROCESSING_STOPPED", 400, "the processing of the sub request is stopped"


class Conflict(CrmError):
    """Two keys that exclude each other."""

    code, status, message = "AMBIGUITY_DURING_PROCESSING", 400, "the given keys cannot be used together"

    def __init__(self, *names: str) -> None:
        super().__init__({"ambiguity_due_to": [located(name, f"$.{name}") for name in names]})


def located(name: str, path: str) -> dict[str, Any]:
    return {"api_name": name, "json_path": path}
