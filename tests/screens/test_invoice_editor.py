"""Writing estimates, sales orders and invoices: the lines, the sums while one writes, saving, and what is refused."""

from decimal import Decimal
from typing import Any

import pytest

from tests.support.visitor import Visitor
from tests.support.world import World

KINDS = ("estimates", "salesorders", "invoices")
HTMX = {"HX_Request": "true"}


def line(**fields: str) -> dict[str, str]:
    """A line as the form has it."""
    empty = dict.fromkeys(("line_item_id", "item_id", "name", "description", "rate", "line_discount", "tax_id"), "")
    return {**empty, "quantity": "1", **fields}


def form(customer: str, *lines: dict[str, str], **fields: str) -> dict[str, Any]:
    columns = {name: [one[name] for one in lines] for name in line()}
    return {"customer_id": customer, "discount_type": "entity_level", **columns, **fields}


@pytest.fixture
def customer(world: World) -> str:
    return str(world.invoice.create_contact({"contact_name": "Acme"})["contact_id"])


def saved(world: World, kind: str) -> dict[str, Any]:
    """The newest document of a kind, whole."""
    key = f"{kind[:-1]}_id"
    rows = world.invoice.ask("GET", f"/{kind}")[kind]
    found: dict[str, Any] = world.invoice.ask("GET", f"/{kind}/{rows[0][key]}")[kind[:-1]]
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_is_written_and_saved(world: World, asha: Visitor, customer: str, kind: str) -> None:
    lines = (line(name="Work", description="Two days", quantity="2", rate="1,250.50"), line(name="Travel", rate="80"))

    page = asha.follow(
        f"/invoice/{kind}/new",
        **form(customer, *lines, date="2026-11-20", reference="PO-7", discount="10%", shipping="9.90", notes="Thanks"),
    ).text

    document = saved(world, kind)
    assert [(one["name"], one["quantity"], one["rate"]) for one in document["line_items"]] == [
        ("Work", 2, Decimal("1250.5")),
        ("Travel", 1, 80),
    ]
    assert (document["total"], document["reference_number"], document["notes"]) == (
        Decimal("2332.80"),
        "PO-7",
        "Thanks",
    )
    assert "$2,332.80" in page
    assert document[f"{kind[:-1]}_number"] in page


def test_the_form_begins_with_the_customer_of_the_address(asha: Visitor, customer: str) -> None:
    page = asha.get(f"/invoice/estimates/new?customer={customer}").text

    assert f'name="customer_id" value="{customer}"' in page
    assert "Acme" in page


def test_without_a_customer_the_picker_stands_open_and_finds_by_name(
    world: World, asha: Visitor, customer: str
) -> None:
    world.invoice.create_contact({"contact_name": "Globex"})

    page = asha.get("/invoice/invoices/new?customer_q=glob").text

    assert "Globex" in page
    assert "Acme" not in page
    assert "Search in Zoho CRM" in page


def test_a_line_named_as_an_item_becomes_that_item(world: World, asha: Visitor, customer: str) -> None:
    item = world.invoice.ask("POST", "/items", json={"name": "Anvil", "rate": "19.90", "description": "Heavy"})["item"]

    sent = {
        **form(customer, line(name="anvil", quantity="3"), line(name="Other", rate="1")),
        "csrf_token": asha.token(),
    }
    part = asha.client.post(
        "/invoice/estimates/new/changed?part=totals", data=sent, headers={"HX-Request": "true"}
    ).text

    assert f'name="item_id" value="{item["item_id"]}"' in part
    assert 'value="19.9"' in part
    assert ">Heavy</textarea>" in part
    assert "$59.70" in part
    assert 'id="line-1-rate"' not in part, "what nobody chose an item for is not written over while one types"


def test_a_line_that_is_saved_at_once_takes_what_its_item_says(world: World, asha: Visitor, customer: str) -> None:
    world.invoice.ask("POST", "/items", json={"name": "Anvil", "rate": "19.90", "description": "Heavy"})

    asha.follow("/invoice/invoices/new", **form(customer, line(name="Anvil", quantity="3")))

    document = saved(world, "invoices")
    assert (document["line_items"][0]["description"], document["total"]) == ("Heavy", Decimal("59.70"))


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ("do=up&line=1", ["B", "A", "C"]),
        ("do=down&line=1", ["A", "C", "B"]),
        ("do=up&line=0", ["A", "B", "C"]),
        ("do=remove&line=1", ["A", "C"]),
        ("do=add", ["A", "B", "C", ""]),
    ],
    ids=["up", "down", "at the top", "remove", "add"],
)
def test_the_buttons_of_a_line_move_add_and_remove(asha: Visitor, customer: str, change: str, names: list[str]) -> None:
    lines = [line(name=name, rate="1") for name in "ABC"]

    page = asha.post(f"/invoice/estimates/new/changed?{change}", **form(customer, *lines, notes="kept")).text

    shown = [part.split('value="')[1].split('"')[0] for part in page.split('name="name"')[1:]]
    assert shown == names
    assert "kept" in page


