"""Acts on records: unknown records and modules, for every door. Who may do them is in `endpoints/test_matrix.py`."""

from typing import Any

import pytest

from tests.crm.api import Crm

OWNER = {"owner": {"id": "5"}}
ACTS = [
    ("POST", "/Deals/{id}/actions/clone", {}),
    ("POST", "/Deals/{id}/actions/merge", {"merge": [{}]}),
    ("GET", "/Deals/{id}/actions/merge", None),
    ("POST", "/Deals/actions/mass_update", {"data": [{}]}),
    ("GET", "/Deals/actions/mass_update?job_id=5", None),
    ("POST", "/Deals/actions/mass_delete", {"ids": ["5"]}),
    ("GET", "/Deals/actions/mass_delete?job_id=5", None),
    ("POST", "/Deals/actions/change_owner", {"ids": ["5"], **OWNER}),
    ("POST", "/Deals/{id}/actions/change_owner", OWNER),
    ("POST", "/Deals/actions/mass_change_owner", OWNER),
    ("GET", "/Deals/actions/mass_change_owner?job_id=5", None),
    ("POST", "/Deals/actions/add_tags", {"tags": []}),
    ("POST", "/Deals/actions/remove_tags", {"tags": []}),
    ("POST", "/Deals/{id}/actions/add_tags", {"tags": []}),
    ("POST", "/Deals/{id}/actions/remove_tags", {"tags": []}),
    ("GET", "/Deals/{id}/Products?fields=id", None),
    ("PUT", "/Deals/{id}/Products", {"data": [{"id": "5"}]}),
    ("PUT", "/Deals/{id}/Products/5", {"data": [{}]}),
    ("DELETE", "/Deals/{id}/Products?ids=5", None),
    ("DELETE", "/Deals/{id}/Products/5", None),
    ("GET", "/Deals/{id}/Products/5", None),
    ("POST", "/Deals/{id}/actions/get_related_records_count", {"get_related_records_count": [{}]}),
    ("GET", "/Deals/{id}/Notes?fields=id", None),
    ("POST", "/Deals/{id}/Notes", {"data": [{}]}),
    ("PUT", "/Deals/{id}/Notes", {"data": [{}]}),
    ("PUT", "/Deals/{id}/Notes/5", {"data": [{}]}),
    ("DELETE", "/Deals/{id}/Notes?ids=5", None),
    ("DELETE", "/Deals/{id}/Notes/5", None),
    ("GET", "/Deals/{id}/Attachments?fields=id", None),
    ("POST", "/Deals/{id}/Attachments", None),
    ("GET", "/Deals/{id}/Attachments/5", None),
    ("DELETE", "/Deals/{id}/Attachments/5", None),
    ("DELETE", "/Deals/{id}/Attachments?ids=5", None),
    ("POST", "/Deals/actions/count", None),
]
WITH_RECORD = [act for act in ACTS if "{id}" in act[1]]


@pytest.mark.parametrize("number", ["5725767000009999999", "x"])
@pytest.mark.parametrize(("method", "path", "body"), WITH_RECORD)
def test_an_unknown_record_is_told(still: Crm, method: str, path: str, body: Any, number: str):
    owner = {"owner": {"id": still.get("/users?type=CurrentUser").body["users"][0]["id"]}}
    answer = still.call(method, path.format(id=number), owner if body == OWNER else body)

    assert (answer.status, answer.code) == (400, "INVALID_DATA")
    assert answer.details == {"resource_path_index": 1}


@pytest.mark.parametrize(("method", "path", "body"), ACTS)
def test_an_unknown_module_is_told(still: Crm, method: str, path: str, body: Any):
    answer = still.call(method, path.format(id=5).replace("/Deals", "/Nope"), body)

    assert (answer.status, answer.code) == (400, "INVALID_MODULE")


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/Deals/5/actions/clone", "INVALID_REQUEST_METHOD"),
        ("PUT", "/Deals/5/actions/merge", "INVALID_REQUEST_METHOD"),
        ("DELETE", "/Deals/actions/mass_delete", "INVALID_REQUEST_METHOD"),
        ("GET", "/Deals/5/actions/nonsense", "INVALID_URL_PATTERN"),
        ("GET", "/Deals/actions/nonsense", "INVALID_URL_PATTERN"),
    ],
)
def test_an_act_by_the_wrong_method_is_no_related_list(still: Crm, method: str, path: str, code: str):
    assert still.call(method, path).code == code
