"""Working with Zoho CRM inside Zoho Invoice: a customer's side panel, and Search in Zoho CRM (requirements W1, W2).

Invoice's own contact is read as the caller, so that his role there holds; the CRM is asked as the connecting user.
"""

from dataclasses import dataclass
from typing import Any

from connector import customers
from connector.asking import answered_by, hurried_peers, invoice_as, working_connection
from connector.customers import ENTITIES, LOOKUPS, MODULES, CrmCustomer, crm_kind
from connector.database import db
from connector.errors import NotFound
from connector.models import Connection
from connector.peers import Peers
from connector.potentials import containing, one_of, potentials_of
from connector.settings import with_lone
from simulator.clients.invoice import InvoiceClient

Record = dict[str, Any]

#: What the panel shows of a record, in this order: CRM field and label.
SHOWN: dict[str, tuple[tuple[str, str], ...]] = {
    "Accounts": (
        ("Account_Name", "Account Name"),
        ("Owner", "Account Owner"),
        ("Account_Type", "Account Type"),
        ("Industry", "Industry"),
        ("Phone", "Phone"),
        ("Website", "Website"),
        ("Annual_Revenue", "Annual Revenue"),
        ("Billing_Street", "Billing Street"),
        ("Billing_City", "Billing City"),
        ("Billing_State", "Billing State"),
        ("Billing_Code", "Billing Code"),
        ("Billing_Country", "Billing Country"),
    ),
    "Contacts": (
        ("Full_Name", "Contact Name"),
        ("Owner", "Contact Owner"),
        ("Account_Name", "Account Name"),
        ("Title", "Title"),
        ("Email", "Email"),
        ("Phone", "Phone"),
        ("Mobile", "Mobile"),
        ("Mailing_Street", "Mailing Street"),
        ("Mailing_City", "Mailing City"),
        ("Mailing_State", "Mailing State"),
        ("Mailing_Zip", "Mailing Zip"),
        ("Mailing_Country", "Mailing Country"),
    ),
}
#: Potentials in the panel; Link Potential pages through all of them.
POTENTIALS_SHOWN = 20
ACCOUNTS_FOUND = 20
CONTACTS_FOUND = 200
NOT_FROM_CRM = "This customer is not linked with a record of Zoho CRM."
CONTACT_COLUMNS = "First_Name, Last_Name, Email, Phone, Account_Name, Account_Name.Account_Name"


@dataclass(frozen=True)
class Desk:
    """What a call from a screen of Invoice works with."""

    connection_id: int
    settings: Record
    peers: Peers
    own: InvoiceClient

    @property
    def kind(self) -> str:
        """What becomes a customer, account or contact."""
        return crm_kind(self.settings)

    @property
    def has_lone(self) -> bool:
        """Whether contacts without an account are customers too."""
        return with_lone(self.settings["contacts"])


def desk_of(connection: Connection, token: str) -> Desk:
    """Ends the transaction that read the connection: products are asked from here on."""
    own = invoice_as(token, connection.organization_id)
    desk = Desk(connection.id, connection.settings, hurried_peers(connection), own)
    db.session.rollback()
    return desk


def customer(desk: Desk, contact_id: str) -> Record:
    """A contact of Invoice, as the caller may see it."""
    unknown = NotFound(f"There is no customer {contact_id} in Zoho Invoice.", field="customer_id")
    if not contact_id.isascii() or not contact_id.isdigit():
        raise unknown
    with answered_by("invoice"):
        found = desk.own.contact(contact_id)
    if found is None:
        raise unknown
    return found


def crm_records(desk: Desk, contact_id: str) -> tuple[str, list[str]]:
    """What a contact of Invoice is in the CRM, account or contact, and the ids of its records there."""
    found = customers.crm_records_of(desk.connection_id, desk.settings, contact_id)
    db.session.rollback()
    return found[0].kind if found else desk.kind, [one.crm_id for one in found]


def side_panel(token: str, contact_id: str) -> Record:
    """What the CRM knows of a customer: his account (or contact) and its potentials (requirement W1)."""
    desk = desk_of(working_connection(), token)
    customer(desk, contact_id)
    kind, ids = crm_records(desk, contact_id)
    module = MODULES[kind]
    answer: Record = {"contact_id": contact_id, "module": module, "record": None, "potentials": [], "problem": None}
    if not ids:
        return {**answer, "problem": NOT_FROM_CRM}
    with answered_by("crm"):
        found = desk.peers.crm.get_records_by_id(module, ids[:1], [name for name, _ in SHOWN[module]])
        listed = potentials_of(desk.peers.crm, LOOKUPS[kind], ids, "", 1, POTENTIALS_SHOWN)
    if not found:
        answer["problem"] = f"The {kind} of this customer was deleted in Zoho CRM."
    return {**answer, "record": _shown(module, found[0]) if found else None, **listed}


def _shown(module: str, record: Record) -> Record:
    rows = [{"field": name, "label": label, "value": _plain(record.get(name))} for name, label in SHOWN[module]]
    return {
        "id": str(record["id"]),
        "name": rows[0]["value"],
        "fields": [row for row in rows if row["value"] is not None],
    }