def test_after_a_change_a_script_gets_the_sums_and_each_lines_amount_alone(asha: Visitor, customer: str) -> None:
    sent = {**form(customer, line(name="Work", quantity="3", rate="7.50"), line()), "csrf_token": asha.token()}

    answer = asha.client.post("/invoice/estimates/new/changed?part=totals", data=sent, headers={"HX-Request": "true"})

    assert answer.text.lstrip().startswith('<div id="totals"')
    assert "$22.50" in answer.text
    assert 'id="line-0-amount" hx-swap-oob="true">$22.50<' in answer.text


def test_without_a_script_the_sums_come_with_the_whole_page(asha: Visitor, customer: str) -> None:
    page = asha.post("/invoice/estimates/new/changed", **form(customer, line(name="Work", rate="7.50"))).text

    assert "<!doctype html>" in page
    assert "$7.50" in page
    assert "Update totals" in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"lines": [line(name="Work", rate="much")]}, 'id="line-0-rate-error"'),
        ({"lines": [line(name="Work", rate="1", quantity="few")]}, 'id="line-0-quantity-error"'),
        ({"shipping": "x"}, 'id="shipping-error"'),
        ({"customer": ""}, 'id="customer-error"'),
        ({"lines": [line()]}, 'id="lines-error"'),
        ({"discount": "900"}, "The discount cannot be more than the amount it is taken from."),
        ({"date": "2026-13-45"}, "Invalid value passed for date"),
    ],
    ids=["rate", "quantity", "shipping", "no customer", "no line", "discount", "date"],
)
def test_what_cannot_be_saved_is_told_and_everything_typed_stays(
    world: World, asha: Visitor, customer: str, wrong: dict[str, Any], said: str
) -> None:
    fields = dict(wrong)
    lines = fields.pop("lines", [line(name="Work", rate="100")])

    answer = asha.post(
        "/invoice/invoices/new", **form(fields.pop("customer", customer), *lines, notes="kept", **fields)
    )

    assert answer.status_code == 422
    assert said in answer.text
    assert "kept" in answer.text
    assert world.invoice.ask("GET", "/invoices")["invoices"] == []


def test_a_discount_on_each_line_is_taken_from_that_line(world: World, asha: Visitor, customer: str) -> None:
    lines = (line(name="Work", rate="100", line_discount="10%"), line(name="Travel", rate="50", line_discount="5"))

    asha.follow("/invoice/estimates/new", **form(customer, *lines, discount_type="item_level"))

    assert [one["item_total"] for one in saved(world, "estimates")["line_items"]] == [90, 45]


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_is_edited(world: World, asha: Visitor, customer: str, kind: str) -> None:
    asha.follow(f"/invoice/{kind}/new", **form(customer, line(name="Work", rate="100"), notes="old"))
    before = saved(world, kind)
    document_id, kept = before[f"{kind[:-1]}_id"], before["line_items"][0]["line_item_id"]

    page = asha.get(f"/invoice/{kind}/{document_id}/edit").text
    changed = form(customer, line(line_item_id=kept, name="Work", rate="120"), line(name="More", rate="5"), notes="new")
    asha.follow(f"/invoice/{kind}/{document_id}/edit", **changed)

    after = saved(world, kind)
    assert f'name="line_item_id" value="{kept}"' in page
    assert (after["total"], after["notes"]) == (125, "new")
    assert after["line_items"][0]["line_item_id"] == kept


def test_a_line_without_tax_stays_without_one_when_its_item_has_one(world: World, asha: Visitor, customer: str) -> None:
    tax = world.invoice.ask("GET", "/settings/taxes")["taxes"][0]["tax_id"]
    item = world.invoice.ask("POST", "/items", json={"name": "Anvil", "rate": 100, "tax_id": tax})["item"]

    asha.follow("/invoice/invoices/new", **form(customer, line(item_id=item["item_id"], name="Anvil", rate="100")))

    assert saved(world, "invoices")["tax_total"] == 0


def test_save_and_send_leads_to_the_mail(asha: Visitor, customer: str) -> None:
    answer = asha.post("/invoice/estimates/new?then=send", **form(customer, line(name="Work", rate="100")))

    assert answer.status_code == 303
    assert answer.location.endswith("/email")


def test_what_a_customer_is_called_is_never_markup(world: World, asha: Visitor) -> None:
    name = "<script>alert(1)</script>"
    one = world.invoice.create_contact({"contact_name": name})["contact_id"]

    page = asha.get(f"/invoice/estimates/new?customer={one}").text

    assert name not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("path", ["salesorders", "payments", "outbox"])
def test_the_further_lists_are_there_when_they_are_empty(asha: Visitor, path: str) -> None:
    assert asha.get(f"/invoice/{path}").status_code == 200
