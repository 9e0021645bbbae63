"""Products, quotes and orders with their line items, related lists and contact roles."""

from stepping import World, is_a, same, step
from zohocrmsdk.src.com.zoho.crm.api import contact_roles, deal_contact_roles
from zohocrmsdk.src.com.zoho.crm.api import related_records as related
from zohocrmsdk.src.com.zoho.crm.api.record import LineItemProduct, Record
from zohocrmsdk.src.com.zoho.crm.api.util import Choice

from v8.sdk import answer, create, get, nothing, params, record, text


def _lists(name: str, module: str) -> related.RelatedRecordsOperations:
    return related.RelatedRecordsOperations(name, module)


def _related(name: str, module: str, record_id: int, fields: str) -> list[Record]:
    asked = params(related.GetRelatedRecordsParam, fields=fields)
    found = answer(_lists(name, module).get_related_records(record_id, asked), related.ResponseWrapper).get_data()
    return [is_a(one, Record) for one in found]


@step
def products_are_made(world: World) -> None:
    made = [
        record(Product_Name=name, Product_Code=code, Unit_Price=price, Usage_Unit=Choice("Box"), Product_Active=True)
        for name, code, price in (("Cable", "C-1", 2.5), ("Plug", "P-1", 0.75))
    ]

    world["cable"], world["plug"] = create("Products", *made)
    found = get("Products", world["cable"])
    same((found.get_key_value("Unit_Price"), found.get_key_value("Product_Active")), (2.5, True))
    same(is_a(found.get_key_value("Usage_Unit"), Choice).get_value(), "Box")


def _item(product: int, quantity: float, price: float) -> Record:
    of = LineItemProduct()
    of.set_id(product)
    return record(Product_Name=of, Quantity=quantity, List_Price=price, Description="For the switchboard")


@step
def a_quote_is_made_with_line_items(world: World) -> None:
    quote = record(
        Subject="Cables and plugs",
        Account_Name=record(world["bell"]),
        Contact_Name=record(world["ida"]),
        Deal_Name=record(world["switchboard"]),
        Quote_Stage=Choice("Draft"),
        Quoted_Items=[_item(world["cable"], 10.0, 2.5), _item(world["plug"], 4.0, 0.75)],
    )

    (world["quote"],) = create("Quotes", quote)
    found = get("Quotes", world["quote"])
    same((found.get_key_value("Sub_Total"), found.get_key_value("Grand_Total")), (28.0, 28.0))
    first, second = found.get_key_value("Quoted_Items")
    same(is_a(is_a(first, Record).get_key_value("Product_Name"), LineItemProduct).get_id(), world["cable"])
    same((first.get_key_value("Quantity"), second.get_key_value("Total")), (10.0, 3.0))


@step
def an_order_is_made_from_the_quote(world: World) -> None:
    order = record(
        Subject="Order of cables",
        Account_Name=record(world["bell"]),
        Quote_Name=record(world["quote"]),
        Status=Choice("Created"),
        Ordered_Items=[_item(world["cable"], 10.0, 2.5)],
    )

    (made,) = create("Sales_Orders", order)
    same(get("Sales_Orders", made).get_key_value("Quote_Name").get_id(), world["quote"])


@step
def an_account_shows_its_contacts(world: World) -> None:
    found = _related("Contacts", "Accounts", world["bell"], "Last_Name,Email")

    same({one.get_key_value("Last_Name") for one in found}, {"Bell", "Vance"})


@step
def an_account_shows_its_potentials_and_quotes(world: World) -> None:
    deals = _related("Deals", "Accounts", world["bell"], "Deal_Name,Stage,Amount")

    same({one.get_key_value("Deal_Name") for one in deals}, {"Switchboard", "Cables"})
    same([one.get_id() for one in _related("Quotes", "Accounts", world["bell"], "Subject")], [world["quote"]])


@step
def products_are_linked_to_a_potential(world: World) -> None:
    wanted = related.BodyWrapper()
    wanted.set_data([record(world["cable"]), record(world["plug"])])
    response = _lists("Products", "Deals").update_related_records(world["switchboard"], wanted)
    outcomes = answer(response, related.ActionWrapper).get_data()

    same([text(is_a(one, related.SuccessResponse).get_message()) for one in outcomes], ["relation added"] * 2)
    found = _related("Products", "Deals", world["switchboard"], "Product_Name,Unit_Price")
    same({one.get_key_value("Product_Name") for one in found}, {"Cable", "Plug"})


@step
def a_product_is_unlinked(world: World) -> None:
    response = _lists("Products", "Deals").delink_record(world["plug"], world["switchboard"])
    (outcome,) = answer(response, related.ActionWrapper).get_data()

    same(text(is_a(outcome, related.SuccessResponse).get_message()), "relation removed")
    found = _related("Products", "Deals", world["switchboard"], "Product_Name")
    same([one.get_id() for one in found], [world["cable"]])


@step
def a_related_list_without_records_has_no_content(world: World) -> None:
    asked = params(related.GetRelatedRecordsParam, fields="Subject")

    nothing(_lists("Invoices", "Accounts").get_related_records(world["bell"], asked))


@step
def contact_roles_are_listed(world: World) -> None:
    found = answer(contact_roles.ContactRolesOperations().get_roles(), contact_roles.ResponseWrapper)
    by_name = {is_a(one, contact_roles.ContactRole).get_name(): one.get_id() for one in found.get_contact_roles()}

    world["decision_maker"] = by_name["Decision Maker"]


@step
def a_contact_gets_a_role_in_a_potential(world: World) -> None:
    role = deal_contact_roles.ContactRole()
    role.set_id(world["decision_maker"])
    role.set_name("Decision Maker")
    data = deal_contact_roles.Data()
    data.set_contact_role(role)
    wanted = deal_contact_roles.BodyWrapper()
    wanted.set_data([data])
    operations = deal_contact_roles.DealContactRolesOperations()
    response = operations.associate_contact_role_to_deal(world["otto"], world["switchboard"], wanted)
    (outcome,) = answer(response, deal_contact_roles.ActionWrapper).get_data()
    asked = params(deal_contact_roles.GetAssociatedContactRolesParam, fields="id,Contact_Role")
    response = operations.get_associated_contact_roles(world["switchboard"], asked)
    found = answer(response, deal_contact_roles.ResponseWrapper).get_data()

    is_a(outcome, deal_contact_roles.SuccessResponse)
    roles = {is_a(one, deal_contact_roles.Data).get_id(): one.get_contact_role() for one in found}
    same(roles[world["otto"]].get_name(), "Decision Maker")
