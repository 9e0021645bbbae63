"""Import of CSV files on screen: choose, preview, import, report (X9)."""

import csv
import io
import re
from typing import Any

import pytest
from flask import Flask

from tests.screens.conftest import visiting
from tests.support.visitor import Visitor
from tests.support.world import World
from web.imports import files, kept

pytestmark = pytest.mark.requirement("X9")

EMMA = "emma.li@zylker.example"
#: As Zoho CRM exports its accounts, with lines it will not take back.
ACCOUNTS = (
    "Record Id,Account Name,Account Owner,Phone,Industry,Annual Revenue,Parent Account\n"
    "zcrm_1,Acme,Ben Carter,+1 555 0100,Technology,1250.50,\n"
    "zcrm_2,Zylker,Asha Rao,,,,Acme\n"
    "zcrm_3,Broken,Asha Rao,,,many,\n"
    "zcrm_4,Lost,Nobody Here,,,,\n"
    "zcrm_5,Odd,Asha Rao,,Alchemy,,\n"
)


class Import:
    """What a visitor does at the pages of one import."""

    def __init__(self, visitor: Visitor, door: str) -> None:
        self.visitor = visitor
        self.door = f"{door}/import"
        self.address = ""

    def choose(self, content: str | bytes, name: str = "export.csv") -> Any:
        """Sends a file; the preview it leads to, or the page that says what is wrong with it."""
        data = content.encode() if isinstance(content, str) else content
        answer = self.visitor.post(self.door, file=(io.BytesIO(data), name))
        answer.request.environ["wsgi.input"].close()  # the test's client keeps a large body in a file
        if answer.status_code != 303:
            return answer
        self.address = answer.location
        return self.visitor.get(self.address)

    def look(self, **choices: str) -> Any:
        """Presses Update preview with these choices."""
        return self.visitor.follow(f"{self.address.split('?')[0]}/preview", **{**self.stands(), **choices})

    def press_import(self, **choices: str) -> Any:
        return self.visitor.follow(self.address.split("?")[0], **{**self.stands(), **choices})

    def stands(self, page: str | None = None) -> dict[str, str]:
        """What is chosen on the preview by now."""
        page = page or self.visitor.get(self.address).text
        found = {}
        for name, options in re.findall(r'<select id="[^"]+" name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
            selected = re.search(r'value="([^"]*)" selected', options)
            found[name] = selected[1] if selected else ""
        for name in ("previewed", "dates"):
            if hidden := re.search(rf'name="{name}" value="([^"]*)"', page):
                found[name] = hidden[1].replace("&amp;", "&")
        chosen = re.search(r'name="duplicates" value="([^"]*)" checked', page)
        return {**found, "duplicates": chosen[1] if chosen else ""}

    def refused(self) -> list[list[str]]:
        answer = self.visitor.get(f"{self.address.split('?')[0]}/refused.csv")
        assert "attachment" in answer.headers["Content-Disposition"]
        return list(csv.reader(io.StringIO(answer.text)))


@pytest.fixture
def accounts(asha: Visitor) -> Import:
    return Import(asha, "/crm/accounts")


def sums(page: str) -> dict[str, int]:
    """The figures in a line."""
    return {label: int(count) for label, count in re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", page)}


def cells(page: str, title: str) -> list[list[str]]:
    """The rows of the table of this name, without their marks."""
    table = page.split(f'aria-label="{title}"')[1].split("</table>")[0].split("<tbody>")[1]
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", row)] for row in rows]


def names(world: World) -> list[str]:
    return sorted(row["Account_Name"] for row in world.crm.iterate("Accounts", ["Account_Name"]))


def test_an_exported_file_is_previewed_without_writing_imported_and_reported(world: World, accounts: Import):
    preview = accounts.choose(ACCOUNTS, "Accounts_2026.csv").text

    assert accounts.stands(preview)["column1"] == "Account_Name"
    assert accounts.stands(preview)["column0"] == ""
    assert sums(preview) == {
        "Would be made": 2,
        "Would be updated": 0,
        "There already, left out": 0,
        "Refused": 3,
    }
    refused = [
        ["4", "Annual Revenue", "many", "Is no number"],
        ["5", "Owner", "Nobody Here", "There is no such active user"],
        ["6", "Industry", "Alchemy", "Is none of its values"],
    ]
    assert cells(preview, "Refused lines") == refused
    assert cells(preview, "First lines")[0][:3] == ["2", "New", "Acme"]
    assert names(world) == []

    report = accounts.press_import().text

    assert names(world) == ["Acme", "Zylker"]
    (acme,) = world.crm.search("Accounts", criteria="(Account_Name:equals:Acme)")
    assert (acme["Owner"]["name"], acme["Phone"]) == ("Ben Carter", "+1 555 0100")
    assert sums(report) == {"Made": 2, "Updated": 0, "There already, left out": 0, "Refused": 3}
    assert cells(report, "Refused lines") == refused
    assert [row[:2] for row in cells(report, "Records")] == [["Acme", "Made"], ["Zylker", "Made"]]
    assert f'href="/crm/accounts/{acme["id"]}"' in report


def test_the_refused_lines_are_mended_in_their_file_and_imported(world: World, accounts: Import):
    accounts.choose(ACCOUNTS)
    before = accounts.refused()
    accounts.press_import()
    header, *lines = accounts.refused()

    assert [header, *lines] == before
    assert header == ["Line", "Import error", *ACCOUNTS.splitlines()[0].split(",")]
    assert lines[0] == ["4", "Annual Revenue: Is no number", "zcrm_3", "Broken", "Asha Rao", "", "", "many", ""]
    text = io.StringIO()
    csv.writer(text).writerows([header, *lines])
    mended = text.getvalue().replace("many", "3").replace("Nobody Here", "Asha Rao").replace("Alchemy", "Technology")
    accounts.choose(mended)
    report = accounts.press_import().text

    assert sums(report)["Made"] == 3
    assert names(world) == ["Acme", "Broken", "Lost", "Odd", "Zylker"]


def test_a_column_is_imported_as_another_field_once_that_was_previewed(world: World, accounts: Import):
    preview = accounts.choose("Firm,Telephone\nAcme,111\n")
    assert "Account Name is required: choose the column it stands in." in preview.text
    assert "Import 1 line" not in preview.text

    unseen = accounts.press_import(column0="Account_Name", column1="Phone")
    assert "You changed something after this preview." in unseen.text
    assert names(world) == []
    twice = accounts.visitor.get(f"{accounts.address}?column0=Account_Name&column1=Account_Name")
    assert twice.status_code == 422
    assert "Two columns are imported as Account Name. Choose one." in twice.text

    looked = accounts.look(column0="Account_Name", column1="Fax")
    assert sums(looked.text)["Would be made"] == 1
    accounts.press_import(**accounts.stands(looked.text))
    (row,) = world.crm.iterate("Accounts", ["Account_Name", "Fax", "Phone"])
    assert (row["Account_Name"], row["Fax"], row.get("Phone")) == ("Acme", "111", None)


@pytest.mark.parametrize(
    ("duplicates", "counts", "phones"),
    [("skip", (1, 0, 1), ["1", "3"]), ("overwrite", (1, 1, 0), ["2", "3"]), ("clone", (2, 0, 0), ["1", "2", "3"])],
)
def test_what_is_there_already_is_left_overwritten_or_added_again(
    world: World, accounts: Import, duplicates: str, counts: tuple[int, int, int], phones: list[str]
):
    world.add_account("Acme", Phone="1")
    accounts.choose("Account Name,Phone\nAcme,2\nZylker,3\n")

    looked = accounts.look(duplicates=duplicates).text
    report = accounts.press_import(**accounts.stands(looked)).text

    assert tuple(sums(looked).values())[:3] == counts
    assert tuple(sums(report).values())[:3] == counts
    assert sorted(row["Phone"] for row in world.crm.iterate("Accounts", ["Phone"])) == phones


def test_dates_are_guessed_and_picklists_get_new_values_when_asked(world: World, asha: Visitor):
    world.add_account("Acme")
    door = Import(asha, "/crm/potentials")
    text = (
        "Potential Name,Account Name,Stage,Closing Date,Lead Source\n"
        "Big,Acme,Qualification,12/24/2026,Word of mouth\n"
        "Odd,Acme,Dreaming,1/31/2026,\n"
    )

    preview = door.choose(text).text
    assert door.stands(preview)["dates"] == "%m/%d/%Y"
    assert sums(preview)["Refused"] == 2
    looked = door.look(values="add").text
    assert cells(looked, "Refused lines") == [["3", "Stage", "Dreaming", "Is none of its values"]]
    other = door.look(dates="%d.%m.%Y").text
    assert "Is no date of the form 24.12.2026" in other
    door.press_import(**door.stands(looked), values="add")

    (row,) = world.crm.iterate("Deals", ["Deal_Name", "Closing_Date", "Lead_Source"])
    assert (row["Closing_Date"], row["Lead_Source"]) == ("2026-12-24", "Word of mouth")


def test_customers_and_items_are_imported_into_invoice_from_its_own_exports(world: World, asha: Visitor):
    contacts, items = Import(asha, "/invoice/contacts"), Import(asha, "/invoice/items")
    contacts.choose("Display Name,EmailID,First Name,Billing City,Status\nAcme,a@acme.example,Asha,Oslo,Active\n")
    contacts.press_import()
    items.choose("Item Name,Rate,Usage unit\nAnvil,USD 12.50,pcs\nBolt,free,pcs\n")
    report = items.press_import().text

    acme = world.customer("Acme")
    assert (acme["billing_address"]["city"], acme["contact_persons"][0]["email"]) == ("Oslo", "a@acme.example")
    assert sums(report) == {"Made": 1, "Updated": 0, "There already, left out": 0, "Refused": 1}
    assert cells(report, "Refused lines") == [["3", "Rate", "free", "Is no number"]]
    contacts.choose("Display Name,EmailID,Billing City\nacme,b@acme.example,Bergen\n")
    contacts.press_import(**contacts.stands(contacts.look(duplicates="overwrite").text))
    acme = world.customer("acme")
    assert (acme["billing_address"]["city"], acme["contact_persons"][0]["first_name"]) == ("Bergen", "Asha")


@pytest.mark.parametrize("door", ["/crm/contacts", "/crm/products", "/crm/leads"])
def test_each_list_leads_to_its_import(asha: Visitor, door: str):
    name = {"/crm/products": "Product Name"}.get(door, "Last Name")

    assert f'href="{door}/import"' in asha.get(door).text
    one = Import(asha, door)
    assert f"Required: {name}." in asha.get(one.door).text
    one.choose(f"{name}\nRao\n")
    assert sums(one.press_import().text)["Made"] == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "The file is empty."),
        (b" \n\n", "The file is empty."),
        (b"Account Name\n", "The file has a header and no line below it."),
        (b",,\nAcme,1,2\n", "The first line names no columns."),
        ("Account Name\nZürich\n".encode("latin-1"), "Line 2 is not in UTF-8."),
        ("Account Name\nAcme\n".encode("utf-16"), "This is no text in UTF-8."),
        (b"PK\x03\x04\x14\0", "This is a spreadsheet or a ZIP file."),
        (b"%PDF-1.7", "This is a PDF"),
        (b'{"accounts": []}', "This is JSON"),
        (b"<html></html>", "This is a web page or XML"),
        (b"Account Name;Phone\nAcme;1\n", "The columns are separated by semicolons."),
        (b"Account Name,Phone,Phone\nAcme,1,2\n", "Two columns are called Phone."),
        (b"Account Name\n" + b"x" * files.LARGEST, "at most 1 MB are taken"),
        (b"Account Name\n" + b"Acme\n" * (files.MOST_LINES + 1), "The file has 2,001 lines; at most 2,000"),
    ],
    ids=[
        "empty", "blank", "no lines", "no header", "latin-1", "utf-16", "xlsx", "pdf", "json", "html", "semicolons",
        "twice named", "large", "long",
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_told_in_place(world: World, accounts: Import, content: bytes, told: str):
    page = accounts.choose(content)

    assert page.status_code == 422
    assert told in page.text
    assert 'aria-invalid="true"' in page.text
    assert names(world) == []


def test_what_is_larger_than_anything_that_is_taken_is_told_on_a_page(
    screens: Flask, accounts: Import, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(screens.config, "MAX_CONTENT_LENGTH", files.MEGABYTE)

    page = accounts.choose(b"x" * 2 * files.MEGABYTE)

    assert page.status_code == 413
    assert "At most 1 MB can be sent at once." in page.text


def test_no_file_at_all_is_told_too(asha: Visitor):
    page = asha.post("/crm/accounts/import")

    assert page.status_code == 422
    assert "Choose a file first." in page.text


@pytest.mark.requirement("P5")
def test_who_may_not_make_records_is_refused_before_he_chooses_a_file(screens: Flask, world: World):
    emma = visiting(screens, world, EMMA)
    one = Import(emma, "/crm/accounts")

    page = emma.get(one.door)
    sent = one.choose(ACCOUNTS)

    assert (page.status_code, sent.status_code) == (403, 403)
    assert "Create Accounts" in page.text
    assert emma.get("/invoice/items/import").status_code == 403


def test_another_ones_file_and_a_forgotten_one_are_not_found(
    screens: Flask, world: World, accounts: Import, monkeypatch: pytest.MonkeyPatch
):
    accounts.choose(ACCOUNTS)
    ben = visiting(screens, world, "ben.carter@zylker.example")

    assert ben.get(accounts.address).status_code == 404
    assert accounts.visitor.get(accounts.address.replace("accounts", "contacts")).status_code == 404
    monkeypatch.setattr(kept, "MOST", 1)
    first = accounts.address
    accounts.choose(ACCOUNTS)
    assert accounts.visitor.get(first).status_code == 404
    assert accounts.visitor.get(accounts.address).status_code == 200


def test_a_second_click_imports_nothing_again(world: World, accounts: Import):
    accounts.choose("Account Name\nAcme\n")
    form = accounts.stands(accounts.look(duplicates="clone").text)

    accounts.press_import(**form)
    again = accounts.visitor.follow(accounts.address, **form)

    assert "Report of the import" in again.text
    assert names(world) == ["Acme"]
    assert accounts.visitor.get(accounts.address).status_code == 303


@pytest.fixture
def faults(world: World):
    """Rules by which the CRM fails."""
    yield lambda **rule: world.control("crm", "POST", f"/{world.id}/faults", rule)
    world.control("crm", "DELETE", f"/{world.id}/faults")


def test_an_import_that_breaks_off_tells_how_far_it_came(world: World, accounts: Import, faults: Any):
    accounts.choose("Account Name\n" + "".join(f"Company {number:03d}\n" for number in range(150)))
    answer = faults(kind="cut", when="after", method="POST", route="/Accounts", nth=2)
    assert answer.status == 201, answer.body

    report = accounts.press_import().text

    assert "The import broke off." in report
    assert "100 lines had been written by then; the 50 after them may have been." in report
    assert sums(report)["Made"] == 100


def test_an_import_that_could_not_begin_may_be_tried_again(world: World, accounts: Import, faults: Any):
    accounts.choose("Account Name\nAcme\n")
    form = accounts.stands()
    faults(kind="status", status=503, method="GET", route="/Accounts")

    failed = accounts.visitor.post(accounts.address, **form)
    world.control("crm", "DELETE", f"/{world.id}/faults")
    report = accounts.press_import(**form).text

    assert failed.status_code == 503
    assert sums(report)["Made"] == 1
