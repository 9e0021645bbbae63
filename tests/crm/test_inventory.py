"""Quotes, sales orders and invoices: their lines, totals and numbers, by version (crm-api.md §4.3, §4.4, §6)."""

from typing import Any

import pytest
from sqlalchemy import select

from simulator import wire
from simulator.database import session
from simulator.outbox import outbox
from tests.crm.api import SALES, SUPPORT, Crm

KINDS = {
    "Quotes": ("Quoted_Items", "Quote_Number"),
    "Sales_Orders": ("Ordered_Items", "SO_Number"),
    "Invoices": ("Invoiced_Items", "Invoice_Number"),
}
kinds = pytest.mark.parametrize(("module", "items", "number"), [(m, *rest) for m, rest in KINDS.items()], ids=KINDS)


def product(crm: Crm, name: str = "Desk", **values: Any) -> str:
    return crm.add("Products", **{"Product_Name": name, "Unit_Price": 420.5, "Product_Code": "ZY-1", **values})


def line(product_id: str, **values: Any) -> dict[str, Any]:
    return {"Product_Name": {"id": product_id}, **values}


def quote(crm: Crm, *lines: dict[str, Any], **values: Any) -> str:
    return crm.add("Quotes", Subject="Desks", Quoted_Items=list(lines), **values)


def amounts(shown: dict[str, Any], *names: str) -> list[str]:
    return [str(shown[name]) for name in names]


@kinds
def test_lines_are_priced_by_their_product_and_summed_up(crm: Crm, module: str, items: str, number: str):
    desk = product(crm)

    document = crm.add(module, Subject="Desks", **{items: [line(desk, Quantity=2), line(desk, List_Price=10)]})

    shown = crm.record(module, document)
    first, second = shown[items]
    assert first["Product_Name"] == {"name": "Desk", "id": desk, "Product_Code": "ZY-1"}
    assert amounts(first, "Quantity", "List_Price", "Total", "Net_Total") == ["2", "420.5", "841", "841"]
    assert amounts(second, "Quantity", "List_Price", "Total") == ["1", "10", "10"]
    assert (first["Sequence_Number"], second["Sequence_Number"]) == (1, 2)
    assert first["Parent_Id"] == {"name": "Desks", "id": document}
    assert first["id"].isdigit()
    assert amounts(shown, "Sub_Total", "Tax", "Grand_Total") == ["851", "0", "851"]
    assert shown["$has_more"] == {items: False}


def test_discounts_taxes_and_the_adjustment_are_reckoned_exactly(crm: Crm):
    desk = product(crm, Unit_Price=33.33)
    vat, local = {"name": "Vat", "percentage": 7.25}, {"name": "Local", "percentage": 1}

    document = quote(
        crm,
        line(desk, Quantity=3, Discount=9.99, Line_Tax=[vat, local]),
        line(desk, Quantity=1.5, Discount="10%"),
        Discount=5,
        Adjustment=-0.05,
        **{"$line_tax": [{"name": "Sales Tax", "percentage": 10}]},
    )

    shown = crm.record("Quotes", document)
    first, second = shown["Quoted_Items"]
    assert amounts(first, "Total", "Total_After_Discount", "Tax", "Net_Total") == ["99.99", "90", "7.43", "97.43"]
    assert [(tax["name"], str(tax["percentage"])) for tax in first["Line_Tax"]] == [("Vat", "7.25"), ("Local", "1")]
    assert amounts(second, "Total", "Discount", "Net_Total") == ["50", "5", "45"]
    assert amounts(shown, "Sub_Total", "Discount", "Tax", "Adjustment", "Grand_Total") == [
        "142.43",
        "5",
        "13.74",
        "-0.05",
        "151.12",
    ]
    (tax,) = shown["$line_tax"]
    assert (tax["name"], str(tax["percentage"]), str(tax["value"])) == ("Sales Tax", "10", "13.74")


