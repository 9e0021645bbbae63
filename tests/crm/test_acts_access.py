"""Who may do acts on records: scopes, permissions, unknown records and other worlds, for every door."""

from typing import Any

import pytest

from tests.crm.api import SUPPORT, Crm

VIEW, CREATE, EDIT, DELETE = (f"Crm_Implied_{act}_Potentials" for act in ("View", "Create", "Edit", "Delete"))
OWNER = {"owner": {"id": "5"}}
ACTS = [
    ("POST", "/Deals/{id}/actions/clone", {}, CREATE),
    ("POST", "/Deals/{id}/actions/merge", {"merge": [{}]}, EDIT),
    ("GET", "/Deals/{id}/actions/merge", None, VIEW),
    ("POST", "/Deals/actions/mass_update", {"data": [{}]}, EDIT),
    ("GET", "/Deals/actions/mass_update?job_id=5", None, VIEW),
    ("POST", "/Deals/actions/mass_delete", {"ids": ["5"]}, DELETE),
    ("GET", "/Deals/actions/mass_delete?job_id=5", None, VIEW),
    ("POST", "/Deals/actions/change_owner", {"ids": ["5"], **OWNER}, EDIT),
    ("POST", "/Deals/{id}/actions/change_owner", OWNER, EDIT),
    ("POST", "/Deals/actions/mass_change_owner", OWNER, EDIT),
    ("GET", "/Deals/actions/mass_change_owner?job_id=5", None, VIEW),
    ("POST", "/Deals/actions/add_tags", {"tags": []}, EDIT),
    ("POST", "/Deals/actions/remove_tags", {"tags": []}, EDIT),
    ("POST", "/Deals/{id}/actions/add_tags", {"tags": []}, EDIT),
    ("POST", "/Deals/{id}/actions/remove_tags", {"tags": []}, EDIT),
    ("GET", "/Deals/{id}/Products?fields=id", None, VIEW),
    ("PUT", "/Deals/{id}/Products", {"data": [{"id": "5"}]}, EDIT),
    ("PUT", "/Deals/{id}/Products/5", {"data": [{}]}, EDIT),
    ("DELETE", "/Deals/{id}/Products?ids=5", None, EDIT),
    ("DELETE", "/Deals/{id}/Products/5", None, EDIT),
    ("GET", "/Deals/{id}/Products/5", None, VIEW),
    ("POST", "/Deals/{id}/actions/get_related_records_count", {"get_related_records_count": [{}]}, VIEW),
    ("GET", "/Deals/{id}/Notes?fields=id", None, VIEW),
    ("POST", "/Deals/{id}/Notes", {"data": [{}]}, VIEW),
    ("PUT", "/Deals/{id}/Notes", {"data": [{}]}, VIEW),
    ("PUT", "/Deals/{id}/Notes/5", {"data": [{}]}, VIEW),
    ("DELETE", "/Deals/{id}/Notes?ids=5", None, VIEW),
    ("DELETE", "/Deals/{id}/Notes/5", None, VIEW),
    ("GET", "/Deals/{id}/Attachments?fields=id", None, VIEW),
    ("POST", "/Deals/{id}/Attachments", None, EDIT),
    ("GET", "/Deals/{id}/Attachments/5", None, VIEW),
    ("DELETE", "/Deals/{id}/Attachments/5", None, EDIT),
    ("DELETE", "/Deals/{id}/Attachments?ids=5", None, EDIT),
    ("POST", "/Deals/actions/count", None, VIEW),
]
WITH_RECORD = [act for act in ACTS if "{id}" in act[1]]


@pytest.mark.requirement("P5")
@pytest.mark.parametrize(("method", "path", "body", "permission"), ACTS)
def test_the_profile_holds_for_every_act(crm: Crm, method: str, path: str, body: Any, permission: str):
    deal = crm.add("Deals", Deal_Name="Big", Stage="Qualification")

    answer = crm.as_(SUPPORT).call(method, path.format(id=deal), body)

    assert (answer.status, answer.code) == (403, "NO_PERMISSION")
    assert answer.body["details"] == {"permissions": [permission]}


@pytest.mark.parametrize(("method", "path", "body", "permission"), ACTS)
def test_every_act_needs_its_scope(still: Crm, method: str, path: str, body: Any, permission: str):
    answer = still.with_scopes("ZohoCRM.org.ALL").call(method, path.format(id=5), body)

    assert (answer.status, answer.code) == (401, "OAUTH_SCOPE_MISMATCH")


@pytest.mark.parametrize("number", ["5725767000009999999", "x"])
@pytest.mark.parametrize(("method", "path", "body", "permission"), WITH_RECORD)
def test_an_unknown_record_is_told(still: Crm, method: str, path: str, body: Any, permission: str, number: str):
    owner = {"owner": {"id": still.get("/users?type=CurrentUser").body["users"][0]["id"]}}
    answer = still.call(method, path.format(id=number), owner if body == OWNER else body)

    assert (answer.status, answer.code) == (400, "INVALID_DATA")
    assert answer.details == {"resource_path_index": 1}


@pytest.mark.parametrize(("method", "path", "body", "permission"), WITH_RECORD)
def test_a_record_of_another_world_is_unknown_here(
    still: Crm, crm: Crm, method: str, path: str, body: Any, permission: str
):
    deal = crm.add("Deals", Deal_Name="Big", Stage="Qualification")
    for _ in range(3):
        deal = crm.add("Deals", Deal_Name="Big", Stage="Qualification")
    owner = {"owner": {"id": still.get("/users?type=CurrentUser").body["users"][0]["id"]}}

    answer = still.call(method, path.format(id=deal), owner if body == OWNER else body)

    assert (answer.status, answer.details) == (400, {"resource_path_index": 1})


@pytest.mark.parametrize(("method", "path", "body", "permission"), ACTS)
def test_an_unknown_module_is_told(still: Crm, method: str, path: str, body: Any, permission: str):
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
