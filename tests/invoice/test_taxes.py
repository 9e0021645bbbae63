"""Tax groups, exemptions, authorities, and the units of items (invoice-api.md §4, §8.3, §8.5)."""

from typing import Any

import pytest

from tests.invoice.conftest import Invoice

UNKNOWN = "410000000000999999"


def add_tax(invoice: Invoice, name: str, percentage: Any, **more: Any) -> str:
    body = {"tax_name": name, "tax_percentage": percentage, **more}
    return str(invoice.post("/settings/taxes", body)["tax"]["tax_id"])


def add_group(invoice: Invoice, name: str, *tax_ids: str) -> Any:
    return invoice.post("/settings/taxgroups", {"tax_group_name": name, "taxes": ",".join(tax_ids)})["tax_group"]


def test_a_group_adds_up_its_taxes_and_compound_ones_are_charged_on_top(invoice: Invoice) -> None:
    state, county = add_tax(invoice, "State", 10), add_tax(invoice, "County", "5")
    compound = add_tax(invoice, "Luxury", 2, tax_type="compound_tax")

    group = add_group(invoice, "Both", state, county)
    steep = add_group(invoice, "All", state, county, compound)

    assert (group["tax_group_percentage"], str(steep["tax_group_percentage"])) == (15, "17.3")
    assert [one["tax_name"] for one in group["taxes"]] == ["State", "County"]
    assert invoice.get(f"/settings/taxgroups/{group['tax_group_id']}")["tax_group"] == group


def test_a_group_follows_its_taxes(invoice: Invoice) -> None:
    state, county = add_tax(invoice, "State", 10), add_tax(invoice, "County", 5)
    path = f"/settings/taxgroups/{add_group(invoice, 'Both', state, county)['tax_group_id']}"

    invoice.put(f"/settings/taxes/{state}", {"tax_percentage": 12})
    assert invoice.get(path)["tax_group"]["tax_group_percentage"] == 17

    changed = invoice.put(path, {"tax_group_name": "One", "taxes": [county]})["tax_group"]
    assert (changed["tax_group_name"], changed["tax_group_percentage"]) == ("One", 5)
    assert invoice.refused("DELETE", f"/settings/taxes/{county}")[:2] == (400, 90_004)
    invoice.delete(f"/settings/taxes/{state}")


def test_an_invoice_shows_the_taxes_of_a_group_one_by_one(invoice: Invoice) -> None:
    group = add_group(invoice, "Both", add_tax(invoice, "State", 10), add_tax(invoice, "County", 5))
    item = invoice.add_item(rate=100, tax_id=group["tax_group_id"])
    customer = invoice.add_contact()["contact_id"]

    lines = [{"item_id": item["item_id"], "quantity": 2}]
    made = invoice.post("/invoices", {"customer_id": customer, "line_items": lines})["invoice"]

    assert (made["tax_total"], made["total"]) == (30, 230)
    assert [(one["tax_name"], one["tax_amount"]) for one in made["taxes"]] == [("State (10%)", 20), ("County (5%)", 10)]
    refusal = invoice.refused("DELETE", f"/settings/taxgroups/{group['tax_group_id']}")
    assert refusal[:2] == (400, 90_004)


def test_an_unused_group_is_deleted_and_its_taxes_stay(invoice: Invoice) -> None:
    state = add_tax(invoice, "State", 10)
    path = f"/settings/taxgroups/{add_group(invoice, 'One', state)['tax_group_id']}"

    assert invoice.delete(path)["message"] == "The tax group has been deleted."

    assert invoice.refused("GET", path)[:2] == (404, 1002)
    assert invoice.get(f"/settings/taxes/{state}")["tax"]["tax_name"] == "State"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"taxes": "{tax}"}, 4),
        ({"tax_group_name": "x"}, 4),
        ({"tax_group_name": "x", "taxes": ""}, 4),
        ({"tax_group_name": "x", "taxes": "a,b"}, 2),
        ({"tax_group_name": "x", "taxes": {"a": 1}}, 2),
        ({"tax_group_name": "x", "taxes": "{tax},{tax}"}, 2),
        ({"tax_group_name": "x", "taxes": UNKNOWN}, 1002),
        ({"tax_group_name": "VAT", "taxes": "{tax}"}, 90_014),
        ({"tax_group_name": "x", "taxes": "{group}"}, 2),
    ],
)
def test_a_group_that_makes_no_sense_is_refused(invoice: Invoice, body: Any, code: int) -> None:
    tax = add_tax(invoice, "State", 10)
    group = add_group(invoice, "G", tax)["tax_group_id"]
    sent = {key: one.format(tax=tax, group=group) if isinstance(one, str) else one for key, one in body.items()}

    assert invoice.refused("POST", "/settings/taxgroups", sent)[1] == code


