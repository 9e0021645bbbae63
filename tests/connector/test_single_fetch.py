"""One product fetched on its own under Sync both ways: it writes Invoice only, whatever a whole sync would do first."""

import pytest

from simulator.clients.base import Refusal
from tests.support.world import World

pytestmark = pytest.mark.requirement("C3", "I2")


@pytest.mark.parametrize(
    ("policy", "rates", "is_linked"),
    [
        ("overwrite", {"Desk": 12}, True),
        ("clone", {"desk": 9, "Desk (2)": 12}, True),
        ("skip", {"desk": 9}, False),
    ],
    ids=["overwrite", "clone", "skip"],
)
def test_a_fetched_product_meets_an_item_of_its_name(world: World, policy: str, rates: dict[str, int], is_linked: bool):
    product = world.add("Products", Product_Name="Desk", Unit_Price=12)
    world.invoice.create_item({"name": "desk", "rate": 9})
    world.connect(contacts={"extent": "both"}, items={"extent": "both", "duplicates": policy})
    before = world.writes("crm")

    is_fetched = _fetch(world, product)

    items = {row["name"]: row for row in world.invoice.items()}
    assert {name: int(row["rate"]) for name, row in items.items()} == rates
    mine = [row["item_id"] for row in items.values() if row.get("zcrm_product_id") == product]
    assert (len(mine), is_fetched) == (int(is_linked), is_linked)
    assert world.writes("crm") == before


def test_a_fetched_product_that_took_over_an_item_is_at_rest_afterwards(world: World):
    product = world.add("Products", Product_Name="Desk", Unit_Price=12)
    world.invoice.create_item({"name": "Desk", "rate": 9})
    world.connect(contacts={"extent": "both"}, items={"extent": "both", "duplicates": "overwrite"})
    _fetch(world, product)

    counts = world.sync()["run"]["counts"]

    record = world.crm.get_record("Products", product)
    assert record is not None
    assert (int(record["Unit_Price"]), len(list(world.crm.iterate("Products", ["id"])))) == (12, 1)
    assert [int(row["rate"]) for row in world.invoice.items()] == [12]
    assert counts["added"] == counts["updated"] == counts["failed"] == 0


def _fetch(world: World, product: str) -> bool:
    """Fetches a product; says whether it is in Invoice afterwards."""
    try:
        world.invoice.ask("POST", f"/crm/item/{product}/import")
    except Refusal:
        return False
    return True
