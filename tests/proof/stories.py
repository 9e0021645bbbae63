"""One story for each mode of the sync: what there is when a sync begins, and what both sides show when all is done."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from connector.settings import Extent, Module
from tests.support.world import World

ACCOUNT = ("Account_Name", "Phone", "Website", "Billing_City", "Description")
PERSON = ("Last_Name", "First_Name", "Email", "Phone", "Account_Name")
PRODUCT = ("Product_Name", "Unit_Price", "Description", "Product_Active")

#: More than Invoice takes as notes: this account is refused there, and so its people have no customer.
TOO_LONG = "x" * 10_001


@dataclass(frozen=True)
class Mode:
    """What is synced and how far (guide: Sync contacts, steps 1 and 2)."""

    module: Module
    extent: Extent

    def __str__(self) -> str:
        return f"{self.module.value}-{self.extent.value}"


MODES = [Mode(module, extent) for module in Module for extent in Extent]


def tell(world: World, mode: Mode) -> None:
    """Two linked companies with their people and products; then much is changed on both sides, and nothing synced."""
    both = {"extent": mode.extent.value, "deleted_in_invoice": "delete"}
    for name in ("Acme", "Borg", "Cyan", "Dune"):
        account = world.add_account(name, Phone="1", Billing_City="Oslo")
        _add_person(world, name, "One", account)
    for name in ("Pen", "Ink", "Pad"):
        world.add("Products", Product_Name=name, Unit_Price=Decimal("1.50"))
    world.connect(contacts={"module": mode.module.value, **both}, items=both, triggers={"document": "invoice"})
    world.sync()
    _change_crm(world)
    _change_invoice(world)


def _add_person(world: World, company: str, name: str, account: str) -> None:
    email = f"{name}@{company}.example".lower()
    world.add("Contacts", Last_Name=company, First_Name=name, Email=email, Account_Name={"id": account})


def _change_crm(world: World) -> None:
    accounts = _ids(world, "Accounts", "Account_Name")
    people = _ids(world, "Contacts", "Last_Name")
    products = _ids(world, "Products", "Product_Name")
    world.change("Accounts", accounts["Acme"], Phone="2", Website="https://acme.example")
    world.change("Contacts", people["Cyan"], Phone="22")
    world.change("Products", products["Pen"], Unit_Price=Decimal("2.25"))
    world.crm.delete_records("Accounts", [accounts["Borg"]])
    world.crm.delete_records("Contacts", [people["Dune"]])
    world.crm.delete_records("Products", [products["Ink"]])
    new = world.add_account("Echo", Phone="5")
    _add_person(world, "Echo", "One", new)
    _add_person(world, "Foxtrot", "Two", new)
    _add_person(world, "Hotel", "One", world.add_account("Hotel", Description=TOO_LONG))
    world.add("Products", Product_Name="Cup", Unit_Price=Decimal("7"))


def win(world: World) -> None:
    """A potential is won; the CRM has a notice of it to deliver."""
    account, person = _ids(world, "Accounts", "Account_Name")["Acme"], _ids(world, "Contacts", "Last_Name")["Acme"]
    world.add_potential("Big deal", account, "Closed Won", Decimal("99.90"), Contact_Name={"id": person})


def _change_invoice(world: World) -> None:
    customers = {row["contact_name"]: row["contact_id"] for row in world.invoice.contacts()}
    items = {row["name"]: row["item_id"] for row in world.invoice.items()}
    acme = next(name for name in customers if "Acme" in name)
    cyan = next(name for name in customers if "Cyan" in name)
    world.invoice.update_contact(customers[acme], {"notes": "Pays late", "billing_address": {"city": "Bergen"}})
    world.invoice.update_contact(customers[cyan], {"notes": "Pays early"})
    world.invoice.update_item(items["Pad"], {"description": "A5"})
    world.invoice.create_contact({"contact_name": "Golf", "notes": "Met at a fair"})
    world.invoice.create_item({"name": "Dye", "rate": Decimal("3")})


def _ids(world: World, module: str, name: str) -> dict[str, str]:
    return {row[name]: row["id"] for row in world.crm.iterate(module, [name])}


def shown(world: World) -> dict[str, Any]:
    """All that people see of both products, without ids and times: two worlds with equal stories show the same."""
    crm = {
        module: _sorted(_plain(row, fields) for row in world.crm.iterate(module, list(fields)))
        for module, fields in (("Accounts", ACCOUNT), ("Contacts", PERSON), ("Products", PRODUCT))
    }
    return {
        **crm,
        "customers": _sorted(_customer(world, row["contact_id"]) for row in world.invoice.contacts()),
        "items": _sorted(
            {name: row[name] for name in ("name", "rate", "description", "status")} for row in world.invoice.items()
        ),
        "invoices": _sorted(
            {name: row[name] for name in ("customer_name", "status", "total", "balance", "reference_number")}
            for row in world.invoice.invoices()
        ),
    }


def _plain(row: dict[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name]["name"] if isinstance(row[name], dict) else row[name] or "" for name in fields}


def _customer(world: World, contact_id: str) -> dict[str, Any]:
    found = world.invoice.contact(contact_id)
    assert found is not None
    people = [
        {name: person[name] for name in ("first_name", "last_name", "email", "phone", "is_primary_contact")}
        for person in found["contact_persons"]
    ]
    address = {name: found["billing_address"][name] for name in ("phone", "city")}
    names = ("contact_name", "company_name", "website", "notes", "status")
    return {**{name: found[name] for name in names}, **address, "people": _sorted(people)}


def _sorted(rows: Any) -> list[dict[str, Any]]:
    return sorted(rows, key=repr)


def check_history(world: World) -> None:
    """No run is left open, and of each the sums are right (reliability.md I4, I5)."""
    for row in world.connector("GET", "/connection/runs?per_page=200").json()["runs"]:
        is_told = row["state"] in ("failed", "aborted") and row["reason"]
        assert row["kind"] == "trigger" or row["state"] == "done" or is_told, row
        run = world.run(row["id"])
        for total in run["totals"]:
            parts = ("added", "updated", "deleted", "skipped", "unchanged", "failed")
            assert total["fetched"] == sum(total[part] for part in parts), total


def come_to_rest(world: World) -> None:
    """At most two runs bring the sides together, the next writes nothing (reliability.md I6, I7)."""
    written = [_written(world)]
    while len(written) < 2 or written[-1] != written[-2]:
        assert len(written) <= 3, written
        world.sync()
        written.append(_written(world))


def _written(world: World) -> int:
    return len(world.writes("crm")) + len(world.writes("invoice"))
