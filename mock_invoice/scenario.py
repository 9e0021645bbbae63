"""Loads a scenario into a fresh world: the standard company, then what the scenario's files say, by the same rules.

Files are in API form; what they name stands by name instead of by id (`customer_name`, `item_name`, `tax_name`,
`estimate_number`, `salesorder_number`, `invoice_number`), and `status` is reached by the actions that lead to it.
"""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from mock_invoice.access import current_organization, enter
from mock_invoice.contacts.model import Contact
from mock_invoice.contacts.rules import create_contact
from mock_invoice.contacts.schema import CONTACT
from mock_invoice.credit_notes.apply import apply_credit
from mock_invoice.credit_notes.rules import create_credit_note
from mock_invoice.database import Record, db
from mock_invoice.documents.schema import CREDIT_NOTE, ESTIMATE, INVOICE, ORDER
from mock_invoice.errors import ApiError
from mock_invoice.estimates.rules import create_estimate
from mock_invoice.find import find
from mock_invoice.invoices.rules import change_status, create_invoice
from mock_invoice.items.rules import create_item
from mock_invoice.items.schema import ITEM
from mock_invoice.payments.rules import create_payment
from mock_invoice.payments.schema import PAYMENT
from mock_invoice.sales_orders.rules import create_order
from mock_invoice.settings.currencies import CURRENCY, create_currency
from mock_invoice.settings.organizations import ORGANIZATION, found_organization
from mock_invoice.settings.taxes import TAX, create_tax
from mock_invoice.settings.user_model import User
from mock_invoice.settings.users import USER, create_user
from simulator import clock, ids
from simulator.scenarios import ScenarioError, load_folder

Entry = dict[str, Any]
#: Names of what was loaded so far, by kind.
Names = dict[str, dict[str, int]]

COMPANY: Entry = {
    "name": "Zylker",
    "contact_name": "Asha Rao",
    "email": "asha.rao@zylker.example",
    "edition": "global",
    "time_zone": "America/Los_Angeles",
    "currency_code": "USD",
    "fiscal_year_start_month": "january",
    "country": "U.S.A",
}
PEOPLE: list[Entry] = [
    {"name": "Asha Rao", "email": "asha.rao@zylker.example", "user_role": "admin"},
    {"name": "Ben Carter", "email": "ben.carter@zylker.example", "user_role": "staff"},
    {"name": "Farid Khan", "email": "farid.khan@zylker.example", "user_role": "staff"},
]
CURRENCIES: list[Entry] = [
    {"currency_code": "EUR", "exchange_rate": Decimal("1.1")},
    {"currency_code": "GBP", "exchange_rate": Decimal("1.3")},
    {"currency_code": "INR", "exchange_rate": Decimal("0.012")},
]
TAXES: list[Entry] = [
    {"tax_name": "Sales Tax", "tax_percentage": Decimal("8.25")},
    {"tax_name": "VAT", "tax_percentage": 20, "is_value_added": True},
]
#: The actions that lead from a draft to a status; those a payment or the calendar bring about need only `sent`.
WAYS: dict[str, tuple[str, ...]] = {
    "draft": (),
    "sent": ("sent",),
    "accepted": ("sent", "accepted"),
    "declined": ("sent", "declined"),
    "void": ("void",),
    "open": ("open",),
}
MORNING = time(10, 0)


def load_scenario(folder: Path) -> None:
    """Fills the world in context from `<folder>/invoice/*.json`.

    Raises:
        ScenarioError: naming the record that the API would refuse.
    """
    zone = COMPANY["time_zone"]
    with clock.held():
        files = load_folder(folder / "invoice", clock.today(zone), zone)
        _found({**COMPANY, **files.get("organization", {})}, files.get("users", PEOPLE))
        names: Names = {}
        for kind, load in LOADERS.items():
            names[kind] = {}
            for entry in files.get(kind, DEFAULTS.get(kind, ())):
                try:
                    name, record_id = load(entry, names)
                except ApiError as error:
                    raise ScenarioError(f"{folder.name}/invoice/{kind}.json: {error.message} In: {entry}") from error
                names[kind][name] = record_id


def _found(company: Entry, people: list[Entry]) -> None:
    organization = found_organization(ORGANIZATION.load(company))
    first = USER.load(people[0])
    user = User(id=ids.new_id(), organization_id=organization.id, status="active", **first)
    db.session.add(user)
    db.session.flush()
    enter(user.id)
    for person in people[1:]:
        create_user(USER.load(person))


def _load_currency(entry: Entry, names: Names) -> tuple[str, int]:
    currency = create_currency(CURRENCY.load(entry))
    return currency.currency_code, currency.id


def _load_tax(entry: Entry, names: Names) -> tuple[str, int]:
    tax = create_tax(TAX.load(entry))
    return tax.tax_name, tax.id