def test_an_update_changes_adds_and_removes_lines_by_their_ids(crm: Crm):
    desk, lamp = product(crm), product(crm, "Lamp", Unit_Price=79)
    document = quote(crm, line(desk), line(lamp), line(lamp, Quantity=4))
    first, second, third = crm.record("Quotes", document)["Quoted_Items"]

    changes = [{"id": first["id"], "Quantity": 3}, {"id": second["id"], "_delete": None}, line(lamp, Quantity=2)]
    answer = crm.put(f"/Quotes/{document}", {"data": [{"Quoted_Items": changes}]})

    assert answer.status == 200, answer.body
    shown = crm.record("Quotes", document)
    kept = [(item["id"], str(item["Quantity"])) for item in shown["Quoted_Items"]]
    assert kept[:2] == [(first["id"], "3"), (third["id"], "4")]
    assert (len(kept), kept[2][1]) == (3, "2")
    assert str(shown["Grand_Total"]) == str(3 * 420.5 + 6 * 79)


def test_a_header_change_alone_reckons_the_totals_anew(crm: Crm):
    document = quote(crm, line(product(crm)))

    crm.put(f"/Quotes/{document}", {"data": [{"Discount": 20.5}]})

    assert str(crm.record("Quotes", document)["Grand_Total"]) == "400"


def test_a_price_stays_when_the_products_price_changes(crm: Crm):
    desk = product(crm)
    document = quote(crm, line(desk))

    crm.put(f"/Products/{desk}", {"data": [{"Unit_Price": 1}]})
    crm.put(f"/Quotes/{document}", {"data": [{"Subject": "New"}]})

    assert str(crm.record("Quotes", document)["Grand_Total"]) == "420.5"


@pytest.mark.parametrize(
    ("lines", "code", "path"),
    [
        (None, "MANDATORY_NOT_FOUND", "$.data[0].Quoted_Items"),
        ([], "MANDATORY_NOT_FOUND", "$.data[0].Quoted_Items"),
        ("x", "INVALID_DATA", "$.data[0].Quoted_Items"),
        (["x"], "INVALID_DATA", "$.data[0].Quoted_Items[0]"),
        ([{"Quantity": 1}], "MANDATORY_NOT_FOUND", "$.data[0].Quoted_Items[0].Product_Name"),
        ([{"Product_Name": {"id": "1"}}], "INVALID_DATA", "$.data[0].Quoted_Items[0].Product_Name"),
        ([{"Product_Name": "x"}], "INVALID_DATA", "$.data[0].Quoted_Items[0].Product_Name"),
        ([{"id": "1", "Quantity": 1}], "INVALID_DATA", "$.data[0].Quoted_Items[0].id"),
        ([{"id": "x"}], "INVALID_DATA", "$.data[0].Quoted_Items[0].id"),
    ],
)
def test_lines_that_do_not_fit_are_refused_with_their_place(crm: Crm, lines: Any, code: str, path: str):
    answer = crm.create("Quotes", {"Subject": "Desks", "Quoted_Items": lines})

    assert (answer.status, answer.code, answer.details["json_path"]) == (400, code, path)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"Quantity": "two"}, "Quantity"),
        ({"List_Price": True}, "List_Price"),
        ({"Discount": "a lot"}, "Discount"),
        ({"Discount": "101%"}, "Discount"),
        ({"Line_Tax": [{"name": "Vat"}]}, "Line_Tax"),
        ({"Line_Tax": [{"name": "Vat", "percentage": 101}]}, "Line_Tax"),
        ({"Line_Tax": {"name": "Vat"}}, "Line_Tax"),
        ({"Description": 5}, "Description"),
        ({"Quantity": 999_999_999_999, "List_Price": 9_999_999_999.99}, "Quoted_Items"),
    ],
)
def test_values_of_a_line_are_checked(crm: Crm, values: dict[str, Any], name: str):
    answer = crm.create("Quotes", {"Subject": "Desks", "Quoted_Items": [line(product(crm), **values)]})

    assert (answer.status, answer.code, answer.details["api_name"]) == (400, "INVALID_DATA", name)


def test_the_last_line_cannot_go(crm: Crm):
    document = quote(crm, line(product(crm)))
    (only,) = crm.record("Quotes", document)["Quoted_Items"]

    change = {"Quoted_Items": [{"id": only["id"], "_delete": None}]}
    answer = crm.put(f"/Quotes/{document}", {"data": [change]})

    assert (answer.code, answer.details["api_name"]) == ("MANDATORY_NOT_FOUND", "Quoted_Items")


