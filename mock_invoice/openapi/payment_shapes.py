"""Shapes of payments, refunds, applied credits and sums over invoices (invoice-api.md §6.1, §7.2, §7.3, §13)."""

from mock_invoice.openapi.contact_shapes import Keys
from mock_invoice.openapi.words import DAY, MAYBE_ID, TIME
from mock_invoice.payments.schema import MODES
from simulator.shapes import COUNT, FLAG, ID, NUMBER, TEXT, WORDS, Shape, an_object, array_of, choice, keyed

_MODE = choice(*MODES)
_MONTH: Shape = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$", "examples": ["2026-10"]}
_PAYMENT: Keys = {
    "payment_id": ID,
    "payment_number": WORDS,
    "customer_id": ID,
    "customer_name": WORDS,
    "payment_mode": _MODE,
    "date": DAY,
    "amount": NUMBER,
    "bcy_amount": NUMBER,
    "unused_amount": NUMBER,
    "currency_id": ID,
    **dict.fromkeys(("currency_code", "currency_symbol"), WORDS),
    **dict.fromkeys(("account_id", "account_name", "description", "reference_number"), TEXT),
    "created_time": TIME,
    "last_modified_time": TIME,
    "custom_fields": array_of("FieldValue"),
}
_REFUND: Keys = {
    "date": DAY,
    "refund_mode": _MODE,
    **dict.fromkeys(("reference_number", "description", "from_account_id", "from_account_name"), TEXT),
    **dict.fromkeys(("amount", "amount_bcy", "amount_fcy", "exchange_rate"), NUMBER),
    "customer_id": ID,
    "customer_name": WORDS,
}
_AGES: Keys = dict.fromkeys(("current", "days_1_30", "days_31_60", "days_61_90", "days_over_90"), NUMBER)


def shapes() -> dict[str, Shape]:
    return {
        "Payment": keyed({**_PAYMENT, **_payment_alone()}, description="A payment from a customer."),
        "PaymentRow": keyed(
            {**_PAYMENT, "invoice_numbers": TEXT, "bcy_unused_amount": NUMBER, "has_attachment": FLAG},
            description="A payment in the list.",
        ),
        "InvoicePayment": an_object(
            "A payment as an invoice shows it.",
            payment_id=ID,
            payment_number=WORDS,
            invoice_id=ID,
            invoice_payment_id=ID,
            payment_mode=_MODE,
            description=TEXT,
            date=DAY,
            reference_number=TEXT,
            exchange_rate=NUMBER,
            amount=NUMBER,
            tax_amount_withheld=NUMBER,
            online_transaction_id=TEXT,
            is_single_invoice_payment=FLAG,
        ),
        "PaymentRefund": keyed(
            {"payment_refund_id": ID, "payment_id": ID, **_REFUND}, description="What went back of a payment."
        ),
        "CreditNoteRefund": keyed(
            {"creditnote_refund_id": ID, "creditnote_id": ID, "creditnote_number": WORDS, **_REFUND},
            description="What went back of a credit note.",
        ),
        "AppliedCredit": an_object(
            "A credit note as the invoice shows it that it was applied to.",
            creditnote_id=ID,
            creditnotes_invoice_id=ID,
            creditnotes_number=WORDS,
            credited_date=DAY,
            amount_applied=NUMBER,
        ),
        "CreditedInvoice": an_object(
            "An invoice as the credit note shows it that was applied to it.",
            creditnote_id=ID,
            creditnote_number=WORDS,
            creditnote_invoice_id=ID,
            invoice_id=ID,
            invoice_number=WORDS,
            date=DAY,
            invoice_amount=NUMBER,
            credited_amount=NUMBER,
            amount_applied=NUMBER,
            credited_date=DAY,
        ),
        "UsedCredits": _used_credits(),
        "Receivables": keyed({"total": NUMBER, **_AGES}, description="What is owed, by how long it has been due."),
        "Invoiced": keyed(
            {
                **dict.fromkeys(("total", "draft", "sent", "paid", "void"), NUMBER),
                **dict.fromkeys(("count", "draft_count", "sent_count", "paid_count", "void_count"), COUNT),
            },
            description="What was invoiced, by what became of it.",
        ),
        "CustomerSums": keyed(
            {
                "customer_id": ID,
                "customer_name": WORDS,
                "invoice_count": COUNT,
                **dict.fromkeys(("invoiced", "outstanding", "overdue", "unused_credits"), NUMBER),
                **_AGES,
            },
            description="What a customer was invoiced and owes.",
        ),
        "SalesOfMonth": keyed(
            {"month": _MONTH, **dict.fromkeys(("invoiced", "paid", "overdue"), NUMBER)},
            description="What was invoiced and paid in a month, and what fell due in it and is overdue still.",
        ),
        "QuotesThatWentSoFar": keyed(
            {"step": choice("sent", "accepted", "invoiced", "paid"), "count": COUNT, "total": NUMBER},
            description="The quotes that reached a step from quote to cash.",
        ),
    }


def _payment_alone() -> Keys:
    application = an_object(
        invoice_payment_id=ID,
        invoice_id=ID,
        invoice_number=WORDS,
        amount_applied=NUMBER,
        tax_amount_withheld=NUMBER,
        discount_amount=NUMBER,
        total=NUMBER,
        balance=NUMBER,
        date=DAY,
        due_date=DAY,
    )
    return {
        **dict.fromkeys(("tax_account_id", "tax_account_name", "template_name", "online_transaction_id"), TEXT),
        "template_id": MAYBE_ID,
        **dict.fromkeys(("tax_amount_withheld", "discount_amount", "bank_charges", "exchange_rate"), NUMBER),
        "payment_status": choice("paid"),
        "payment_refunds": array_of("PaymentRefund"),
        "invoices": array_of(application),
        "custom_field_hash": "FieldHash",
        "updated_time": TIME,
    }


def _used_credits() -> Shape:
    return an_object(
        "What was applied to an invoice.",
        invoice_payments=array_of(
            an_object(invoice_payment_id=ID, payment_id=ID, invoice_id=ID, amount_applied=NUMBER, amount_used=NUMBER)
        ),
        apply_creditnotes=array_of(
            an_object(creditnotes_invoice_id=ID, creditnote_id=ID, invoice_id=ID, amount_applied=NUMBER)
        ),
    )
