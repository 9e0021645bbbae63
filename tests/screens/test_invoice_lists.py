"""Lists of the Invoice workspace as files."""

import json

import pytest

from tests.support.visitor import Visitor
from tests.support.world import World


@pytest.mark.parametrize("name", ["contacts", "items", "estimates", "salesorders", "payments", "invoices"])
def test_a_list_links_its_files_and_they_come(asha: Visitor, name: str) -> None:
    page = asha.get(f"/invoice/{name}").text

    for ext, kind in (("csv", "text/csv"), ("json", "application/json")):
        file = asha.get(f"/invoice/{name}.{ext}")
        assert f"/invoice/{name}.{ext}" in page
        assert file.content_type.startswith(kind)


def test_a_file_is_narrowed_as_its_page_is_and_has_the_rows_of_all_pages(world: World, asha: Visitor) -> None:
    for number in range(205):
        world.invoice.create_item({"name": f"Anvil {number}", "rate": number})
    world.invoice.create_item({"name": "Rope", "rate": 1})

    rows = json.loads(asha.get("/invoice/items.json?q=anvil").text)

    assert len(rows) == 205
    assert {"item_id", "name", "rate"} <= set(rows[0])