@kinds
def test_documents_are_numbered_by_the_crm(crm: Crm, module: str, items: str, number: str):
    desk = product(crm)
    given = {"Subject": "Desks", items: [line(desk)], number: "77"}

    answer = crm.create(module, given, {**given, items: []}, given)

    ids = [outcome["details"]["id"] for outcome in answer.outcomes if outcome["code"] == "SUCCESS"]
    assert [crm.record(module, one)[number] for one in ids] == ["1", "2"]
    crm.put(f"/{module}/{ids[0]}", {"data": [{number: "5"}]})
    assert crm.record(module, ids[0])[number] == "1"


@pytest.mark.parametrize("version", ["v2", "v2.1", "v3", "v8"])
@kinds
def test_lines_are_not_in_lists(crm: Crm, module: str, items: str, number: str, version: str):
    crm.add(module, Subject="Desks", **{items: [line(product(crm))]})

    (record,) = crm.get(f"/{module}?fields=Subject,{items},Product_Details", version=version).body["data"]

    assert items not in record
    assert "Product_Details" not in record
    if version in ("v2", "v2.1"):
        (whole,) = crm.get(f"/{module}", version=version).body["data"]
        assert items not in whole
        assert whole["Grand_Total"] is not None


def test_the_oldest_version_has_lines_of_another_shape(crm: Crm):
    desk = product(crm, Qty_in_Stock=7)
    lines = [
        {"product": {"id": desk}, "quantity": 2, "list_price": 100, "Discount": "10", "product_description": "Oak"}
    ]
    made = crm.create("Quotes", {"Subject": "Old", "Product_Details": lines}, version="v2")
    assert made.status == 201, made.body

    shown = crm.record("Quotes", made.details["id"], version="v2")

    (item,) = shown["Product_Details"]
    assert "Quoted_Items" not in shown
    assert item["product"] == {"name": "Desk", "id": desk, "Product_Code": "ZY-1"}
    assert amounts(item, "quantity", "list_price", "unit_price", "total", "Discount") == [
        "2",
        "100",
        "420.5",
        "200",
        "10",
    ]
    assert amounts(item, "total_after_discount", "net_total", "Tax", "quantity_in_stock") == ["190", "190", "0", "7"]
    assert (item["product_description"], item["book"], item["line_tax"]) == ("Oak", None, [])
    (new,) = crm.record("Quotes", made.details["id"])["Quoted_Items"]
    assert (new["id"], new["Description"]) == (item["id"], "Oak")
    change = {"Product_Details": [{"id": item["id"], "quantity": 5}]}
    assert crm.put(f"/Quotes/{made.details['id']}", {"data": [change]}, version="v2").status == 200
    assert str(crm.record("Quotes", made.details["id"])["Quoted_Items"][0]["Quantity"]) == "5"


@pytest.mark.parametrize(
    ("version", "name"), [("v2", "Product_Details"), ("v2.1", "Quoted_Items"), ("v8", "Quoted_Items")]
)
def test_the_lines_are_mandatory_by_the_name_of_the_version(crm: Crm, version: str, name: str):
    other = {"Product_Details": "Quoted_Items", "Quoted_Items": "Product_Details"}[name]

    answer = crm.create("Quotes", {"Subject": "Desks", other: [line(product(crm))]}, version=version)

    assert (answer.code, answer.details["api_name"]) == ("MANDATORY_NOT_FOUND", name)


def test_rows_have_fields_of_their_own_and_are_no_module_for_records(still: Crm):
    fields = {field["api_name"]: field for field in still.get("/settings/fields?module=Quoted_Items").body["fields"]}

    assert {"Product_Name", "Quantity", "List_Price", "Discount", "Net_Total", "Line_Tax"} <= set(fields)
    assert fields["Line_Tax"]["json_type"] == "jsonarray"
    (lines,) = still.get("/settings/fields/Quoted_Items?module=Quotes").body["fields"]
    assert (lines["data_type"], lines["json_type"], lines["system_mandatory"]) == ("subform", "jsonarray", True)
    answer = still.get("/Quoted_Items?fields=id")
    assert (answer.status, answer.code) == (400, "INVALID_MODULE")