def _load_item(entry: Entry, names: Names) -> tuple[str, int]:
    item, _ = create_item(ITEM.load(_resolved(entry, names)))
    item.status = entry.get("status", "active")
    _set_times(item, entry)
    return item.name, item.id


def _load_contact(entry: Entry, names: Names) -> tuple[str, int]:
    created, _ = create_contact(CONTACT.load(_resolved(entry, names)))
    contact = find(Contact, created.id)
    contact.status = entry.get("status", "active")
    _set_times(contact, entry)
    return contact.contact_name, contact.id


def _load_estimate(entry: Entry, names: Names) -> tuple[str, int]:
    estimate, _ = create_estimate(ESTIMATE.load(_resolved(entry, names)), own_number="estimate_number" in entry)
    for action in WAYS[entry.get("status", "draft")]:
        estimate.move(action, estimate.date)
    _set_times(estimate, entry, estimate.date)
    return estimate.number, estimate.id


def _load_order(entry: Entry, names: Names) -> tuple[str, int]:
    body = _resolved(entry, names)
    if "estimate_number" in entry:
        body["estimate_id"] = names["estimates"][entry["estimate_number"]]
    order, _ = create_order(ORDER.load(body), own_number="salesorder_number" in entry)
    for action in WAYS[entry.get("status", "draft")]:
        order.move(action, order.date)
    _set_times(order, entry, order.date)
    return order.number, order.id


def _load_credit_note(entry: Entry, names: Names) -> tuple[str, int]:
    """Open unless its status says otherwise; `invoices` says where it is applied."""
    body = {**_resolved(entry, names), "is_draft": entry.get("status") == "draft"}
    note, _ = create_credit_note(CREDIT_NOTE.load(body), own_number="creditnote_number" in entry)
    for part in entry.get("invoices", ()):
        amount = Decimal(str(part["amount_applied"]))
        apply_credit(note, [{"invoice_id": names["invoices"][part["invoice_number"]], "amount_applied": amount}])
    if entry.get("status") == "void":
        note.move("void")
    _set_times(note, entry, note.date)
    return note.number, note.id


def _load_invoice(entry: Entry, names: Names) -> tuple[str, int]:
    body = _resolved(entry, names)
    if "estimate_number" in entry:
        body["invoiced_estimate_id"] = names["estimates"][entry["estimate_number"]]
    if "salesorder_number" in entry:
        body["salesorder_id"] = names["salesorders"][entry["salesorder_number"]]
    invoice, _ = create_invoice(INVOICE.load(body), own_number="invoice_number" in entry)
    for action in WAYS[entry.get("status", "draft")]:
        change_status(invoice, action)
    _set_times(invoice, entry, invoice.date)
    return invoice.number, invoice.id


def _load_payment(entry: Entry, names: Names) -> tuple[str, int]:
    body = _resolved(entry, names)
    body["invoices"] = [
        {**part, "invoice_id": names["invoices"][part["invoice_number"]]} for part in entry.get("invoices", ())
    ]
    payment, _ = create_payment(PAYMENT.load(body))
    _set_times(payment, entry, payment.date)
    for application in payment.applications:
        application.invoice.last_modified_time = max(payment.created_time, application.invoice.created_time)
    db.session.flush()
    return payment.number, payment.id


def _resolved(entry: Entry, names: Names) -> Entry:
    """The entry with ids in place of names, in its lines too."""
    body = dict(entry)
    for key, (kind, target) in REFERENCES.items():
        if key in body:
            name = body.pop(key)
            if name not in names[kind]:
                raise ScenarioError(f"There is no {name!r} in {kind}.json. In: {entry}")
            body[target] = names[kind][name]
    if "line_items" in body:
        body["line_items"] = [_resolved(line, names) for line in body["line_items"]]
    return body


def _set_times(record: Record, entry: Entry, day: date | None = None) -> None:
    """A record is as old as the file says, or as its own date."""
    zone = ZoneInfo(current_organization().time_zone)
    if given := entry.get("created_time"):
        moment = datetime.fromisoformat(given)
    elif day is not None:
        moment = datetime.combine(day, MORNING, zone)
    else:
        return
    record.created_time = record.last_modified_time = min(moment.astimezone(UTC), clock.now())
    db.session.flush()


REFERENCES = {
    "customer_name": ("contacts", "customer_id"),
    "item_name": ("items", "item_id"),
    "tax_name": ("taxes", "tax_id"),
    "currency_code": ("currencies", "currency_id"),
}
LOADERS = {
    "currencies": _load_currency,
    "taxes": _load_tax,
    "items": _load_item,
    "contacts": _load_contact,
    "estimates": _load_estimate,
    "salesorders": _load_order,
    "invoices": _load_invoice,
    "creditnotes": _load_credit_note,
    "customerpayments": _load_payment,
}
DEFAULTS: dict[str, list[Entry]] = {"currencies": CURRENCIES, "taxes": TAXES}
