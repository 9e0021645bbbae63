"""Rows of what only credit notes do (invoice-api.md §7.3)."""

from tests.invoice.endpoints.rows import (
    ANY_STATUS,
    NO_INPUT,
    NO_OBJECT,
    STATUS_REFUSED,
    Row,
    about,
    absent,
    bad,
    gives,
    in_status,
    looks,
    nowhere,
    refusal,
    says,
    without,
)

#: Action → the credit note that takes it, the words [MEM], and the statuses that refuse it.
MOVES = {
    "open": ("draft", "The status of the credit note has been changed to open.", ()),
    "void": ("open", "The credit note has been marked as void.", ()),
    "draft": ("void", "The status of the credit note has been changed to draft.", ("draft", "open", "closed")),
}
USED = refusal(
    400,
    STATUS_REFUSED,
    "This credit note cannot be voided, as it was applied or refunded. Take that back first.",
)
UNAPPLIED = "Credit note ${0}_creditnote_number is {0}; it cannot be applied."
APPLIED = "/creditnotes/$applied_creditnote"
OPEN = "/creditnotes/$open_creditnote"

ROWS = (
    *(
        Row(
            "POST /creditnotes/{creditnote_id}/status/{action}",
            f"/creditnotes/${status}_creditnote/status/{action}",
            works=says(words),
            then=looks(f"/creditnotes/${status}_creditnote", {"creditnote.status": action}),
            missing=NO_INPUT,
            wrong=NO_INPUT,
            unknown=absent("Credit note"),
            status=in_status(
                f"The status of this credit note cannot be changed to {action}, as it is {{}}.",
                f"{status}_creditnote",
                *refusing,
            )
            or (about("$open", "$applied", USED), about("$open", "$closed", USED))[: 2 * (action == "void")]
            or ANY_STATUS,
        )
        for action, (status, words, refusing) in MOVES.items()
    ),
    Row(
        "GET /creditnotes/{creditnote_id}/invoices",
        f"{APPLIED}/invoices",
        works=gives(
            {"invoices_credited.*.creditnote_invoice_id": ["$credit"], "invoices_credited.0.amount_applied": 30}
        ),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent("Credit note"),
        status=ANY_STATUS,
    ),
    Row(
        "POST /creditnotes/{creditnote_id}/invoices",
        f"{OPEN}/invoices",
        body={"invoices": [{"invoice_id": "$sent_invoice", "amount_applied": 60}]},
        works=says(
            "Credits have been applied to the invoice(s).",
            {"apply_to_invoices.invoices": [{"invoice_id": "$sent_invoice", "amount_applied": 60}]},
        ),
        then=(
            looks(OPEN, {"creditnote.balance": 40, "creditnote.status": "open"}),
            looks("/invoices/$sent_invoice", {"invoice.balance": 40, "invoice.credits_applied": 60}),
        ),
        missing=without("invoices"),
        wrong=(bad("invoices"), bad("invoices.0.amount_applied", "much"), NO_OBJECT),
        unknown=(*absent("Credit note"), nowhere("invoices.0.invoice_id", "Invoice")),
        status=tuple(
            about("$open", f"${status}", refusal(400, STATUS_REFUSED, UNAPPLIED.format(status)))
            for status in ("draft", "closed", "void")
        ),
    ),
    Row(
        "DELETE /creditnotes/{creditnote_id}/invoices/{application_id}",
        f"{APPLIED}/invoices/$credit",
        works=says("Credits applied to an invoice have been deleted."),
        then=(
            looks(APPLIED, {"creditnote.balance": 90}),
            looks("/invoices/$part_credited_invoice", {"invoice.balance": 100, "invoice.status": "sent"}),
        ),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent("Credit note", "Credit"),
        status=ANY_STATUS,
    ),
)