def _plain(value: Any) -> Any:
    return value.get("name") if isinstance(value, dict) else value


def search(token: str, q: str) -> Record:
    """Search in Zoho CRM: by account name, or in Contacts mode by first and last name (requirement W2).

    Contacts without an account that are customers of their own are found by their names beside accounts.
    """
    desk = desk_of(working_connection(), token)
    words = q.replace("%", " ").split()
    accounts: list[Record] = []
    people: list[Record] = []
    own: list[Record] = []
    with answered_by("crm"):
        if words and desk.kind == "account":
            accounts = _accounts(desk, " ".join(words))
            people = (
                _people(desk, f"Account_Name in {one_of([str(row['id']) for row in accounts])}") if accounts else []
            )
            own = _people(desk, _joined([*_named(words), "Account_Name is null"])) if desk.has_lone else []
        elif words:
            own = _people(desk, _joined(_named(words)))
    return _found(desk, accounts, people, own)


def _named(words: list[str]) -> list[str]:
    return [f"(First_Name like {containing(word)} or Last_Name like {containing(word)})" for word in words[:5]]


def _joined(conditions: list[str]) -> str:
    """COQL wants brackets around each two conditions."""
    joined = conditions[0]
    for condition in conditions[1:]:
        joined = f"({joined} and {condition})"
    return joined


def _accounts(desk: Desk, name: str) -> list[Record]:
    return desk.peers.crm.coql(
        f"select Account_Name, Phone from Accounts where Account_Name like {containing(name)}"
        f" order by Account_Name, id limit {ACCOUNTS_FOUND}"
    )


def _people(desk: Desk, condition: str) -> list[Record]:
    return desk.peers.crm.coql(
        f"select {CONTACT_COLUMNS} from Contacts where {condition} order by Last_Name, id limit {CONTACTS_FOUND}"
    )


def _found(desk: Desk, accounts: list[Record], people: list[Record], own: list[Record]) -> Record:
    """What was found, each with its Invoice id where it is there already.

    Args:
        people: contacts of the accounts.
        own: contacts that are customers of their own.
    """
    linked = _linked(desk, ENTITIES["account"], accounts)
    persons = _linked(desk, "contact", people)
    contacts = [{**_shown_person(row), "contact_person_id": persons.get(str(row["id"]))} for row in people]
    as_customers = _linked(desk, ENTITIES["contact"], own)
    return {
        "module": MODULES[desk.kind],
        "accounts": [
            {
                "account_id": str(row["id"]),
                "name": row["Account_Name"],
                "phone": row.get("Phone"),
                "contact_id": linked.get(str(row["id"])),
                "contacts": [one for one in contacts if one["account_id"] == str(row["id"])],
            }
            for row in accounts
        ],
        "contacts": [{**_shown_person(row), "contact_id": as_customers.get(str(row["id"]))} for row in own],
    }


def _linked(desk: Desk, entity: str, rows: list[Record]) -> dict[str, str]:
    return customers.contact_ids_of(desk.connection_id, entity, [str(row["id"]) for row in rows])


def _shown_person(row: Record) -> Record:
    account = row.get("Account_Name")
    return {
        "crm_contact_id": str(row["id"]),
        "name": " ".join(part for part in (row.get("First_Name"), row.get("Last_Name")) if part),
        "email": row.get("Email"),
        "phone": row.get("Phone"),
        "account_id": str(account["id"]) if account else None,
        "account_name": row.get("Account_Name.Account_Name"),
    }


def pick(app: Any, token: str, kind: str, crm_id: str) -> Record:
    """Fetches what was picked in the search at once (requirement W2).

    Args:
        kind: what it is in the CRM, account or contact.

    Returns:
        the customer, and in the third mode the person to choose on the transaction.
    """
    desk = desk_of(working_connection(), token)
    with answered_by("invoice"):
        desk.own.ask("GET", "/contacts", {"per_page": 1})  # only who works in this organization fetches into it
    if customers.customer_of(desk.settings, MODULES[kind], _crm_record(desk, kind, crm_id)) is None:
        raise NotFound(customers.why_none(desk.settings, MODULES[kind]), field=f"{kind}_id")
    contact_id = customers.fetched(app, desk.connection_id, CrmCustomer(kind, crm_id))
    person_id = _person(desk, crm_id) if kind == "contact" else None
    with answered_by("invoice"):
        contact = desk.peers.invoice.contact(contact_id)
    return {
        "contact_id": contact_id,
        "contact_name": contact["contact_name"] if contact else None,
        "contact_person_id": person_id,
    }


def _crm_record(desk: Desk, kind: str, crm_id: str) -> Record:
    unknown = NotFound(f"There is no such {kind} in Zoho CRM.", field=f"{kind}_id")
    if not crm_id.isascii() or not crm_id.isdigit():
        raise unknown
    with answered_by("crm"):
        found = desk.peers.crm.get_records_by_id(MODULES[kind], [crm_id], ["id", "Account_Name"])
    if not found:
        raise unknown
    return found[0]


def _person(desk: Desk, crm_id: str) -> str | None:
    found = customers.contact_ids_of(desk.connection_id, "contact", [crm_id]).get(crm_id)
    db.session.rollback()
    return found