def test_documents_stand_on_the_pages_of_what_they_name(crm: Crm):
    desk = product(crm)
    account = crm.add("Accounts", Account_Name="Acme")
    contact = crm.add("Contacts", Last_Name="Daly", Account_Name={"id": account})
    deal = crm.add("Deals", Deal_Name="Big", Stage="Qualification")
    ties = {"Account_Name": {"id": account}, "Contact_Name": {"id": contact}}
    offer = quote(crm, line(desk), Deal_Name={"id": deal}, **ties)
    order = crm.add("Sales_Orders", Subject="O", Ordered_Items=[line(desk)], Quote_Name={"id": offer}, **ties)
    invoice = crm.add("Invoices", Subject="I", Invoiced_Items=[line(desk)], Sales_Order={"id": order}, **ties)

    def listed(path: str) -> list[str]:
        return crm.names(f"{path}?fields=id", "id")

    for parent in (f"/Accounts/{account}", f"/Contacts/{contact}", f"/Products/{desk}"):
        assert listed(f"{parent}/Quotes") == [offer]
        assert listed(f"{parent}/SalesOrders") == listed(f"{parent}/Sales_Orders") == [order]
        assert listed(f"{parent}/Invoices") == [invoice]
    assert listed(f"/Deals/{deal}/Quotes") == [offer]
    assert listed(f"/Quotes/{offer}/SalesOrders") == [order]
    assert listed(f"/Sales_Orders/{order}/Invoices") == [invoice]


def test_a_product_forgets_a_document_whose_line_went(crm: Crm):
    desk, lamp = product(crm), product(crm, "Lamp")
    offer = quote(crm, line(desk), line(lamp))
    (first, _) = crm.record("Quotes", offer)["Quoted_Items"]

    crm.put(f"/Quotes/{offer}", {"data": [{"Quoted_Items": [{"id": first["id"], "_delete": None}]}]})

    assert crm.get(f"/Products/{desk}/Quotes?fields=id").status == 204
    assert crm.names(f"/Products/{lamp}/Quotes?fields=id", "id") == [offer]


def test_profiles_decide_about_documents_like_about_other_records(crm: Crm):
    offer = quote(crm, line(product(crm)))

    assert crm.as_(SUPPORT).get(f"/Quotes/{offer}").code == "NO_PERMISSION"
    assert crm.as_(SALES).get(f"/Quotes/{offer}").status == 200
    assert crm.as_(SALES).create("Invoices", {}).details == {"permissions": ["Crm_Implied_Create_Invoices"]}
    assert crm.with_scopes("ZohoCRM.modules.salesorders.READ").get("/Sales_Orders?fields=id").status == 204
    assert crm.with_scopes("ZohoCRM.modules.quotes.READ").get("/Sales_Orders?fields=id").code == "OAUTH_SCOPE_MISMATCH"


def test_another_world_sees_none_of_it(crm: Crm, new_world: Any):
    offer = quote(crm, line(product(crm)))

    assert new_world().get(f"/Quotes/{offer}").code == "INVALID_DATA"


@pytest.mark.parametrize("module", ["Leads", "Quotes", "Sales_Orders", "Invoices", "Notes"])
def test_channels_hear_of_the_new_modules_too(crm: Crm, module: str):
    desk, account = product(crm), crm.add("Accounts", Account_Name="Acme")
    values = {
        "Leads": {"Last_Name": "Daly"},
        "Notes": {"Note_Content": "Called", "Parent_Id": {"module": {"api_name": "Accounts"}, "id": account}},
    }.get(module) or {"Subject": "S", KINDS[module][0]: [line(desk)]}
    channel = {"channel_id": "100", "events": [f"{module}.all"], "notify_url": "http://127.0.0.1:9/hook"}
    assert crm.post("/actions/watch", {"watch": [channel]}).status == 201

    made = crm.create(module, values)
    assert made.status == 201, made.body
    change = {"Note_Content": "New"} if module == "Notes" else {"Description": "New"}
    crm.put(f"/{module}/{made.details['id']}", {"data": [change]})
    crm.delete(f"/{module}/{made.details['id']}")

    told = told_by(crm)
    assert [(body["module"], body["operation"]) for body in told] == [
        (module, "insert"),
        (module, "update"),
        (module, "delete"),
    ]
    assert told[1]["affected_fields"] == [{made.details["id"]: list(change)}]


def told_by(crm: Crm) -> list[dict[str, Any]]:
    """What is owed to channels, in order."""
    with crm.app.extensions["worlds"].transaction(crm.world, reads_only=True):
        rows = session().execute(select(outbox.c.body).order_by(outbox.c.id)).all()
    return [wire.loads(row[0]) for row in rows]