def test_a_group_is_no_tax_and_a_tax_no_group(invoice: Invoice) -> None:
    tax = add_tax(invoice, "State", 10)
    group = add_group(invoice, "G", tax)["tax_group_id"]

    for method in ("PUT", "DELETE"):
        assert invoice.refused(method, f"/settings/taxes/{group}", {})[:2] == (404, 1002)
        assert invoice.refused(method, f"/settings/taxgroups/{tax}", {})[:2] == (404, 1002)


EXEMPT = {"tax_exemption_code": "RESALE", "type": "customer", "description": "sells on"}


def test_exemptions_are_added_changed_and_deleted_while_unused(invoice: Invoice) -> None:
    made = invoice.post("/settings/taxexemptions", EXEMPT)["tax_exemption"]
    path = f"/settings/taxexemptions/{made['tax_exemption_id']}"

    assert invoice.get(path)["tax_exemption"] == made
    assert invoice.put(path, {"description": ""})["tax_exemption"]["description"] == ""
    contact = invoice.add_contact(is_taxable=False, tax_exemption_id=made["tax_exemption_id"])
    assert contact["tax_exemption_id"] == made["tax_exemption_id"]
    assert invoice.refused("DELETE", path)[:2] == (400, 90_004)
    invoice.put(f"/contacts/{contact['contact_id']}", {"tax_exemption_id": ""})
    item = invoice.add_item(tax_exemption_id=made["tax_exemption_id"])
    assert invoice.refused("DELETE", path)[:2] == (400, 90_004)
    invoice.delete(f"/items/{item['item_id']}")
    assert invoice.delete(path)["message"] == "The record has been deleted."
    assert invoice.get("/settings/taxexemptions")["tax_exemptions"] == []


def test_authorities_are_added_changed_and_deleted_while_unused(invoice: Invoice) -> None:
    made = invoice.post("/settings/taxauthorities", {"tax_authority_name": "State of Texas"})["tax_authority"]
    path = f"/settings/taxauthorities/{made['tax_authority_id']}"
    tax = add_tax(invoice, "State", 6, tax_authority_id=made["tax_authority_id"])

    assert invoice.get(path)["tax_authority"] == made
    assert invoice.get("/settings/taxauthorities")["tax_authorities"] == [made]
    assert invoice.put(path, {"description": "x"})["tax_authority"]["description"] == "x"
    assert invoice.refused("DELETE", path)[:2] == (400, 90_004)
    invoice.delete(f"/settings/taxes/{tax}")
    assert invoice.delete(path)["message"] == "The record has been deleted."


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("taxexemptions", {"type": "item"}, 4),
        ("taxexemptions", {"tax_exemption_code": "x"}, 4),
        ("taxexemptions", {"tax_exemption_code": "x", "type": "king"}, 2),
        ("taxexemptions", EXEMPT, 90_014),
        ("taxauthorities", {}, 4),
        ("taxauthorities", {"tax_authority_name": ["x"]}, 2),
        ("taxauthorities", {"tax_authority_name": "x" * 101}, 15),
    ],
)
def test_an_exemption_or_authority_that_makes_no_sense_is_refused(
    invoice: Invoice, path: str, body: Any, code: int
) -> None:
    invoice.post("/settings/taxexemptions", EXEMPT)

    assert invoice.refused("POST", f"/settings/{path}", body)[:2] == (400, code)


