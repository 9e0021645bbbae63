"""Shapes of recurring invoices (invoice-api.md §7.4)."""

from mock_invoice.documents.status import RECURRING_STATUSES
from mock_invoice.openapi.contact_shapes import Keys
from mock_invoice.openapi.document_shapes import DETAIL, amounts, status_of, texts
from mock_invoice.openapi.words import COLOR, DAY, MAYBE_DAY, MAYBE_ID, TIME
from mock_invoice.recurring_invoices.schedule import FREQUENCIES
from simulator.shapes import ID, OBJECT, POSITIVE, WHOLE, WORDS, Shape, array_of, choice, keyed


def shapes() -> dict[str, Shape]:
    own: Keys = {
        "recurring_invoice_id": ID,
        "recurrence_name": WORDS,
        "recurrence_frequency": choice(*FREQUENCIES),
        "repeat_every": POSITIVE,
        "start_date": DAY,
        **dict.fromkeys(("end_date", "last_sent_date", "next_invoice_date"), MAYBE_DAY),
    }
    alone: Keys = {
        **status_of(*RECURRING_STATUSES),
        "line_items": array_of("Line", least=1),
        "payment_terms": WHOLE,
        **texts("payment_terms_label"),
        "salesorders": array_of(OBJECT),
    }
    row: Keys = {
        **own,
        "customer_id": ID,
        "customer_name": WORDS,
        **texts("company_name", "reference_number", "salesperson_name"),
        "salesperson_id": MAYBE_ID,
        "status": choice(*RECURRING_STATUSES),
        "color_code": COLOR,
        "currency_id": ID,
        "currency_code": WORDS,
        **amounts("total"),
        "created_time": TIME,
        "last_modified_time": TIME,
    }
    return {
        "RecurringInvoice": keyed(
            {**own, **DETAIL, **alone}, description="What makes an invoice again and again; `date` is its start."
        ),
        "RecurringInvoiceRow": keyed(row, description="A recurring invoice in the list."),
    }
