"""What acts on records refuse beside the common errors of `errors.py`."""

from typing import Any

from mock_crm.errors import CrmError, InvalidData, InvalidModule


class ModuleNotSupported(InvalidModule):
    """The module is there, but this call is not for it."""

    message = "the given module is not supported for this api"

    def __init__(self) -> None:
        super().__init__({"resource_path_index": 0})


class NoRecordsFound(CrmError):
    code, status, message = "NO_RECORDS_FOUND", 400, "no record found to update"


class RecordLimitExceeded(CrmError):
    code, status, message = "RECORD_LIMIT_EXCEEDED", 400, "The number of records exceeds the limit"


class AuthorizationFailed(CrmError):
    code, status = "AUTHORIZATION_FAILED", 400
    message = "User does not have sufficient privilege to perform this action"


class CannotAssign(CrmError):
    """The new owner may not see the module."""

    code, status = "CANNOT_ASSIGN", 403
    message = "The user you are trying to assign does not have permission for this module."


class JobOfAnotherModule(CrmError):
    code, status, message = "NOT_FOUND", 404, "The specified job does not belong to this module"


class DownloadNotAllowed(CrmError):
    code, status = "DOWNLOAD_NOT_ALLOWED", 400
    message = "As it is a linked attachment, you can not download it"


class FileTooLarge(CrmError):
    code, status = "FILE_SIZE_MORE_THAN_ALLOWED_SIZE", 413
    message = "Please check if the size of the file is in the correct range"


class PhotoTooLarge(CrmError):
    code, status, message = "FILE_SIZE_EXCEEDS", 413, "File exceeded its maximum limit"


class InvalidFileType(CrmError):
    code, status, message = "INVALID_DATA", 415, "invalid file type"


class InvalidLink(CrmError):
    code, status, message = "INVALID_URL_PATTERN", 400, "the given attachment URL is incorrect"


class LowerLimitReached(CrmError):
    code, status, message = "LOWER_LIMIT_REACHED", 400, "Lower limit reached"


class InvalidRelatedId(InvalidData):
    message = "the related id given seems to be invalid"


class RelationNotFound(InvalidData):
    message = "relation not found"


class TagsNotFound(InvalidData):
    message = "tags not found"


class AmbiguousKeys(CrmError):
    """Keys of a body that exclude each other."""

    code, status = "AMBIGUITY_DURING_PROCESSING", 400
    message = "the given keys cannot be used together"

    def __init__(self, *names: str) -> None:
        details: list[dict[str, Any]] = [{"api_name": name, "json_path": f"$.{name}"} for name in names]
        super().__init__({"ambiguity_due_to": details})
