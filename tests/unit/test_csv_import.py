"""CSV files into both products: every line is written as a whole or told in the report, and a dry run says the same."""

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from simulator import cli
from simulator.csv_import.crm import CrmImport
from simulator.csv_import.invoice import InvoiceImport
from simulator.csv_import.reading import ImportRefused, Plan, Rejected, read_lines
from simulator.csv_import.running import Tally, run
from simulator.http import PeerError
from tests.support.world import URLS, World

pytestmark = pytest.mark.requirement("X9")

BATCH = CrmImport.batch


class Importer:
    """Imports texts into one world, in the process."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.file = world, folder / "lines.csv"
        self.ignored: list[str] = []
        self.acts: list[str] = []

    def crm(self, module: str, text: str | bytes, is_dry: bool = False, **plan: Any) -> tuple[int, list[Rejected]]:
        return self._run(CrmImport(self.world.crm, module, Plan(**plan)), text, is_dry)

    def invoice(self, kind: str, text: str, is_dry: bool = False, **plan: Any) -> tuple[int, list[Rejected]]:
        return self._run(InvoiceImport(self.world.invoice, kind, Plan(**plan)), text, is_dry)

    def _run(self, target: Any, text: str | bytes, is_dry: bool) -> tuple[int, list[Rejected]]:
        self.file.write_bytes(text if isinstance(text, bytes) else text.encode())
        tally = Tally()
        lines, self.ignored = read_lines(self.file, target.headers, target.plan)
        run(target, lines, tally, is_dry)
        self.acts = [one.act for one in tally.done]
        return tally.written, tally.rejected

    def rows(self, module: str, *fields: str) -> list[tuple[Any, ...]]:
        found = self.world.crm.iterate(module, list(fields))
        return sorted(tuple(_plain(row.get(name)) for name in fields) for row in found)

    def accounts(self) -> list[str]:
        return [name for (name,) in self.rows("Accounts", "Account_Name")]


def _plain(value: Any) -> Any:
    return value["name"] if isinstance(value, dict) else value


@pytest.fixture
def importer(world: World, tmp_path: Path) -> Importer:
    return Importer(world, tmp_path)


def reasons(rejected: list[Rejected]) -> list[tuple[int, str, str]]:
    return [(row.line, row.column, row.reason) for row in rejected]


def test_columns_are_matched_by_their_header_in_any_case_and_with_spaces(importer):
    outcome = importer.crm("accounts", "account name,PHONE, Billing_City ,Mood\nAcme,111,Oslo,good\n")

    assert outcome == (1, [])
    assert importer.rows("Accounts", "Account_Name", "Phone", "Billing_City") == [("Acme", "111", "Oslo")]
    assert importer.ignored == ["Mood"]


def test_a_mapping_wins_over_the_header(importer):
    columns = {"firm": "Account_Name", "Phone": "Fax"}

    assert importer.crm("Accounts", "firm,Phone\nAcme,111\n", columns=columns) == (1, [])
    assert importer.rows("Accounts", "Account_Name", "Fax", "Phone") == [("Acme", "111", None)]


@pytest.mark.parametrize(
    ("text", "plan", "message"),
    [
        ("", {}, "has no header line"),
        ("Mood\ngood\n", {}, "No column of .* matches a field"),
        ("Account_Name\nAcme\n", {"columns": {"firm": "Account_Name"}}, "There is no column 'firm'"),
        ("firm\nAcme\n", {"columns": {"firm": "No_Such"}}, "There is no field 'No_Such'"),
        ("a,b\n1,2\n", {"columns": {"a": "Phone", "b": "Phone"}}, "Two columns are mapped onto Phone"),
        ("Account_Name,account name\n1,2\n", {}, "Two columns are mapped onto Account_Name"),
        (b"Account_Name\nZ\xfcrich\n", {}, "it is not UTF-8 text"),
        ("Account_Name\nAcme\n", {"stages": {"New": 5}}, "--add-stage is for potentials"),
    ],
    ids=["empty", "no match", "no column", "no field", "twice mapped", "twice named", "not UTF-8", "stage"],
)
def test_a_file_that_cannot_be_used_is_refused_as_a_whole(importer, text, plan, message):
    with pytest.raises(ImportRefused, match=message):
        importer.crm("Accounts", text, **plan)

    assert importer.accounts() == []


def test_an_unknown_module_is_refused_with_those_there_are(importer):
    with pytest.raises(ImportRefused, match=r"no module 'Boats'; it has .*Accounts"):
        importer.crm("Boats", "Account_Name\nAcme\n")
    with pytest.raises(ImportRefused, match=r"Invoice takes contacts or items"):
        importer.invoice("boats", "name\nAcme\n")


def test_lines_that_cannot_be_read_are_told_one_by_one_and_the_others_are_written(importer):
    text = 'Account_Name,Phone\nAcme,1\nshort\nlong,1,2\n\n"bad"quote,1\n"two\nlines",2\nZylker,3\n'

    written, rejected = importer.crm("Accounts", text)

    assert written == 3
    assert reasons(rejected) == [
        (3, "", "1 cells in place of 2"),
        (4, "", "3 cells in place of 2"),
        (6, "", "the line cannot be read: ',' expected after '\"'"),
    ]
    assert importer.accounts() == ["Acme", "Zylker", "two\nlines"]


def test_a_quote_that_never_ends_is_told_where_it_begins(importer):
    written, rejected = importer.crm("Accounts", 'Account_Name\nAcme\n"Zylker\nLost\n')

    assert (written, reasons(rejected)) == (
        1,
        [(3, "", "the line cannot be read up to line 4: unexpected end of data")],
    )


def test_only_line_ends_end_a_line_and_a_mark_of_order_is_no_part_of_the_header(importer):
    text = b"\xef\xbb\xbfAccount_Name,Phone\r\n" + "Ac\u2028me\x0b,1\rZyl\x85ker,2\r\n".encode()

    assert importer.crm("Accounts", text) == (2, [])
    assert len(importer.accounts()) == 2


@pytest.mark.parametrize(
    ("cell", "stored"),
    [
        ("1234.50", "1234.5"),
        ("1,234,567.89", "1234567.89"),
        ("-5", "-5"),
        (".5", "0.5"),
        ("12,50", None),
        ("1,23,456", None),
        ("1_000", None),
        ("１２", None),
        ("NaN", None),
        ("1e3", None),
        ("$5", None),
    ],
)
def test_amounts_are_read_exactly_or_not_at_all(importer, cell, stored):
    written, rejected = importer.crm("Accounts", f'Account_Name,Annual_Revenue\nAcme,"{cell}"\n')

    if stored is None:
        assert (written, reasons(rejected)) == (0, [(2, "Annual_Revenue", "is no number")])
        assert importer.accounts() == []
    else:
        assert importer.rows("Accounts", "Annual_Revenue") == [(Decimal(stored),)]


def test_dates_are_read_in_the_format_that_was_said(importer):
    text = "Deal_Name,Stage,Closing_Date\nBig,Qualification,12/24/2026\nOdd,Qualification,2026-12-24\n"

    written, rejected = importer.crm("potentials", text, date_format="%m/%d/%Y")

    assert (written, reasons(rejected)) == (1, [(3, "Closing_Date", "is no date of the form %m/%d/%Y")])
    assert importer.rows("Deals", "Deal_Name", "Closing_Date") == [("Big", "2026-12-24")]


@pytest.mark.parametrize(
    ("field", "cell", "reason"),
    [("Employees", "1.5", "is no whole number"), ("Employees", "many", "is no whole number")],
)
def test_a_cell_of_the_wrong_type_rejects_its_whole_line(importer, field, cell, reason):
    written, rejected = importer.crm("Accounts", f"Account_Name,{field}\nAcme,{cell}\nZylker,7\n")

    assert (written, rejected) == (1, [Rejected(2, field, cell, reason)])
    assert importer.accounts() == ["Zylker"]


def test_yes_and_no_are_read(importer):
    text = "Last_Name,Email_Opt_Out\nRao,Yes\nLee,0\nKim,perhaps\n"

    written, rejected = importer.crm("Contacts", text)

    assert (written, reasons(rejected)) == (2, [(4, "Email_Opt_Out", "is no yes or no")])
    assert importer.rows("Contacts", "Last_Name", "Email_Opt_Out") == [("Lee", False), ("Rao", True)]


def test_translated_values_are_read_as_the_others(importer):
    text = "Account_Name,Industry\nAcme,Tech\n"

    assert importer.crm("Accounts", text, translations={("Industry", "Tech"): "Technology"}) == (1, [])
    assert importer.rows("Accounts", "Industry") == [("Technology",)]


def test_unknown_picklist_values_are_rejected_unless_they_are_asked_for(importer):
    text = "Account_Name,Industry\nAcme,Alchemy\n"

    refused = importer.crm("Accounts", text)
    taken = importer.crm("Accounts", text, add_values=frozenset({"Industry"}))

    assert reasons(refused[1]) == [(2, "Industry", "is no value of Industry; --add-values Industry adds such values")]
    assert (refused[0], taken) == (0, (1, []))
    assert importer.rows("Accounts", "Industry") == [("Alchemy",)]


def test_stages_are_added_with_their_probability(importer):
    text = "Deal_Name,Stage\nBig,Engaging\nOdd,Dreaming\n"

    dry = importer.crm("Potentials", text, is_dry=True, stages={"Engaging": 20, "Qualification": 10})
    assert importer.rows("Deals", "Deal_Name") == []
    wet = importer.crm("Potentials", text, stages={"Engaging": 20, "Qualification": 10})

    assert dry == wet
    assert reasons(wet[1]) == [(3, "Stage", "is no value of Stage; --add-values Stage adds such values")]
    assert importer.rows("Deals", "Deal_Name", "Stage", "Probability") == [("Big", "Engaging", 20)]


def test_lookups_are_by_name_in_any_case_and_say_what_is_missing_or_ambiguous(importer):
    importer.world.add_account("Acme")
    importer.world.add_account("Twin")
    importer.world.add_account("Twin")
    text = "Deal_Name,Stage,Account_Name\nA,Qualification,ACME\nB,Qualification,Nobody\nC,Qualification,Twin\n"

    written, rejected = importer.crm("Potentials", text)

    assert written == 1
    assert reasons(rejected) == [
        (3, "Account_Name", "there is no such record in Accounts"),
        (4, "Account_Name", "several records of Accounts have this name"),
    ]
    assert importer.rows("Deals", "Deal_Name", "Account_Name") == [("A", "Acme")]


FAMILY = (
    "Account_Name,Parent_Account,Employees\n"
    "Grandchild,child,1\n"
    "Child,Parent Inc,2\n"
    "Parent,,3\n"
    "Orphan,Nobody,4\n"
    "Left,Right,5\n"
    "Right,Left,6\n"
    "Self,Self,7\n"
    "Broken,,many\n"
    "Of broken,Broken,8\n"
)


def test_records_of_the_file_may_name_each_other_in_any_order_but_not_in_a_circle(importer):
    plan = {"translations": {("Parent_Account", "Parent Inc"): "Parent"}}

    dry = importer.crm("Accounts", FAMILY, is_dry=True, **plan)
    assert importer.accounts() == []
    written, rejected = importer.crm("Accounts", FAMILY, **plan)

    missing = "there is no such record in Accounts"
    assert reasons(rejected) == [
        *((line, "Parent_Account", missing) for line in (5, 6, 7, 8)),
        (9, "Employees", "is no whole number"),
        (10, "Parent_Account", missing),
    ]
    assert dry == (written, rejected) == (3, rejected)
    parents = {("Child", "Parent"), ("Grandchild", "Child"), ("Parent", None)}
    assert set(importer.rows("Accounts", "Account_Name", "Parent_Account")) == parents


def test_a_name_that_the_file_brings_twice_is_ambiguous_for_its_other_lines(importer):
    text = "Account_Name,Parent_Account\nTwin,\nTwin,\nChild,Twin\n"

    dry = importer.crm("Accounts", text, is_dry=True)
    wet = importer.crm("Accounts", text)

    assert dry == wet
    assert reasons(wet[1]) == [(4, "Parent_Account", "several records of Accounts have this name")]


def test_people_are_named_by_first_and_last_name(importer):
    text = "First_Name,Last_Name,Reporting_To\nSam,Lee,Asha Rao\nAsha,Rao,\n"

    dry = importer.crm("Contacts", text, is_dry=True)
    wet = importer.crm("Contacts", text)

    assert dry == wet == (2, [])
    assert ("Sam Lee", "Asha Rao") in importer.rows("Contacts", "Full_Name", "Reporting_To")


def test_a_dry_run_does_not_take_another_modules_record_for_one_of_the_file(importer):
    text = "Deal_Name,Stage,Account_Name\nBig,Qualification,Big\n"

    dry = importer.crm("Potentials", text, is_dry=True)
    wet = importer.crm("Potentials", text)

    assert dry == wet
    assert reasons(wet[1]) == [(2, "Account_Name", "there is no such record in Accounts")]


def test_a_dry_run_writes_nothing(importer):
    importer.world.crm.modules()
    before = importer.world.writes("crm")

    assert importer.crm("Accounts", "Account_Name\nAcme\nZylker\n", is_dry=True) == (2, [])

    assert importer.world.writes("crm") == before
    assert importer.accounts() == []


def test_what_the_crm_refuses_is_a_row_of_the_report_with_its_own_reason(importer):
    text = f"Account_Name,Phone\nAcme,1\n{'x' * 201},2\n,3\n"

    written, rejected = importer.crm("Accounts", text)

    assert written == 1
    assert [(row.line, row.column) for row in rejected] == [(3, "Account_Name"), (4, "Account_Name")]
    assert rejected[0].value == "x" * 201
    assert "INVALID_DATA" in rejected[0].reason
    assert "MANDATORY_NOT_FOUND" in rejected[1].reason
    assert importer.accounts() == ["Acme"]


def test_more_lines_than_one_call_takes_are_written_in_order(importer):
    count = 2 * BATCH + 3
    lines = "".join(f"Account {number:04d},{number}\n" for number in range(count))

    assert importer.crm("Accounts", f"Account_Name,Employees\n{lines}") == (count, [])
    assert importer.rows("Accounts", "Account_Name", "Employees")[-1] == (f"Account {count - 1:04d}", count - 1)
    assert len(importer.world.writes("crm")) == 3


def test_invoice_contacts_are_imported_with_their_person_and_addresses(importer):
    text = (
        "contact_name,First Name,last_name,email,billing_address.city,payment_terms\n"
        "Acme,Asha,Rao,asha@acme.example,Oslo,15\n"
        "Acme,Again,Twice,,,\n"
        "Zylker,,,,,soon\n"
    )

    dry = importer.invoice("Contacts", text, is_dry=True)
    assert importer.world.customers() == {}
    written, rejected = importer.invoice("Contacts", text)

    acme = importer.world.customer("Acme")
    (person,) = acme["contact_persons"]
    assert (person["first_name"], person["last_name"], person["email"]) == ("Asha", "Rao", "asha@acme.example")
    assert (acme["billing_address"]["city"], acme["payment_terms"]) == ("Oslo", 15)
    assert dry[1] == rejected[-1:] == [Rejected(4, "payment_terms", "soon", "is no whole number")]
    assert written + len(rejected) == 3


def test_invoice_items_are_imported_and_refusals_are_told(importer):
    text = "name,rate,description\nAnvil,1 250,heavy\nBolt,0.10,\nBolt,0.20,twice\n"

    written, rejected = importer.invoice("items", text)

    items = {row["name"]: row["rate"] for row in importer.world.invoice.items()}
    assert items == {"Bolt": Decimal("0.1")}
    assert written == 1
    assert (rejected[0].line, rejected[0].column, rejected[0].reason) == (2, "rate", "is no number")
    assert rejected[1].line == 4
    assert rejected[1].reason.endswith(")")


def test_stages_and_new_values_are_nothing_for_invoice(importer):
    with pytest.raises(ImportRefused, match="are for the CRM"):
        importer.invoice("items", "name\nAnvil\n", stages={"New": 5})


def test_files_exported_from_the_products_are_known_by_their_own_headers(importer):
    importer.world.add_account("Acme")
    deals = (
        "Record Id,Deal Name,Deal Owner,Account Name,Stage,Probability (%),Closing Date\n"
        "zcrm_1,Big,Ben Carter,Acme,Qualification,10,2026-12-24\n"
        "zcrm_2,Odd,Nobody Here,Acme,Qualification,10,2026-12-24\n"
    )
    contacts = "Display Name,EmailID,Billing Code,Status\nAcme,asha@acme.example,0150,Active\n"
    items = "Item Name,Rate,Usage unit\nAnvil,USD 12.50,pcs\nBolt,EUR 1.00,pcs\n"

    assert importer.crm("Potentials", deals)[0] == 1
    assert importer.ignored == ["Record Id"]
    assert importer.rows("Deals", "Deal_Name", "Owner", "Account_Name") == [("Big", "Ben Carter", "Acme")]
    assert importer.invoice("contacts", contacts) == (1, [])
    assert importer.world.customer("Acme")["billing_address"]["zip"] == "0150"
    written, rejected = importer.invoice("items", items)
    assert (written, reasons(rejected)) == (1, [(3, "rate", "is not in USD, the currency of the organization")])


DUPLICATES = "Account_Name,Phone\nACME,2\nZylker,3\nTwin,4\nzylker,5\n"


@pytest.mark.parametrize(
    ("duplicates", "acts", "phones"),
    [("skip", ["left", "made"], ["1", "7", "8", "3"]), ("overwrite", ["updated", "made"], ["2", "7", "8", "3"])],
)
def test_a_line_whose_record_is_there_is_left_alone_or_overwrites_it(importer, duplicates, acts, phones):
    importer.world.add_account("Acme", Phone="1")
    importer.world.add_account("Twin", Phone="7")
    importer.world.add_account("Twin", Phone="8")

    dry = importer.crm("Accounts", DUPLICATES, is_dry=True, duplicates=duplicates)
    assert (importer.acts, importer.accounts()) == (acts, ["Acme", "Twin", "Twin"])
    wet = importer.crm("Accounts", DUPLICATES, duplicates=duplicates)

    assert (dry, importer.acts) == (wet, acts)
    assert reasons(wet[1]) == [
        (4, "Account_Name", "several records of Accounts have this name"),
        (5, "Account_Name", "line 3 has this name too"),
    ]
    assert [phone for _name, phone in importer.rows("Accounts", "Account_Name", "Phone")] == phones


def test_an_overwritten_customer_keeps_what_the_file_does_not_say(importer):
    importer.invoice("contacts", "contact_name,first_name,email,billing_address.city\nAcme,Asha,a@acme.example,Oslo\n")
    acme = importer.world.customer("Acme")
    importer.world.invoice.create_contact_person({"contact_id": acme["contact_id"], "first_name": "Ben"})
    text = "contact_name,mobile,billing_address.zip\nacme,111,0150\n"

    assert importer.invoice("contacts", text, duplicates="overwrite") == (1, [])

    acme = importer.world.invoice.contact(acme["contact_id"])
    persons = [(one["first_name"], one["mobile"], one["email"]) for one in acme["contact_persons"]]
    assert persons == [("Asha", "111", "a@acme.example"), ("Ben", "", "")]
    assert (acme["billing_address"]["city"], acme["billing_address"]["zip"]) == ("Oslo", "0150")


def test_a_dry_run_foresees_what_is_required_and_what_is_too_long(importer):
    crm = importer.crm("Accounts", f"Account_Name,Phone\n{'x' * 201},1\n,2\nAcme,3\n", is_dry=True)
    invoice = importer.invoice("items", "name,rate\nAnvil,\nBolt,1\n", is_dry=True)

    assert (crm[0], reasons(crm[1])) == (
        1,
        [(2, "Account_Name", "has more than 200 characters"), (3, "Account_Name", "is required")],
    )
    assert (invoice[0], reasons(invoice[1])) == (1, [(2, "rate", "is required")])


def test_a_person_nobody_could_name_is_foreseen_and_refused_by_invoice_in_its_own_words(importer):
    text = "contact_name,phone,email\nAcme,111,\nZylker,222,z@zylker.example\n"

    dry = importer.invoice("contacts", text, is_dry=True)
    wet = importer.invoice("contacts", text)

    assert reasons(dry[1]) == [(2, "phone", "needs a first name, a last name or an email beside it")]
    assert reasons(wet[1]) == [(2, "first_name", "Invalid value passed for first_name (4)")]
    assert (dry[0], wet[0]) == (1, 1)


class WorldHub:
    """What the command asks the hub for."""

    def __init__(self, world: World) -> None:
        self.world = world

    def credentials(self, world_id: str) -> dict[str, Any]:
        assert world_id == self.world.id
        organization = self.world.control("invoice", "GET", f"/{world_id}/credentials").json()["organization_id"]
        urls = {"crm_url": URLS["crm"], "invoice_url": URLS["invoice"]}
        return {**self.world.keys, **urls, "organization_id": organization}


@pytest.fixture
def command(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cli, "chosen", lambda data, world_id: (WorldHub(world), world_id or world.id))
    monkeypatch.setattr("simulator.http.Outbound", lambda origins, user_agent: world.outbound)

    def invoke(text: str, *arguments: str):
        file = tmp_path / "in.csv"
        file.write_text(text)
        return CliRunner().invoke(cli.main, ["import", *arguments[:2], str(file), *arguments[2:]])

    return invoke


def test_the_command_tells_what_it_wrote_and_reports_what_it_did_not(command, world, tmp_path):
    text = "firm,Industry,Mood\nAcme,Tech,good\nZylker,Alchemy,bad\n"
    options = ["--map", "firm=Account_Name", "--translate", "Industry:Tech=Technology"]
    report = tmp_path / "report.csv"

    dry = command(text, "crm", "accounts", *options, "--dry-run")
    wet = command(text, "crm", "accounts", *options, "--report", str(report))

    assert (dry.exit_code, wet.exit_code) == (1, 1)
    assert dry.stdout == "Accounts: 1 lines would be written, 1 rejected.\nColumns not imported: Mood.\n"
    assert wet.stdout == "Accounts: 1 lines written, 1 rejected.\nColumns not imported: Mood.\n"
    assert dry.stderr == wet.stderr
    assert "line 3, Industry 'Alchemy'" in wet.stderr
    with report.open(newline="") as handle:
        header, *rows = csv.reader(handle)
    assert header == ["line", "column", "value", "reason"]
    assert [row[:3] for row in rows] == [["3", "Industry", "Alchemy"]]
    assert [row["Account_Name"] for row in world.crm.iterate("Accounts", ["Account_Name"])] == ["Acme"]


def test_a_report_that_cannot_be_written_is_told_before_anything_is_imported(command, world, tmp_path):
    result = command("Account_Name\nAcme\n", "crm", "accounts", "--report", str(tmp_path / "nowhere" / "report.csv"))

    assert result.exit_code == 1
    assert result.stderr.strip().endswith("cannot be written: No such file or directory.")
    assert list(world.crm.iterate("Accounts", ["Account_Name"])) == []


def test_an_import_cut_in_the_middle_tells_how_many_lines_are_in_the_product(command, world, monkeypatch):
    lines = [f"Company {number}" for number in range(2 * BATCH)]
    first_call = world.crm.create_records

    def cut_after_the_first_batch(module, records):
        if records[0]["Account_Name"] != lines[0]:
            raise PeerError("The CRM did not answer.", may_have_worked=True)
        return first_call(module, records)

    monkeypatch.setattr("simulator.clients.crm.CrmClient.of_grant", lambda *_: world.crm)
    monkeypatch.setattr(world.crm, "create_records", cut_after_the_first_batch)

    result = command("\n".join(["Account_Name", *lines]), "crm", "accounts")

    assert result.exit_code == 1
    assert f"{BATCH} lines had been written by then; the {BATCH} after them may have been." in result.stderr
    assert len(list(world.crm.iterate("Accounts", ["Account_Name"]))) == BATCH


def test_the_command_ends_well_when_every_line_was_written(command, world):
    result = command("name,rate\nAnvil,12.50\n", "invoice", "items", "--world", world.id)

    assert (result.exit_code, result.stdout) == (0, "items: 1 lines written, 0 rejected.\n")
    assert [row["rate"] for row in world.invoice.items()] == [Decimal("12.5")]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["crm", "Boats"], 1, "The CRM has no module 'Boats'"),
        (["crm", "Accounts", "--map", "firm"], 2, "is not of the form LEFT=RIGHT"),
        (["crm", "Deals", "--add-stage", "New=101"], 2, "is no probability"),
        (["crm", "Accounts", "--translate", "a=b"], 2, "is not of the form FIELD:VALUE=OTHER"),
        (["erp", "Accounts"], 2, "erp"),
    ],
    ids=["module", "map", "stage", "translate", "product"],
)
def test_the_command_refuses_in_plain_words(command, arguments, code, words):
    result = command("Account_Name\nAcme\n", *arguments)

    assert result.exit_code == code
    assert words in result.stderr
    assert "Traceback" not in result.output
