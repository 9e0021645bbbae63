"""Values that are rows, numbers that count, and what `$append_values` adds (crm-api.md §3.3, §4.4)."""

from typing import Any

import pytest

from mock_crm import state
from mock_crm.database import insert_rows
from mock_crm.metadata.model import FieldRow, ModuleRow
from mock_crm.metadata.seed import field_row
from mock_crm.metadata.standard import Standard, picklist, text_field
from mock_crm.records.values import DATA_TYPES
from simulator import ids
from tests.crm.api import STANDARD, Crm

LANGUAGES = Standard("Languages", "Languages", "subform", 0, lookup_module="Languages", custom=True)
SKILLS = Standard("Skills", "Skills", "multiselectpicklist", 120, options=("A", "B", "C"), custom=True)
BUYS = Standard("Buys", "Buys", "multiselectlookup", 120, lookup_module="Products", custom=True)
TEAM = Standard("Team", "Team", "multiuserlookup", 120, custom=True)
FILES = Standard("Papers", "Papers", "fileupload", 120, custom=True)
PICTURES = Standard("Pictures", "Pictures", "imageupload", 120, custom=True)
CODE = Standard(
    "Code",
    "Code",
    "autonumber",
    120,
    custom=True,
    extra={"auto_number": {"prefix": "C-", "start_number": 7, "suffix": "/x"}},
)
FORMULA = {"fields": [{"field_label": "F", "data_type": "formula"}]}
ROLL_UP = {"fields": [{"field_label": "R", "data_type": "rollup_summary"}]}


@pytest.fixture
def rich(crm: Crm) -> Crm:
    """A world whose contacts have a field of every kind that the vendor's screens can make."""
    inner = (
        Standard("id", "Record Id", "bigint", 120, read_only=True),
        text_field("Language", 50, mandatory=True),
        picklist("Level", "Native", "Basic"),
        Standard("Native", "Native", "boolean", 5),
        Standard("Fee", "Fee", "currency", 16, 2),
    )
    with crm.app.extensions["worlds"].transaction(crm.world):
        number = ids.new_id()
        row = {"id": number, "api_name": "Languages", "module_name": "Languages", "singular_label": "Language"}
        names = {"plural_label": "Languages", "name_field": "Language", "check_field": "id", "sequence": 90}
        insert_rows(ModuleRow, [{**row, **names, "generated_type": "subform"}])
        for module, fields in (
            ("Languages", inner),
            ("Contacts", (LANGUAGES, SKILLS, BUYS, TEAM, FILES, PICTURES, CODE)),
        ):
            insert_rows(FieldRow, [field_row(module, one, ids.new_id()) for one in fields])
        state.changed()
    return crm


def contact(crm: Crm, **values: Any) -> str:
    return crm.add("Contacts", Last_Name="Daly", **values)


def change(crm: Crm, number: str, **values: Any) -> Any:
    return crm.put(f"/Contacts/{number}", {"data": [values]})


def test_every_type_of_the_sheet_but_calculated_ones_has_values():
    wanted = (
        "text textarea email phone website picklist autonumber profileimage bigint integer double currency percent "
    )
    wanted += "boolean date datetime lookup ownerlookup userlookup multiselectpicklist subform multiselectlookup "
    wanted += "multiuserlookup fileupload imageupload layout"

    assert set(wanted.split()) <= DATA_TYPES
    assert not {"formula", "rollup_summary"} & DATA_TYPES


@pytest.mark.parametrize("body", [FORMULA, ROLL_UP], ids=["formula", "rollup_summary"])
def test_calculated_fields_cannot_be_made(crm: Crm, body: dict[str, Any]):
    answer = crm.post("/settings/fields?module=Contacts", body)

    assert (answer.status, answer.code, answer.details["api_name"]) == (400, "INVALID_DATA", "data_type")


def test_rows_of_a_subform_come_in_and_go_out_whole(rich: Crm):
    number = contact(rich, Languages=[{"Language": "English", "Level": "Native", "Native": True, "Fee": 1.5}])

    shown = rich.record("Contacts", number)

    (row,) = shown["Languages"]
    assert row.pop("id").isdigit()
    assert (str(row.pop("Fee")), row) == (
        "1.5",
        {"Language": "English", "Level": "Native", "Native": True, "Parent_Id": {"name": "Daly", "id": number}},
    )
    assert shown["$has_more"]["Languages"] is False
    (listed,) = rich.get("/Contacts?fields=Last_Name,Languages,Buys").body["data"]
    assert listed.keys() == {"Last_Name", "id"}


def test_rows_are_changed_added_and_removed_by_their_ids(rich: Crm):
    number = contact(rich, Languages=[{"Language": "English"}, {"Language": "French"}, {"Language": "German"}])
    first, second, _ = rich.record("Contacts", number)["Languages"]

    rows = [{"id": first["id"], "Level": "Basic"}, {"id": second["id"], "_delete": None}, {"Language": "Dutch"}]
    answer = change(rich, number, Languages=rows)

    assert answer.status == 200, answer.body
    shown = rich.record("Contacts", number)["Languages"]
    assert [(row["Language"], row["Level"]) for row in shown] == [
        ("English", "Basic"),
        ("German", None),
        ("Dutch", None),
    ]
    change(rich, number, Last_Name="Other")
    assert rich.record("Contacts", number)["Languages"][0]["Parent_Id"]["name"] == "Other"
    change(rich, number, Languages=None)
    assert rich.record("Contacts", number)["Languages"] == []


