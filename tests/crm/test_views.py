"""Custom views: predefined ones, user-made ones, what they select and who sees them (crm-api.md §5.5)."""

from typing import Any

import pytest

from tests.crm.api import SALES, STANDARD, SUPPORT, Crm

PATH = "/settings/custom_views"


def make(crm: Crm, module: str = "Accounts", **view: Any) -> Any:
    return crm.post(f"{PATH}?module={module}", {"custom_views": [{"name": "Mine", **view}]})


def where(field: str, comparator: str, value: Any) -> dict[str, Any]:
    return {"field": {"api_name": field}, "comparator": comparator, "value": value, "type": "value"}


def selected(crm: Crm, view: str, module: str = "Accounts", field: str = "Account_Name") -> list[str]:
    return sorted(crm.names(f"/{module}?fields={field}&cvid={view}", field))


@pytest.mark.requirement("C5")
@pytest.mark.parametrize(
    ("module", "word"),
    [("Accounts", "Accounts"), ("Contacts", "Contacts"), ("Products", "Products"), ("Deals", "Potentials")],
)
def test_every_module_has_its_predefined_views(crm: Crm, module: str, word: str):
    answer = crm.get(f"{PATH}?module={module}")

    names = [view["name"] for view in answer.body["custom_views"]]
    for kind in ("All", "My", "Unread", "Recently Created", "Recently Modified"):
        assert f"{kind} {word}" in names
    assert answer.body["info"]["default"] == crm.view(module, f"All {word}")
    assert {view["system_defined"] for view in answer.body["custom_views"]} == {True}


@pytest.mark.requirement("C5")
def test_my_records_are_those_of_the_one_who_asks(crm: Crm):
    crm.add("Accounts", Account_Name="Asha's")
    crm.as_(SALES).add("Accounts", Account_Name="Carla's")
    view = crm.view("Accounts", "My Accounts")

    assert selected(crm, view) == ["Asha's"]
    assert selected(crm.as_(SALES), view) == ["Carla's"]


@pytest.mark.parametrize("value", ["${CURRENTUSERROLE}", {"name": "${CURRENTUSERROLE}"}, {"id": "${CURRENTUSERROLE}"}])
def test_a_role_means_all_who_have_the_role_of_the_one_who_asks(crm: Crm, value: Any):
    role = {"name": "Seller", "reporting_to": {"id": crm.get("/settings/roles").body["roles"][-1]["id"]}}
    seller = crm.post("/settings/roles", {"roles": [role]}).details["id"]
    for email in (SALES, STANDARD):
        crm.put(f"/users/{crm.user(email)}", {"users": [{"role": seller}]})
    for email in (SALES, STANDARD, SUPPORT):
        crm.add("Accounts", Account_Name=email, Owner={"id": crm.user(email)})
    view = make(crm, criteria=where("Owner", "equal", value), access_type="public").details["id"]
    others = make(crm, name="Others", criteria=where("Owner", "not_equal", value), access_type="public").details["id"]

    assert sorted(selected(crm.as_(SALES), view)) == sorted([SALES, STANDARD])
    assert selected(crm.as_(SUPPORT), view) == [SUPPORT]
    assert selected(crm.as_(SALES), others) == [SUPPORT]


@pytest.mark.requirement("C5")
def test_reading_by_the_api_leaves_a_record_unread_and_opening_it_on_a_screen_does_not(crm: Crm):
    account = crm.add("Accounts", Account_Name="Acme")
    view = crm.view("Accounts", "Unread Accounts")
    crm.record("Accounts", account)
    assert selected(crm, view) == ["Acme"]

    assert crm.post(f"/Accounts/{account}/actions/mark_read").status == 204
    assert crm.post(f"/Accounts/{account}/actions/mark_read").status == 204

    assert selected(crm, view) == []
    assert selected(crm.as_(SALES), view) == ["Acme"]


def test_recent_records_are_those_of_the_last_thirty_days(crm: Crm):
    crm.add("Accounts", Account_Name="Old")
    crm.advance(days=32)
    later = crm.as_("asha.rao@zylker.example")
    later.add("Accounts", Account_Name="New")

    assert selected(later, later.view("Accounts", "Recently Created Accounts")) == ["New"]
    assert selected(later, later.view("Accounts", "New Last Week")) == []


def test_open_won_and_lost_potentials(crm: Crm):
    for stage in ("Qualification", "Closed Won", "Closed Lost", "Closed Lost to Competition"):
        crm.add("Deals", Deal_Name=stage, Stage=stage)

    def names(view: str) -> list[str]:
        return selected(crm, crm.view("Deals", view), "Deals", "Deal_Name")

    assert names("Open Potentials") == ["Qualification"]
    assert names("Closed Won Potentials") == ["Closed Won"]
    assert names("Closed Lost Potentials") == ["Closed Lost", "Closed Lost to Competition"]


