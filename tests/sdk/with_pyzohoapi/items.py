"""Items are made, listed, changed, put aside and deleted."""

from decimal import Decimal

from pyzohoapi.exceptions import ZohoBadRequest
from pyzohoapi.objecttypes import Item
from stepping import World, raises, same, step
from sums import number

from with_pyzohoapi.client import books, find, new


@step
def items_are_made(world: World) -> None:
    desk = new(
        world, Item, name="Desk", rate=Decimal("249.99"), description="Oak", sku="D-1", tax_id=world["sales_tax"]
    )
    chair = new(world, Item, name="Chair", rate=80, unit="pcs")

    same((desk.status, number(desk.rate), desk.sku, desk.tax_name), ("active", Decimal("249.99"), "D-1", "Sales Tax"))
    same((chair.unit, number(chair.tax_percentage or 0)), ("pcs", 0))
    world["desk"], world["chair"] = desk.ID, chair.ID


@step
def items_are_listed_by_name(world: World) -> None:
    same([one["name"] for one in Item(books(world)).Iter(raw=True)], ["Chair", "Desk"])
    same([one["name"] for one in Item(books(world), rate_greater_than="100").Iter(raw=True)], ["Desk"])


@step
def an_item_of_that_name_is_refused(world: World) -> None:
    raises(ZohoBadRequest, "already exists", lambda: new(world, Item, name="Desk", rate=1))


@step
def an_item_is_changed(world: World) -> None:
    chair = find(world, Item, world["chair"])
    chair.rate = Decimal("79.50")
    chair.Update()

    same(
        (find(world, Item, world["chair"]).name, number(find(world, Item, world["chair"]).rate)),
        ("Chair", Decimal("79.5")),
    )


@step
def an_item_is_put_aside_and_taken_back(world: World) -> None:
    chair = find(world, Item, world["chair"])

    same((chair.Deactivate(), find(world, Item, chair.ID).status), (True, "inactive"))
    same((chair.Activate(), find(world, Item, chair.ID).status), (True, "active"))


@step
def an_item_gets_a_picture_and_loses_it(world: World) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(range(64))
    chair = find(world, Item, world["chair"])
    chair.AddImage("chair.png", picture, "image/png")

    found = find(world, Item, chair.ID)
    same(
        (found.image_name, found.GetImage().content_type, found.GetImage().content), ("chair.png", "image/png", picture)
    )
    same(found.DeleteImage(), True)
    same(find(world, Item, chair.ID).image_name, "")


@step
def an_item_is_deleted(world: World) -> None:
    lamp = new(world, Item, name="Lamp", rate=20)
    there = lamp.ID

    same((lamp.Delete().IsDeleted, find(world, Item, there).IsLoaded), (True, False))