KINDS = ("taxgroups", "taxexemptions", "taxauthorities")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_unknown_one_does_not_exist(invoice: Invoice, method: str, kind: str) -> None:
    assert invoice.refused(method, f"/settings/{kind}/{UNKNOWN}", {})[:2] == (404, 1002)


@pytest.mark.parametrize("kind", KINDS)
def test_only_administrators_change_them(staff: Invoice, kind: str) -> None:
    assert staff.refused("POST", f"/settings/{kind}", {})[:2] == (403, 90_403)


def test_those_of_another_organization_are_not_there(invoice: Invoice) -> None:
    made = invoice.post("/settings/taxexemptions", EXEMPT)["tax_exemption"]["tax_exemption_id"]
    group = add_group(invoice, "G", add_tax(invoice, "State", 10))["tax_group_id"]
    other = invoice.post("/organizations", {"name": "Other"})["organization"]["organization_id"]

    assert invoice.refused("GET", f"/settings/taxexemptions/{made}?organization_id={other}")[:2] == (404, 1002)
    assert invoice.refused("GET", f"/settings/taxgroups/{group}?organization_id={other}")[:2] == (404, 1002)
    assert invoice.get(f"/settings/taxexemptions?organization_id={other}")["tax_exemptions"] == []


# units


def test_units_are_those_that_were_added_and_those_that_items_brought(invoice: Invoice) -> None:
    made = invoice.post("/settings/units", {"unit": "kg"})["unit"]
    box = invoice.add_item(unit="box")

    shown = {one["unit"]: one["unit_id"] for one in invoice.get("/settings/units")["units"]}

    assert set(shown) == {"kg", "box"}
    assert box["unit_id"] == shown["box"]
    assert invoice.refused("POST", "/settings/units", {"unit": "kg"})[:2] == (400, 90_014)
    assert invoice.refused("POST", "/settings/units", {})[:2] == (400, 4)
    assert invoice.refused("DELETE", f"/settings/units/{shown['box']}")[:2] == (400, 90_004)
    assert invoice.delete(f"/settings/units/{made['unit_id']}")["message"] == "The record has been deleted."
    assert invoice.refused("DELETE", f"/settings/units/{made['unit_id']}")[:2] == (404, 1002)


# items


def test_items_are_found_by_what_they_are(invoice: Invoice) -> None:
    invoice.add_item("Desk", unit="box")
    invoice.add_item("Work", rate=5, is_taxable=False, item_type="purchases", hsn_or_sac="9983")

    def names(query: str) -> list[str]:
        return [one["name"] for one in invoice.get(f"/items?{query}")["items"]]

    assert names("is_taxable=false") == ["Work"]
    assert names("is_taxable=true") == names("unit=box") == ["Desk"]
    assert names("account_id=1") == []
    assert invoice.refused("GET", "/items?is_taxable=maybe")[:2] == (400, 2)
    row = invoice.get("/items?name=Work")["items"][0]
    assert (row["can_be_sold"], row["can_be_purchased"]) == (False, True)
    assert invoice.get(f"/items/{row['item_id']}")["item"]["hsn_or_sac"] == "9983"


@pytest.mark.parametrize("body", [{"tax_exemption_id": UNKNOWN}, {"tax_id": UNKNOWN}])
def test_an_item_names_taxes_and_exemptions_that_exist(invoice: Invoice, body: Any) -> None:
    assert invoice.refused("POST", "/items", {"name": "x", "rate": 1, **body})[:2] == (404, 1002)


def test_an_item_stands_as_long_as_any_document_has_it(invoice: Invoice) -> None:
    item = invoice.add_item()["item_id"]
    customer = invoice.add_contact()["contact_id"]
    made = invoice.post("/estimates", {"customer_id": customer, "line_items": [{"item_id": item}]})["estimate"]

    assert invoice.refused("DELETE", f"/items/{item}")[:2] == (400, 90_004)

    invoice.delete(f"/estimates/{made['estimate_id']}")
    assert invoice.delete(f"/items/{item}")["message"] == "The item has been deleted."