@pytest.mark.requirement("C5")
def test_a_view_made_by_a_user_selects_by_its_criteria(crm: Crm):
    crm.add("Accounts", Account_Name="Acme", Billing_City="Berlin", Employees=10)
    crm.add("Accounts", Account_Name="Beta", Billing_City="Bern", Employees=20)
    crm.add("Accounts", Account_Name="Gamma")
    either = {"group_operator": "or", "group": [where("Employees", "greater_than", 15), where("Phone", "equal", "1")]}
    criteria = {"group_operator": "and", "group": [where("Billing_City", "starts_with", "ber"), either]}

    answer = make(crm, criteria=criteria, access_type="public")

    assert (answer.status, answer.outcome["message"]) == (201, "custom view created")
    assert selected(crm, answer.details["id"]) == ["Beta"]


def test_a_view_can_be_combined_with_changes_since_and_pages(crm: Crm):
    for name in ("A1", "A2", "A3", "B1"):
        crm.add("Accounts", Account_Name=name)
    view = make(crm, criteria=where("Account_Name", "starts_with", "a")).details["id"]

    first = crm.get(f"/Accounts?fields=id&cvid={view}&per_page=2", If_Modified_Since="2001-01-01T00:00:00Z")
    token = first.body["info"]["next_page_token"]
    second = crm.get(
        f"/Accounts?fields=id&cvid={view}&per_page=2&page_token={token}", If_Modified_Since="2001-01-01T00:00:00Z"
    )

    assert [len(page.body["data"]) for page in (first, second)] == [2, 1]
    assert crm.get(f"/Accounts?fields=id&cvid={view}", If_Modified_Since="2099-01-01T00:00:00Z").status == 304


@pytest.mark.parametrize(("order", "names"), [("asc", ["a", "B", "c", "Empty"]), ("desc", ["c", "B", "a", "Empty"])])
def test_a_view_is_sorted_as_it_says_with_empty_values_last_on_every_page(crm: Crm, order: str, names: list[str]):
    for name in ("B", "a", "c"):
        crm.add("Accounts", Account_Name=name, Billing_City=name)
    crm.add("Accounts", Account_Name="Empty")
    view = make(crm, sort_by={"api_name": "Billing_City"}, sort_order=order).details["id"]

    found, token = [], ""
    while token is not None:
        path = f"/Accounts?fields=Account_Name&cvid={view}&per_page=1" + (f"&page_token={token}" if token else "")
        page = crm.get(path).body
        found.append(page["data"][0]["Account_Name"])
        token, back = page["info"]["next_page_token"], page["info"]["previous_page_token"]
        if back:
            before = crm.get(f"/Accounts?fields=Account_Name&cvid={view}&per_page=1&page_token={back}").body
            assert before["data"][0]["Account_Name"] == found[-2]

    assert found == names


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("${TODAY}", ["today"]),
        ("${YESTERDAY}", ["yesterday"]),
        ("${TOMORROW}", []),
        ("${LAST_N_DAYS:2}", ["today", "yesterday"]),
        ("${AGEINDAYS}+1", ["yesterday"]),
        ("${EMPTY}", ["none"]),
        ("${NOTEMPTY}", ["today", "yesterday"]),
    ],
)
def test_placeholders_mean_the_day_on_which_they_are_asked(crm: Crm, value: str, names: list[str]):
    now = crm.record("Contacts", crm.add("Contacts", Last_Name="none"))["Created_Time"][:10]
    crm.add("Contacts", Last_Name="yesterday", Date_of_Birth=now)
    crm.advance(days=1)
    later = crm.as_("asha.rao@zylker.example")
    made = later.add("Contacts", Last_Name="x")
    today = later.record("Contacts", made)["Created_Time"][:10]
    later.delete(f"/Contacts/{made}")
    later.add("Contacts", Last_Name="today", Date_of_Birth=today)

    view = make(later, "Contacts", criteria=where("Date_of_Birth", "equal", value)).details["id"]

    assert selected(later, view, "Contacts", "Last_Name") == names


