"""Products, quotes with the line items of version 2, related lists and contact roles."""

from stepping import World, is_a, same, step
from zcrmsdk.src.com.zoho.crm.api import contact_roles
from zcrmsdk.src.com.zoho.crm.api import related_records as related
from zcrmsdk.src.com.zoho.crm.api.record import InventoryLineItems, LineItemProduct, Record
from zcrmsdk.src.com.zoho.crm.api.util import Choice

from v2.sdk import answer, create, get, nothing, record, text


def _related(name: str, module: str, record_id: int) -> list[Record]:
    response = related.RelatedRecordsOperations(name, module).get_related_records(record_id)
    return [is_a(one, Record) for one in answer(response, related.ResponseWrapper).get_data()]


@step
def products_are_made(world: World) -> None:
    made = [
        record(Product_Name=name, Product_Code=code, Unit_Price=price, Usage_Unit=Choice("Box"), Product_Active=True)
        for name, code, price in (("Cable", "C-1", 2.5), ("Plug", "P-1", 0.75))
    ]

    world["cable"], world["plug"] = create("Products", *made)
    found = get("Products", world["cable"])
    same((found.get_key_value("Unit_Price"), found.get_key_value("Product_Active")), (2.5, True))


def _item(product: int, quantity: float, price: float) -> InventoryLineItems:
    of, made = LineItemProduct(), InventoryLineItems()
    of.set_id(product)
    made.set_product(of)
    made.set_quantity(quantity)
    made.set_list_price(price)
    made.set_product_description("For the switchboard")
    return made


@step
def a_quote_is_made_with_line_items(world: World) -> None:
    quote = record(
        Subject="Cables and plugs",
        Account_Name=record(world["bell"]),
        Deal_Name=record(world["switchboard"]),
        Quote_Stage=Choice("Draft"),
        Product_Details=[_item(world["cable"], 10.0, 2.5), _item(world["plug"], 4.0, 0.75)],
    )

    (world["quote"],) = create("Quotes", quote)
    found = get("Quotes", world["quote"])
    same((found.get_key_value("Sub_Total"), found.get_key_value("Grand_Total")), (28.0, 28.0))
    first, second = found.get_key_value("Product_Details")
    same(is_a(is_a(first, InventoryLineItems).get_product(), LineItemProduct).get_id(), world["cable"])
    same((first.get_quantity(), second.get_total(), first.get_list_price()), (10.0, 3.0, 2.5))


@step
def an_account_shows_its_contacts(world: World) -> None:
    found = _related("Contacts", "Accounts", world["bell"])

    same({one.get_key_value("Last_Name") for one in found}, {"Bell", "Vance"})


@step
def an_account_shows_its_potentials_and_quotes(world: World) -> None:
    deals = _related("Deals", "Accounts", world["bell"])

    same({one.get_key_value("Deal_Name") for one in deals}, {"Switchboard", "Cables"})
    same([one.get_id() for one in _related("Quotes", "Accounts", world["bell"])], [world["quote"]])


@step
def products_are_linked_to_a_potential_and_unlinked(world: World) -> None:
    wanted = related.BodyWrapper()
    wanted.set_data([record(world["cable"]), record(world["plug"])])
    products = related.RelatedRecordsOperations("Products", "Deals")
    outcomes = answer(products.update_related_records(world["switchboard"], wanted), related.ActionWrapper).get_data()

    same([text(is_a(one, related.SuccessResponse).get_message()) for one in outcomes], ["relation added"] * 2)
    same(len(_related("Products", "Deals", world["switchboard"])), 2)
    response = products.delink_record(world["plug"], world["switchboard"])
    (outcome,) = answer(response, related.ActionWrapper).get_data()
    same(text(is_a(outcome, related.SuccessResponse).get_message()), "relation removed")
    same([one.get_id() for one in _related("Products", "Deals", world["switchboard"])], [world["cable"]])


@step
def a_related_list_without_records_has_no_content(world: World) -> None:
    nothing(related.RelatedRecordsOperations("Invoices", "Accounts").get_related_records(world["bell"]))


@step
def contact_roles_are_listed(world: World) -> None:
    found = answer(contact_roles.ContactRolesOperations().get_contact_roles(), contact_roles.ResponseWrapper)
    by_name = {is_a(one, contact_roles.ContactRole).get_name(): one.get_id() for one in found.get_contact_roles()}

    is_a(by_name["Decision Maker"], int)
