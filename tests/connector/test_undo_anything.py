"""Whatever a run did, its undo leaves both products as they were (sync.md, Invariants, 15; requirement S7).

Both products and the connector are real, each example in a world of its own.
"""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.picture import differences, picture
from tests.support.world import Simulator, World

NAMES = st.sampled_from(["Acme", "acme", "Zylker", "Bora", "Cora"])
VALUES = st.sampled_from(["", "1", " 2 ", "Oslo"])
ACTS = st.sampled_from(
    (
        "add_account", "add_person", "add_product", "add_customer", "add_item", "edit_account", "edit_person",
        "edit_product", "edit_customer", "edit_item", "delete_account", "delete_person", "delete_product",
        "delete_customer", "delete_item", "bill_customer",
    )
)  # fmt: skip
EVENTS = st.lists(st.tuples(ACTS, st.integers(0, 5), NAMES, VALUES), max_size=6)
MODES = st.sampled_from(
    [(module, extent) for module in ("accounts", "contacts", "accounts_and_contacts") for extent in ("fetch", "both")]
)
EXAMPLES = 12


class People:
    """What people do in both products; a refusal of a product is no matter here."""

    def __init__(self, world: World) -> None:
        self._world = world

    def do(self, act: str, which: int, name: str, value: str) -> None:
        verb, _, what = act.partition("_")
        getattr(self, f"_{verb}_{what}")(which, name, value)

    def _add_account(self, which: int, name: str, value: str) -> None:
        self._world.crm.create_records("Accounts", [{"Account_Name": name, "Phone": value, "Employees": which}])

    def _add_person(self, which: int, name: str, value: str) -> None:
        if accounts := self._records("Accounts"):
            account = {"id": accounts[which % len(accounts)]}
            self._world.crm.create_records(
                "Contacts", [{"Last_Name": name, "Title": value, "Account_Name": account, "Email": f"{name}@x.example"}]
            )

    def _add_product(self, which: int, name: str, value: str) -> None:
        product = {"Product_Name": name, "Description": value, "Unit_Price": Decimal(which), "Product_Active": True}
        self._world.crm.create_records("Products", [product])

    def _add_customer(self, which: int, name: str, value: str) -> None:
        person = {"last_name": name, "email": f"{which}@y.example"}
        body = {"contact_name": name, "notes": value, "twitter": value, "contact_persons": [person]}
        if name not in self._world.customers():
            self._world.invoice.create_contact(body)

    def _add_item(self, which: int, name: str, value: str) -> None:
        if name not in {row["name"] for row in self._world.invoice.items()}:
            self._world.invoice.create_item({"name": name, "rate": which, "description": value})

    def _edit_account(self, which: int, name: str, value: str) -> None:
        self._change("Accounts", which, {"Description": value or None, "Billing_City": name})

    def _edit_person(self, which: int, name: str, value: str) -> None:
        self._change("Contacts", which, {"Title": value or None})

    def _edit_product(self, which: int, name: str, value: str) -> None:
        self._change("Products", which, {"Description": value or None, "Product_Active": which % 2 == 0})

    def _change(self, module: str, which: int, values: dict[str, Any]) -> None:
        if found := self._records(module):
            self._world.crm.update_records(module, [{"id": found[which % len(found)], **values}])

    def _edit_customer(self, which: int, name: str, value: str) -> None:
        if contact_id := self._customer(which):
            self._world.invoice.update_contact(contact_id, {"notes": value, "facebook": name})

    def _edit_item(self, which: int, name: str, value: str) -> None:
        if rows := sorted(row["item_id"] for row in self._world.invoice.items()):
            self._world.invoice.update_item(rows[which % len(rows)], {"rate": which, "purchase_description": value})

    def _delete_account(self, which: int, name: str, value: str) -> None:
        self._bin("Accounts", which)

    def _delete_person(self, which: int, name: str, value: str) -> None:
        self._bin("Contacts", which)

    def _delete_product(self, which: int, name: str, value: str) -> None:
        self._bin("Products", which)

    def _bin(self, module: str, which: int) -> None:
        found = self._records(module)[1:]  # the first one stays, so that no list comes empty
        if found:
            self._world.crm.delete_records(module, [found[which % len(found)]])

    def _delete_customer(self, which: int, name: str, value: str) -> None:
        contact_id = self._customer(which)
        if (
            contact_id
            and len(self._world.customers()) > 1
            and not self._world.invoice.contact(contact_id)["has_transaction"]
        ):
            self._world.invoice.delete_contact(contact_id)

    def _delete_item(self, which: int, name: str, value: str) -> None:
        rows = sorted(row["item_id"] for row in self._world.invoice.items())[1:]
        if rows:
            self._world.invoice.delete_item(rows[which % len(rows)])

    def _bill_customer(self, which: int, name: str, value: str) -> None:
        contact_id = self._customer(which)
        if contact_id and self._world.invoice.contact(contact_id)["status"] == "active":
            line = {"name": "x", "rate": 1}
            self._world.invoice.ask("POST", "/invoices", json={"customer_id": contact_id, "line_items": [line]})

    def _records(self, module: str) -> list[str]:
        return sorted(str(row["id"]) for row in self._world.crm.iterate(module, ["id"]))

    def _customer(self, which: int) -> str | None:
        rows = sorted(row["contact_id"] for row in self._world.customers().values())
        return rows[which % len(rows)] if rows else None


@pytest.mark.requirement("S7")
def test_whatever_a_sync_did_its_undo_leaves_both_products_as_they_were(simulator: Simulator):
    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(MODES, st.sampled_from(["skip", "overwrite", "clone"]), st.booleans(), EVENTS, EVENTS)
    def check(mode: tuple[str, str], duplicates: str, deletes: bool, first: list[Any], then: list[Any]) -> None:
        module, extent = mode
        world = simulator.new_world()
        people = People(world)
        account = world.add_account("Anchor")
        world.add("Contacts", Last_Name="Anchor", Account_Name={"id": account})
        world.add("Products", Product_Name="Anchor", Product_Active=True)
        for event in first:
            people.do(*event)
        of_both = {"extent": extent, "duplicates": duplicates, "deleted_in_invoice": "delete" if deletes else "detach"}
        world.connect(contacts={"module": module, **of_both}, items=of_both)
        assert world.sync()["run"]["state"] == "done"
        for event in then:
            people.do(*event)
        before = picture(world)
        run = world.sync()
        assert run["run"]["state"] == "done", run

        answer = world.connector("POST", f"/connection/runs/{run['run']['id']}/undo", {})
        world.settle()

        if answer.status == 409:
            assert answer.json()["code"] == "nothing_to_undo", answer.body
        else:
            undone = world.run(answer.json()["run"]["id"])
            assert undone["run"]["counts"]["failed"] == 0, undone
            assert undone["run"]["state"] == "done", undone
        assert differences(before, picture(world)) == []

    check()
