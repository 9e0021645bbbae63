"""The Zoho Invoice section of a CRM account, contact or potential (requirements T1 to T4, P3 to P5, L4).

Whoever asks must be allowed to see the record in the CRM (it is read with his token), to do the act (the boxes of his
profile), and the document must belong to the record. Only then Invoice is asked, as the integration. No transaction
is open while a product is asked.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from connector import customers, linking_rules
from connector.asking import answered_by, crm_as, hurried_peers, working_connection
from connector.customers import SECTIONS, CrmCustomer
from connector.database import db
from connector.documents import KINDS, Kind
from connector.errors import Conflicting, ConnectorError, NotFound
from connector.peers import Peers
from connector.permissions import Boxes, boxes_of
from connector.sync.sending import create_once
from connector.triggers.document import KEY_FIELD

Record = dict[str, Any]

#: Documents of each kind that the section shows at once.
ROWS_SHOWN = 10
NOT_THERE_YET = "Not in Zoho Invoice yet; it is fetched there when the first document is made."
NO_MAIL_ADDRESS = "The customer has no email address in Zoho Invoice; say to whom to send it."


@dataclass(frozen=True)
class Section:
    """One record's section, for one caller. `contact_id` is its customer in Invoice, `problem` why there is none."""

    connection_id: int
    crm_module: str
    record: Record
    customer: CrmCustomer | None
    contact_id: str | None
    problem: str | None
    boxes: Boxes
    peers: Peers

    @property
    def is_of_potential(self) -> bool:
        return self.crm_module == "Deals"

    @property
    def filters(self) -> Record | None:
        """Which of Invoice's documents belong here; None where there can be none."""
        if self.is_of_potential:
            return {"zcrm_potential_id": str(self.record["id"])}
        return {"customer_id": self.contact_id} if self.contact_id else None

    def owns(self, document: Record) -> bool:
        return self.filters is not None and self.filters.items() <= document.items()


def open_section(module: str, record_id: str, user_id: str, token: str) -> Section:
    """Checks who asks for what; see the head of this module.

    Args:
        module: as addresses call it: accounts, contacts, potentials.

    Raises:
        ConnectorError: the integration is off, the record is not there, or not for this user.
    """
    connection = working_connection()
    connection_id, settings, peers = connection.id, connection.settings, hurried_peers(connection)
    db.session.rollback()
    crm_module = SECTIONS[module]
    record = _record(crm_module, record_id, token)
    boxes = boxes_of(peers.crm, user_id)
    customer = customers.customer_of(settings, crm_module, record)
    contact_id = customers.invoice_id_of(connection_id, customer) if customer else None
    db.session.rollback()
    problem = None
    if contact_id is None:
        problem = NOT_THERE_YET if customer else customers.why_none(settings, crm_module)
    return Section(connection_id, crm_module, record, customer, contact_id, problem, boxes, peers)


def _record(crm_module: str, record_id: str, token: str) -> Record:
    unknown = NotFound(f"There is no such {customers.WORDS[crm_module]} in Zoho CRM.")
    if not record_id.isascii() or not record_id.isdigit():
        raise unknown
    try:
        with answered_by("crm"):
            record = crm_as(token).get_record(crm_module, record_id)
    except ConnectorError as error:
        if error.details.get("vendor_code") == "INVALID_DATA":
            raise unknown from None
        raise
    if record is None:
        raise unknown
    return record


def overview(section: Section) -> Record:
    """The whole section: the first documents of each kind that the caller may see, and what he may do."""
    shown = {
        path: listed(section, kind, 1, ROWS_SHOWN) for path, kind in KINDS.items() if section.boxes.allow("View", kind)
    }
    return {
        "record": {"module": section.crm_module, "id": str(section.record["id"]), "name": _name(section)},
        "customer_id": section.contact_id,
        "problem": section.problem,
        "permissions": section.boxes.shown(),
        **{path: shown.get(path) for path in KINDS},
    }


def _name(section: Section) -> str:
    name = {"Accounts": "Account_Name", "Contacts": "Full_Name", "Deals": "Deal_Name"}[section.crm_module]
    return str(section.record.get(name) or "")


def listed(section: Section, kind: Kind, page: int, per_page: int) -> Record:
    """One page of the record's documents of a kind, newest first."""
    section.boxes.require("View", kind)
    rows: list[Record] = []
    has_more = False
    if section.filters is not None:
        order = {"sort_column": "date", "sort_order": "D", "per_page": per_page}
        with answered_by("invoice"):
            rows, has_more = section.peers.invoice.list_page(
                f"/{kind.path}", kind.path, page, **section.filters, **order
            )
    context = {"page": page, "per_page": per_page, "has_more_page": has_more}
    return {"rows": [kind.row(row) for row in rows], "page_context": context}


def document(section: Section, kind: Kind, document_id: str, act: str) -> Record:
    """A document of this record, for an act that the caller may do with it."""
    section.boxes.require(act, kind)
    if not document_id.isascii() or not document_id.isdigit():
        raise kind.unknown(document_id)
    with answered_by("invoice"):
        found = section.peers.invoice.one(f"/{kind.path}/{document_id}", kind.entity)
    if found is None or not section.owns(found):
        raise kind.unknown(document_id)
    return found


