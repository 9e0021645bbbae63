"""A CRM id is looked for by its index: else each record made would read all there are."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import sqlite

from mock_invoice.contacts.model import Contact, ContactPerson
from mock_invoice.database import db
from mock_invoice.find import holds_crm_id
from mock_invoice.items.model import Item
from tests.support.databases import SERVER
from tests.support.world import World


@pytest.mark.skipif(SERVER is not None, reason="the plan is SQLite's")
@pytest.mark.parametrize(
    ("column", "index"),
    [
        (Contact.zcrm_account_id, "uq_contact_zcrm_account"),
        (Contact.zcrm_contact_id, "uq_contact_zcrm_contact"),
        (ContactPerson.zcrm_contact_id, "uq_person_zcrm_contact"),
        (Item.zcrm_product_id, "uq_item_zcrm_product"),
    ],
)
def test_the_holder_of_a_crm_id_is_found_by_an_index(world: World, column: Any, index: str):
    table = column.class_
    wanted = select(table.id).where(table.organization_id == 1, *holds_crm_id(column, "1"))
    statement = wanted.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})

    with world.apps["invoice"].extensions["worlds"].transaction(world.id, reads_only=True):
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}").all()

    assert index in str(plan)