@pytest.mark.parametrize(
    ("rows", "code", "path"),
    [
        ("x", "INVALID_DATA", "$.data[0].Languages"),
        ([7], "INVALID_DATA", "$.data[0].Languages[0]"),
        ([{}], "MANDATORY_NOT_FOUND", "$.data[0].Languages[0].Language"),
        ([{"Language": 5}], "INVALID_DATA", "$.data[0].Languages[0].Language"),
        ([{"Language": "A", "Native": "yes"}], "INVALID_DATA", "$.data[0].Languages[0].Native"),
        ([{"id": "7", "Language": "A"}], "INVALID_DATA", "$.data[0].Languages[0].id"),
        ([{"Language": "A"}] * 101, "LIMIT_EXCEEDED", "$.data[0].Languages"),
    ],
)
def test_rows_that_do_not_fit_are_refused_with_their_place(rich: Crm, rows: Any, code: str, path: str):
    answer = rich.create("Contacts", {"Last_Name": "Daly", "Languages": rows})

    assert (answer.status, answer.code, answer.details["json_path"]) == (400, code, path)


def test_several_records_and_users_are_looked_up(rich: Crm):
    desk, lamp = rich.add("Products", Product_Name="Desk"), rich.add("Products", Product_Name="Lamp")
    user = rich.user(STANDARD)
    number = contact(rich, Buys=[{"Buys": {"id": desk}}, {"Buys": {"id": lamp}}], Team=[{"Team": {"id": user}}])

    shown = rich.record("Contacts", number)

    assert [row["Buys"]["name"] for row in shown["Buys"]] == ["Desk", "Lamp"]
    assert [row["Team"]["email"] for row in shown["Team"]] == [STANDARD]
    change(rich, number, Buys=[{"id": shown["Buys"][0]["id"], "_delete": None}])
    assert [row["Buys"]["name"] for row in rich.record("Contacts", number)["Buys"]] == ["Lamp"]
    rich.delete(f"/Products/{lamp}")
    assert rich.record("Contacts", number)["Buys"] == []


@pytest.mark.parametrize(("field", "value"), [("Buys", {"Buys": {"id": "1"}}), ("Team", {"Team": {"id": "1"}})])
def test_an_unknown_one_among_several_is_refused(rich: Crm, field: str, value: Any):
    answer = rich.create("Contacts", {"Last_Name": "Daly", field: [value]})

    assert (answer.code, answer.details["json_path"]) == ("INVALID_DATA", f"$.data[0].{field}[0].{field}")


def test_files_are_named_by_their_ids(rich: Crm):
    number = contact(rich, Papers=[{"File_Id__s": "abc"}], Pictures=["def"])

    shown = rich.record("Contacts", number)

    assert [row["File_Id__s"] for row in shown["Papers"]] == ["abc"]
    assert [row["File_Id__s"] for row in shown["Pictures"]] == ["def"]


def test_automatic_numbers_count_up_and_cannot_be_given(rich: Crm):
    one, two = contact(rich, Code="mine"), contact(rich)

    assert [rich.record("Contacts", number)["Code"] for number in (one, two)] == ["C-7/x", "C-8/x"]
    change(rich, one, Code="other")
    assert rich.record("Contacts", one)["Code"] == "C-7/x"
    assert rich.get("/Contacts/search?criteria=(Code:equals:C-8/x)").body["data"][0]["id"] == two


def test_values_are_appended_when_the_caller_says_so(rich: Crm):
    number = contact(rich, Skills=["A"])

    change(rich, number, Skills=["B", "A"], **{"$append_values": {"Skills": True}})
    assert rich.record("Contacts", number)["Skills"] == ["A", "B"]
    change(rich, number, Skills=["C"], **{"$append_values": {"Skills": False}})
    assert rich.record("Contacts", number)["Skills"] == ["C"]


def test_a_record_says_its_layout(crm: Crm):
    number = contact(crm)
    layout = crm.record("Contacts", number)["Layout"]

    assert layout["name"] == "Standard"
    assert change(crm, number, Layout={"id": layout["id"]}).status == 200
    refused = change(crm, number, Layout={"id": "1"})
    assert (refused.code, refused.details["json_path"]) == ("INVALID_DATA", "$.data[0].Layout.id")


def test_system_fields_come_by_name_or_on_a_record_by_itself(crm: Crm):
    number = contact(crm)

    assert crm.record("Contacts", number)["$approval_state"] == "approved"
    (named,) = crm.get("/Contacts?fields=Last_Name,$approval_state,Locked__s,Record_Status__s").body["data"]
    assert named == {
        "Last_Name": "Daly",
        "id": number,
        "$approval_state": "approved",
        "Locked__s": False,
        "Record_Status__s": "Available",
    }
    (bare,) = crm.get("/Contacts?fields=Last_Name").body["data"]
    assert bare.keys() == {"Last_Name", "id"}
    (old,) = crm.get("/Contacts", version="v2").body["data"]
    assert old["$editable"] is True
    assert "$has_more" not in old
