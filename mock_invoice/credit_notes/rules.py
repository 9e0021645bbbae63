"""What holds for credit notes: edits, voiding and deletions by what was used of them (invoice-api.md §7.3)."""

from decimal import Decimal
from typing import Any

from mock_invoice.credit_notes.apply import apply_credit
from mock_invoice.credit_notes.model import CreditNote
from mock_invoice.database import db
from mock_invoice.documents import compose, history
from mock_invoice.documents.numbering import check_free, number_for
from mock_invoice.documents.status import CREDIT_FROZEN, CURRENCY, CUSTOMER, refuse_frozen
from mock_invoice.errors import AmountRefused, InUse, StatusRefused
from mock_invoice.find import find
from mock_invoice.invoices.model import Invoice
from mock_invoice.settings.custom_fields import Shown, drop_values, first_values, save_values

THING = "Credit note"
MODULE = "creditnotes"


def create_credit_note(
    body: dict[str, Any], *, own_number: bool = False, invoice_id: str = ""
) -> tuple[CreditNote, Shown]:
    """A new credit note from a loaded body: open, unless a draft is asked for. With an invoice it is applied there at
    once, as far as that owes anything. [MEM]"""
    invoice = find(Invoice, invoice_id, "Invoice") if invoice_id else None
    credit_note = CreditNote(credits_used=Decimal(0), refunded=Decimal(0), invoice_id=invoice.id if invoice else None)
    compose.begin(credit_note, body)
    credit_note.settle(compose.base_precision())
    credit_note.number = number_for(CreditNote, MODULE, body.get("creditnote_number", ""), own_number)
    if not body.get("is_draft"):
        credit_note.state = "open"
    db.session.add(credit_note)
    history.note(credit_note, "creditnote", "added", f"Credit Note {credit_note.number} created")
    if invoice is not None and credit_note.state == "open":
        amount = min(invoice.balance, credit_note.balance)
        apply_credit(credit_note, [{"invoice_id": invoice.id, "amount_applied": amount}])
    db.session.flush()
    return credit_note, first_values(credit_note, "creditnote", body.get("custom_fields"))


def used(credit_note: CreditNote) -> Decimal:
    return credit_note.credits_used + credit_note.refunded


def update_credit_note(credit_note: CreditNote, body: dict[str, Any]) -> None:
    """Changes what the body names, as far as the status allows it.

    Raises:
        StatusRefused: a void one; customer or currency of one that was used; sums of one that is used up.
        AmountRefused: the new total is less than what was used of it.
    """
    table = dict(CREDIT_FROZEN)
    if used(credit_note):
        table["open"] = CUSTOMER | CURRENCY
    refuse_frozen(credit_note, credit_note.status(), body, table, "credit note")
    compose.change(credit_note, body)
    if credit_note.total < used(credit_note):
        raise AmountRefused("The total cannot be less than what was used of the credit note already.")
    credit_note.settle(compose.base_precision())
    if body.get("creditnote_number") and body["creditnote_number"] != credit_note.number:
        credit_note.number = check_free(CreditNote, MODULE, body["creditnote_number"], credit_note.id)
    history.note(credit_note, "creditnote", "updated", f"Credit Note {credit_note.number} updated")
    db.session.flush()
    save_values(credit_note, "creditnote", body.get("custom_fields"))


def move_credit_note(credit_note: CreditNote, action: str) -> None:
    """`open`, `void` or `draft`.

    Raises:
        StatusRefused: by the table, or because something of it was used. [DESIGN]
    """
    if action == "void" and used(credit_note):
        raise StatusRefused("This credit note cannot be voided, as it was applied or refunded. Take that back first.")
    if credit_note.move(action):
        history.note(credit_note, "creditnote", "updated", f"Credit Note marked as {action}")


def delete_credit_note(credit_note: CreditNote) -> None:
    """Deletes a credit note that nothing was used of.

    Raises:
        InUse: it was applied or refunded.
    """
    if used(credit_note):
        raise InUse("The credit note cannot be deleted, as it was applied or refunded. Take that back first.")
    drop_values(credit_note.id)
    history.forget(credit_note)
    db.session.delete(credit_note)