def paper(section: Section, kind: Kind, document_id: str) -> tuple[str, bytes]:
    """The number and the PDF of a document."""
    found = document(section, kind, document_id, "View")
    with answered_by("invoice"):
        return kind.number_of(found), section.peers.invoice.pdf(f"/{kind.path}/{document_id}")


def create(app: Any, section: Section, kind: Kind, body: Record, send: bool, mail: Record, ticket: str) -> Record:
    """A new document for the record's customer, who is fetched first where he is not in Invoice yet (requirement T2).

    The document carries a key of its own, so that a lost answer, or the same form sent twice, makes one document.

    Args:
        send: mails it to the customer at once, for which Email is needed too (requirement P3).
        ticket: the same for every try of one and the same document.
    """
    section.boxes.require("Create_Edit", kind)
    if send:
        section.boxes.require("Email", kind)
    if section.customer is None:
        raise Conflicting("no_customer", str(section.problem))
    if section.is_of_potential:
        linking_rules.require_custom_modules(section.peers.crm)
    contact_id = section.contact_id or customers.fetched(app, section.connection_id, section.customer)
    if send and not mail.get("to_mail_ids"):
        _require_mail_address(section, contact_id)
    body = {**body, "customer_id": contact_id}
    if section.is_of_potential:
        body |= {"zcrm_potential_id": str(section.record["id"]), "zcrm_potential_name": _name(section)}
    made = _create_once(section, kind, body, ticket)
    sent, problem = _send_new(section, kind, made, mail) if send else (False, None)
    if sent:
        with answered_by("invoice"):
            made = section.peers.invoice.one(f"/{kind.path}/{kind.id_of(made)}", kind.entity) or made
    return {kind.entity: made, "is_sent": sent, "problem": problem}


def _require_mail_address(section: Section, contact_id: str) -> None:
    with answered_by("invoice"):
        contact = section.peers.invoice.contact(contact_id)
    if contact is None or not contact["email"]:
        raise Conflicting("no_mail_address", NO_MAIL_ADDRESS, field="mail.to_mail_ids")


def _create_once(section: Section, kind: Kind, body: Record, ticket: str) -> Record:
    client, path = section.peers.invoice, f"/{kind.path}"
    key = hashlib.sha256(f"{section.connection_id}/{kind.path}/{section.record['id']}/{ticket}".encode()).hexdigest()[
        :40
    ]

    def find() -> Record | None:
        row = next(client.iterate(path, kind.path, custom_field=key), None)
        return client.one(f"{path}/{kind.id_of(row)}", kind.entity) if row else None

    def send() -> Record:
        headers = {"X-Unique-Identifier-Key": KEY_FIELD, "X-Unique-Identifier-Value": key, "X-Upsert": "true"}
        made: Record = client.ask("PUT", path, json=body, headers=headers)[kind.entity]
        return made

    with answered_by("invoice"):
        return find() or create_once(send, find).record


def _send_new(section: Section, kind: Kind, made: Record, mail: Record) -> tuple[bool, str | None]:
    """Whether a document just made went out; a mail that fails leaves the document, and says so."""
    if made.get("is_emailed"):
        return True, None  # the same form once more
    try:
        _mail(section, kind, kind.id_of(made), mail)
    except ConnectorError as error:
        return False, f"The {kind.label} was made but not sent: {error.message}"
    return True, None


def edit(section: Section, kind: Kind, document_id: str, body: Record) -> Record:
    """Changes a document; Invoice refuses what its status does not allow."""
    document(section, kind, document_id, "Create_Edit")
    with answered_by("invoice"):
        changed = section.peers.invoice.ask("PUT", f"/{kind.path}/{document_id}", json=body, repeatable=True)
    return {kind.entity: changed[kind.entity]}


def mail_content(section: Section, kind: Kind, document_id: str) -> Record:
    """What the form for mailing a document starts from."""
    document(section, kind, document_id, "Email")
    with answered_by("invoice"):
        content: Record = section.peers.invoice.ask("GET", f"/{kind.path}/{document_id}/email")["data"]
    return content


def send(section: Section, kind: Kind, document_id: str, mail: Record) -> Record:
    """Mails a document to the customer; a draft is a sent one then."""
    document(section, kind, document_id, "Email")
    _mail(section, kind, document_id, mail)
    with answered_by("invoice"):
        return {kind.entity: section.peers.invoice.one(f"/{kind.path}/{document_id}", kind.entity)}


def _mail(section: Section, kind: Kind, document_id: str, mail: Record) -> None:
    with answered_by("invoice"):
        section.peers.invoice.ask("POST", f"/{kind.path}/{document_id}/email", json=mail)


def summary(section: Section) -> Record:
    """What the customer owes by age, and what is owed to him: his unused credits (requirement P4)."""
    section.boxes.require_summary()
    if section.contact_id is None:
        return {"customer_id": None, "problem": section.problem, "receivables": None, "payables": None}
    with answered_by("invoice"):
        found = section.peers.invoice.ask("GET", "/reports/customers", {"customer_id": section.contact_id})
    (sums,) = found["customers"]
    ages = ("current", "days_1_30", "days_31_60", "days_61_90", "days_over_90")
    return {
        "customer_id": section.contact_id,
        "problem": None,
        "date": found["date"],
        "currency_code": found["currency_code"],
        "receivables": {name: sums[name] for name in ("outstanding", "overdue", *ages)},
        "payables": {"unused_credits": sums["unused_credits"]},
    }