@pytest.mark.requirement("C5")
def test_a_private_view_is_its_makers_and_a_shared_one_also_theirs_with_whom_it_is_shared(crm: Crm):
    private = make(crm, name="Private").details["id"]
    public = make(crm, name="Public", access_type="public").details["id"]
    share = [{"type": "users", "id": crm.user(SALES)}, {"type": "profiles", "id": crm.profile("Support")}]
    shared = make(crm, name="Shared", access_type="shared", shared_to=share).details["id"]

    seen = {
        email: [v["id"] for v in crm.as_(email).get(f"{PATH}?module=Accounts").body["custom_views"]]
        for email in (SALES, SUPPORT, STANDARD)
    }

    assert all(private not in views and public in views for views in seen.values())
    assert [shared in seen[email] for email in (SALES, SUPPORT, STANDARD)] == [True, True, False]
    assert crm.as_(SALES).get(f"/Accounts?fields=id&cvid={private}").details == {"param_name": "cvid"}


def test_a_view_belongs_to_its_module(crm: Crm):
    view = crm.view("Accounts", "All Accounts")

    assert crm.get(f"/Contacts?fields=id&cvid={view}").details == {"param_name": "cvid"}
    assert crm.get(f"{PATH}/{view}?module=Contacts").status == 204


def test_the_detail_of_a_view_has_criteria_fields_and_sorting(crm: Crm):
    made = make(
        crm,
        fields=[{"api_name": "Account_Name"}, {"api_name": "Phone"}],
        criteria=where("Phone", "equal", "1"),
        sort_by={"api_name": "Phone"},
        sort_order="asc",
    ).details["id"]

    (view,) = crm.get(f"{PATH}/{made}?module=Accounts").body["custom_views"]
    (old,) = crm.get(f"{PATH}/{made}?module=Accounts", version="v2").body["custom_views"]

    assert view["criteria"]["field"]["api_name"] == "Phone"
    assert view["criteria"]["field"]["id"].isdigit()
    assert [field["api_name"] for field in view["fields"]] == ["Account_Name", "Phone"]
    assert (view["sort_by"]["api_name"], view["sort_order"]) == ("Phone", "asc")
    assert (view["category"], view["access_type"], view["system_defined"]) == ("created_by_me", "only_to_me", False)
    assert (old["criteria"]["field"], old["fields"], old["sort_by"]) == ("Phone", ["Account_Name", "Phone"], "Phone")
    assert old["shared_type"] == "only_to_me"


def test_a_view_can_be_changed_and_deleted_by_its_maker(crm: Crm):
    crm.add("Accounts", Account_Name="Acme", Phone="1")
    view = make(crm, criteria=where("Phone", "equal", "2")).details["id"]

    changed = crm.put(
        f"{PATH}/{view}?module=Accounts",
        {"custom_views": [{"name": "Other", "criteria": where("Phone", "equal", "1")}]},
    )
    assert changed.status == 200
    assert selected(crm, view) == ["Acme"]
    assert crm.view("Accounts", "Other") == view

    assert crm.delete(f"{PATH}/{view}?module=Accounts").status == 200
    assert crm.get(f"/Accounts?fields=id&cvid={view}").code == "INVALID_DATA"
    assert crm.delete(f"{PATH}/{view}?module=Accounts").code == "INVALID_DATA"


def test_predefined_views_and_those_of_others_cannot_be_changed(crm: Crm):
    public = make(crm, access_type="public").details["id"]

    for view, caller in ((crm.view("Accounts", "All Accounts"), crm), (public, crm.as_(STANDARD))):
        body = {"custom_views": [{"name": "Taken over"}]}
        assert caller.put(f"{PATH}/{view}?module=Accounts", body).code == "NO_PERMISSION"
        assert caller.delete(f"{PATH}/{view}?module=Accounts").code == "NO_PERMISSION"


@pytest.mark.parametrize(
    ("view", "code", "path", "more"),
    [
        ({"name": None}, "MANDATORY_NOT_FOUND", "name", {}),
        ({"name": 5}, "INVALID_DATA", "name", {"expected_data_type": "text"}),
        ({"name": "x" * 51}, "INVALID_DATA", "name", {"maximum_length": 50}),
        ({"name": "all accounts"}, "DUPLICATE_DATA", "name", {}),
        ({"criteria": where("Nope", "equal", 1)}, "INVALID_DATA", "criteria.field.api_name", {}),
        ({"criteria": where("Employees", "equal", "many")}, "INVALID_DATA", "criteria.value", {}),
        ({"fields": [{"api_name": "Nope"}]}, "INVALID_DATA", "fields[0].api_name", {}),
        ({"sort_by": {"api_name": "Nope"}}, "INVALID_DATA", "sort_by.api_name", {}),
        ({"sort_order": "up"}, "INVALID_DATA", "sort_order", {"supported_values": ["asc", "desc"]}),
        ({"access_type": "all"}, "INVALID_DATA", "access_type", {}),
    ],
)
def test_a_view_that_makes_no_sense_is_refused(
    crm: Crm, view: dict[str, Any], code: str, path: str, more: dict[str, Any]
):
    answer = make(crm, **view)

    assert (answer.status, answer.code) == (400, code)
    expected = {"api_name": path.rpartition(".")[2], "json_path": f"$.custom_views[0].{path}", **more}
    assert answer.details.items() >= expected.items()


