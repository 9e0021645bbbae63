"""Which customer of Invoice a CRM record stands for, by the module that is synced (requirements C1, G3, T1)."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from connector.database import db
from connector.errors import Conflicting
from connector.history import why
from connector.models import Link, Op, Run
from connector.settings import customer_kind, with_lone
from connector.sync.single import fetch_now
from simulator import context

Record = dict[str, Any]

#: The CRM's modules that have a Zoho Invoice section, as addresses call them.
SECTIONS = {"accounts": "Accounts", "contacts": "Contacts", "potentials": "Deals"}
WORDS = {"Accounts": "account", "Contacts": "contact", "Deals": "potential"}
#: The lookup of a record to the account or contact that is its customer.
LOOKUPS = {"account": "Account_Name", "contact": "Contact_Name"}
MODULES = {"account": "Accounts", "contact": "Contacts"}


#: As links call what became a customer: a contact is a person to them unless it is a customer itself.
ENTITIES = {"account": "account", "contact": "customer"}
KINDS = {entity: kind for kind, entity in ENTITIES.items()}


@dataclass(frozen=True)
class CrmCustomer:
    """The CRM record, an account or a contact, whose partner in Invoice is the customer."""

    kind: str
    crm_id: str

    @property
    def entity(self) -> str:
        return ENTITIES[self.kind]


def crm_kind(settings: Record) -> str:
    """What becomes a customer: an account, or in Contacts mode a contact."""
    return KINDS[customer_kind(settings)]


def customer_of(settings: Record, module: str, record: Record) -> CrmCustomer | None:
    """The customer behind a record; None where it has none (see `why_none`)."""
    kinds = [crm_kind(settings), *(["contact"] if with_lone(settings["contacts"]) else [])]
    found = (_customer_as(kind, module, record) for kind in kinds)
    return next((customer for customer in found if customer is not None), None)


def _customer_as(kind: str, module: str, record: Record) -> CrmCustomer | None:
    if module == MODULES[kind]:
        return CrmCustomer(kind, str(record["id"]))
    found = record.get(LOOKUPS[kind]) if module != "Accounts" else None
    return CrmCustomer(kind, str(found["id"])) if found else None


def why_none(settings: Record, module: str) -> str:
    if module == "Accounts":
        return "Contacts are synced with Zoho Invoice, not accounts: open one of this account's contacts."
    return f"This {WORDS[module]} has no {crm_kind(settings)}; give it one to work with Zoho Invoice here."


def invoice_id_of(connection_id: int, customer: CrmCustomer) -> str | None:
    """The Invoice contact that a CRM record is linked with."""
    return contact_ids_of(connection_id, customer.entity, [customer.crm_id]).get(customer.crm_id)


def crm_records_of(connection_id: int, settings: Record, contact_id: str) -> list[CrmCustomer]:
    """The CRM records behind an Invoice contact, the one it follows first; twins may feed one contact."""
    entities = [customer_kind(settings), *(["customer"] if with_lone(settings["contacts"]) else [])]
    statement = (
        select(Link.entity, Link.crm_id)
        .where(
            Link.connection_id == connection_id,
            Link.entity.in_(entities),
            Link.invoice_id == contact_id,
            Link.state == "linked",
        )
        .order_by(Link.entity, Link.role.desc(), Link.id)
    )
    found = [CrmCustomer(KINDS[entity], crm_id) for entity, crm_id in db.session.execute(statement)]
    return [one for one in found if one.kind == found[0].kind]


def contact_ids_of(connection_id: int, entity: str, crm_ids: list[str]) -> dict[str, str]:
    """The Invoice ids of CRM records, of those that are linked."""
    statement = select(Link.crm_id, Link.invoice_id).where(
        Link.connection_id == connection_id,
        Link.entity == entity,
        Link.crm_id.in_(crm_ids),
        Link.state == "linked",
    )
    return dict(db.session.execute(statement).all())


def fetched(app: Any, connection_id: int, customer: CrmCustomer) -> str:
    """Fetches a record into Invoice now; its id there. Opens transactions of its own: none may be open here.

    Raises:
        Conflicting: it is not there afterwards, for the reason given.
    """
    found = fetch_now(app, context.current_world().id, connection_id, customer.kind, customer.crm_id)
    if found is None:
        said = _why_not_fetched(connection_id, customer)
        raise Conflicting("not_fetched", f"The {customer.kind} was not fetched into Zoho Invoice: {said}.")
    return found


def _why_not_fetched(connection_id: int, customer: CrmCustomer) -> str:
    single = select(Run).where(Run.connection_id == connection_id, Run.kind == "single").order_by(Run.id.desc())
    run = db.session.execute(single.limit(1)).scalar_one()
    told = select(Op).where(Op.run_id == run.id, Op.outcome.in_(("failed", "skipped"))).order_by(Op.id)
    op = db.session.execute(told.limit(1)).scalar()
    reason = run.reason or (why(op) if op else f"Zoho CRM has no such {customer.kind}")
    db.session.rollback()
    return reason.rstrip(".")
