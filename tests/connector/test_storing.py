"""What became of many records is kept together, for one by one that took longer than the calls that wrote them."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.support.world import World

pytestmark = pytest.mark.requirement("C11")


@contextmanager
def counted() -> Iterator[list[str]]:
    """The queries of links and ops that are sent within the block."""
    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("SELECT") and {"link", "op"} & set(statement.split()):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def queries_for(world: World, edited: list[str]) -> int:
    """How many it takes to bring edits of customers to the CRM."""
    for contact_id in edited:
        world.invoice.update_contact(contact_id, {"notes": f"Edited, one of {len(edited)}"})
    with counted() as sent:
        run = world.sync()["run"]
    assert run["counts"]["updated"] == len(edited)
    return len(sent)


def test_many_updates_of_the_crm_are_kept_with_as_few_queries_as_a_few(world: World):
    for number in range(15):
        world.add_account(f"Acme {number}")
    world.connect(contacts={"extent": "both"}, items={"enabled": False})
    world.sync()
    customers = sorted(row["contact_id"] for row in world.customers().values())

    few, many = queries_for(world, customers[:3]), queries_for(world, customers)

    assert many == few