def test_an_unknown_comparator_is_refused_with_those_that_are_known(crm: Crm):
    answer = make(crm, criteria=where("Employees", "contains", 1))

    assert answer.details["json_path"] == "$.custom_views[0].criteria.comparator"
    assert "greater_than" in answer.details["supported_values"]


@pytest.mark.parametrize(
    ("size", "depth", "fine"), [(25, 1, True), (26, 1, False), (1, 5, True), (1, 6, False), (1, 400, False)]
)
def test_groups_have_a_limit_in_size_and_depth(crm: Crm, size: int, depth: int, fine: bool):
    criteria: dict[str, Any] = {"group_operator": "and", "group": [where("Phone", "equal", "1")] * size}
    for _ in range(depth - 1):
        criteria = {"group_operator": "or", "group": [criteria]}

    assert make(crm, criteria=criteria).status == (201 if fine else 400)


def test_views_are_created_and_changed_from_v8_on(crm: Crm):
    answer = crm.post(f"{PATH}?module=Accounts", {"custom_views": [{"name": "Mine"}]}, version="v7")

    assert answer.code == "INVALID_REQUEST_METHOD"


def test_views_are_asked_for_by_module(crm: Crm):
    assert crm.get(PATH).details == {"param_name": "module"}
    assert crm.get(f"{PATH}?module=Nope").code == "INVALID_MODULE"
    assert crm.get(f"{PATH}/123?module=Accounts").status == 204
    assert crm.get(f"{PATH}/x?module=Accounts").code == "INVALID_DATA"


@pytest.fixture
def partners(crm: Crm) -> dict[str, str]:
    """Accounts whose field Partners names one, both, or none of two contacts; the contacts by their names."""
    field = {
        "field_label": "Partners",
        "data_type": "multiselectlookup",
        "multiselectlookup": {"module": {"api_name": "Contacts"}},
    }
    assert crm.post("/settings/fields?module=Accounts", {"fields": [field]}).status == 201
    known = {name: crm.add("Contacts", Last_Name=name) for name in ("Boyle", "Chen")}
    for account, names in {"one": ["Boyle"], "both": ["Boyle", "Chen"], "none": []}.items():
        rows = [{"Partners": {"id": known[name]}} for name in names]
        crm.add("Accounts", Account_Name=account, Partners=rows)
    return known


@pytest.mark.parametrize(
    ("comparator", "asked", "names"),
    [
        ("include_any", ["Boyle", "Chen"], ["both", "one"]),
        ("include_any", ["Chen"], ["both"]),
        ("include_all", ["Boyle", "Chen"], ["both"]),
        ("exclude_any", ["Boyle", "Chen"], ["none"]),
        ("exclude_any", ["Chen"], ["none", "one"]),
        ("exclude_all", ["Boyle", "Chen"], ["none", "one"]),
        ("equal", "${EMPTY}", ["none"]),
        ("not_equal", "${EMPTY}", ["both", "one"]),
    ],
)
def test_a_lookup_of_several_is_asked_whom_it_names(
    crm: Crm, partners: dict[str, str], comparator: str, asked: Any, names: list[str]
):
    value = [{"id": partners[name]} for name in asked] if isinstance(asked, list) else asked

    view = make(crm, criteria=where("Partners", comparator, value)).details["id"]

    assert sorted(selected(crm, view)) == names


@pytest.mark.parametrize(
    ("comparator", "value", "place"),
    [("less_than", ["5"], "comparator"), ("include_any", ["Boyle"], "value"), ("include_any", [], "value")],
)
def test_what_a_lookup_of_several_cannot_be_asked_is_refused(
    crm: Crm, partners: dict[str, str], comparator: str, value: Any, place: str
):
    answer = make(crm, criteria=where("Partners", comparator, value))

    assert (answer.status, answer.code, answer.details["api_name"]) == (400, "INVALID_DATA", place)


def test_rows_within_a_record_cannot_be_asked(crm: Crm):
    answer = make(crm, "Quotes", criteria=where("Quoted_Items", "equal", "5"))
    searched = crm.get("/Quotes/search?criteria=(Quoted_Items:equals:5)")

    assert answer.details == {"api_name": "api_name", "json_path": "$.custom_views[0].criteria.field.api_name"}
    assert (searched.status, searched.code) == (400, "INVALID_QUERY")
