"""A sales order, for which the client has verbs of its own."""

from decimal import Decimal

from stepping import World, same, step
from sums import Line, bill, number

from with_pyzohoapi.client import SalesOrder, books, find, new


@step
def a_sales_order_is_made(world: World) -> None:
    made = new(
        world,
        SalesOrder,
        customer_id=world["acme"],
        reference_number="PO-9",
        line_items=[{"item_id": world["chair"], "quantity": 6}],
        shipping_charge=Decimal("19.9"),
    )

    same((made.status, number(made.total)), ("draft", bill(Line("79.5", "6"), shipping="19.9")["total"]))
    world["order"] = made.ID


@step
def the_order_is_confirmed(world: World) -> None:
    order = find(world, SalesOrder, world["order"])

    same((order.Confirm(), find(world, SalesOrder, order.ID).status), (True, "open"))
    same([one["salesorder_id"] for one in SalesOrder(books(world), reference_number="PO-9").Iter(raw=True)], [order.ID])


@step
def the_order_is_voided_and_deleted(world: World) -> None:
    order = find(world, SalesOrder, world["order"])

    same((order.Void(), find(world, SalesOrder, order.ID).status), (True, "void"))
    same((order.Delete().IsDeleted, find(world, SalesOrder, world["order"]).IsLoaded), (True, False))
