"""Shapes of estimates, sales orders, invoices and credit notes (invoice-api.md §5.3, §6.3, §7.1, §7.3, §13)."""

from mock_invoice.documents.status import CREDIT_STATUSES, ESTIMATE_STATUSES, INVOICE_STATUSES, ORDER_STATUSES
from mock_invoice.openapi.contact_shapes import ADDRESS, Keys
from mock_invoice.openapi.words import COLOR, DAY, MAYBE_DAY, MAYBE_ID, TIME
from simulator.shapes import (
    COUNT,
    FLAG,
    ID,
    NUMBER,
    OBJECT,
    TEXT,
    WHOLE,
    WORDS,
    Shape,
    an_object,
    array_of,
    choice,
    either,
    keyed,
)  # fmt: skip

_AMOUNT_OR_PERCENT = either(NUMBER, {"type": "string", "pattern": r"^[0-9]+\.[0-9]{2}%$"})
_TAX = an_object(tax_id=ID, tax_name=WORDS, tax_amount=NUMBER)


def texts(*names: str) -> Keys:
    return dict.fromkeys(names, TEXT)


def amounts(*names: str) -> Keys:
    return dict.fromkeys(names, NUMBER)


def _flags(*names: str) -> Keys:
    return dict.fromkeys(names, FLAG)


def _lists(*names: str) -> Keys:
    return dict.fromkeys(names, array_of(OBJECT))


#: What all documents and their rows have alike.
ROW: Keys = {
    "customer_id": ID,
    "customer_name": WORDS,
    "currency_id": ID,
    "currency_code": WORDS,
    **texts("zcrm_potential_id", "zcrm_potential_name", "company_name", "reference_number", "salesperson_name"),
    **texts("current_sub_status_id"),
    "salesperson_id": MAYBE_ID,
    "color_code": COLOR,
    "date": DAY,
    "total": NUMBER,
    **_flags("is_emailed", "has_attachment"),
    "created_time": TIME,
    "last_modified_time": TIME,
}
_PRINTED: Keys = {"template_type": WORDS, "template_id": ID}
_VIEWED: Keys = {"is_viewed_by_client": FLAG, "client_viewed_time": TEXT}
_FIELDS: Keys = {"custom_fields": array_of("FieldValue"), "custom_field_hash": "FieldHash"}
#: What all documents have, beyond their rows.
DETAIL: Keys = {
    **ROW,
    **_PRINTED,
    **_VIEWED,
    **_FIELDS,
    **texts("crm_owner_id", "contact_category", "currency_symbol", "adjustment_description", "notes", "terms"),
    **texts("template_name", "page_width", "page_height", "orientation", "subject_content", "attachment_name"),
    **texts("submitter_id", "submitted_date", "submitted_by", "approver_id", "currency_name_formatted"),
    **texts("created_by_name"),
    "tax_rounding": choice("entity_level", "item_level"),
    "transaction_rounding_type": WORDS,
    "rounding_mode": WORDS,
    "created_date": DAY,
    "contact_persons": array_of(ID),
    "contact_persons_details": array_of("ChosenPerson"),
    "contact_persons_associated": array_of(an_object(contact_person_id=ID, contact_person_name=TEXT)),
    "exchange_rate": NUMBER,
    "price_precision": COUNT,
    "discount": _AMOUNT_OR_PERCENT,
    "discount_type": choice("entity_level", "item_level"),
    **_flags("is_discount_before_tax", "is_inclusive_tax", "can_send_in_mail", "allow_partial_payments"),
    **amounts("discount_applied_on_amount", "discount_total", "discount_percent", "shipping_charge", "adjustment"),
    **texts("shipping_charge_tax_name"),
    "shipping_charge_tax_id": MAYBE_ID,
    "shipping_charge_tax_type": choice("tax", "tax_group", ""),
    "tax_id": MAYBE_ID,
    **amounts("shipping_charge_tax", "shipping_charge_tax_percentage", "bcy_shipping_charge_tax"),
    **amounts("shipping_charge_exclusive_of_tax", "shipping_charge_inclusive_of_tax"),
    **amounts("roundoff_value", "sub_total", "sub_total_inclusive_of_tax", "sub_total_exclusive_of_discount"),
    **amounts("tax_total", "bcy_shipping_charge", "bcy_adjustment", "bcy_sub_total", "bcy_discount_total"),
    **amounts("bcy_tax_total", "bcy_total"),
    "taxes": array_of(_TAX),
    "billing_address": "DocumentAddress",
    "shipping_address": "DocumentAddress",
    "customer_default_billing_address": "DocumentAddress",
    "payment_options": an_object(payment_gateways=array_of(OBJECT)),
    "documents": array_of("File"),
    **_lists("sub_statuses", "subscription_ids", "approvers_list"),
    "created_by_id": ID,
    "last_modified_by_id": ID,
}
_LINE: Keys = {
    "line_item_id": ID,
    "item_id": MAYBE_ID,
    **texts("name", "description", "sku", "unit", "tax_name", "header_id", "header_name", "pricebook_id"),
    **texts("line_item_category", "hsn_or_sac", "pricing_scheme", "account_id", "account_name"),
    "item_order": WHOLE,
    **amounts("rate", "bcy_rate", "quantity", "discount_amount", "tax_percentage", "item_total"),
    **amounts("item_total_inclusive_of_tax"),
    "discount": _AMOUNT_OR_PERCENT,
    "tax_id": MAYBE_ID,
    "tax_type": choice("tax", "tax_group", ""),
    "line_item_taxes": array_of(an_object(tax_id=ID, tax_name=WORDS, tax_amount=NUMBER)),
    **_lists("discounts", "documents", "item_custom_fields"),
}
_TOTALS: Keys = {
    "currency_id": ID,
    "currency_code": WORDS,
    "price_precision": COUNT,
    "discount": _AMOUNT_OR_PERCENT,
    "discount_type": choice("entity_level", "item_level"),
    "line_items": array_of(keyed({**_LINE, "line_item_id": MAYBE_ID})),
    "taxes": array_of(_TAX),
    **amounts("exchange_rate", "discount_total", "sub_total", "shipping_charge", "adjustment", "tax_total", "total"),
}
_INVOICE_LINE: Keys = {
    **_LINE,
    **texts("project_id", "expense_id", "expense_receipt_name", "item_type"),
    "time_entry_ids": array_of(ID),
    **amounts("sales_rate", "purchase_rate"),
    "salesorder_item_id": MAYBE_ID,
}


def status_of(*words: str) -> Keys:
    return {"status": choice(*words), "current_sub_status": choice(*words)}


def shapes() -> dict[str, Shape]:
    return {
        "DocumentAddress": keyed(
            {**ADDRESS, "street": TEXT}, description="An address as it stands on a document; `street` is `address`."
        ),
        "ChangedAddress": keyed(
            {**ADDRESS, "street": TEXT, "is_update_customer": FLAG}, description="The same, once it was changed."
        ),
        "ChosenPerson": keyed(
            {
                "contact_person_id": ID,
                **texts("first_name", "last_name", "email", "phone", "mobile", "zcrm_contact_id"),
                "is_primary_contact": FLAG,
            },
            description="A person that a document is for.",
        ),
        "Line": keyed(_LINE, description="A line of an estimate or a credit note."),
        "SalesOrderLine": keyed(
            {**_LINE, "quantity_invoiced": NUMBER, "is_invoiced": FLAG}, description="A line of a sales order."
        ),
        "InvoiceLine": keyed(_INVOICE_LINE, description="A line of an invoice."),
        "Totals": keyed(_TOTALS, description="What a document that is being written comes to."),
        **_estimates(),
        **_orders(),
        **_invoices(),
        **_credit_notes(),
    }


def _estimates() -> dict[str, Shape]:
    own: Keys = {
        "estimate_id": ID,
        "estimate_number": WORDS,
        **status_of(*ESTIMATE_STATUSES),
        **dict.fromkeys(("expiry_date", "accepted_date", "declined_date"), MAYBE_DAY),
    }
    order = an_object(salesorder_id=ID, salesorder_number=WORDS, status=choice(*ORDER_STATUSES))
    alone: Keys = {
        "line_items": array_of("Line", least=1),
        **texts("estimate_url", "estimate_type"),
        **_flags("is_transaction_created", "is_converted_to_open"),
        "invoice_ids": array_of(ID),
        "salesorders": array_of(order),
        "retainerinvoices": array_of(OBJECT),
    }
    return {
        "Estimate": keyed({**own, **DETAIL, **alone}, description="An estimate, which people see as a quote."),
        "EstimateRow": keyed({**own, **ROW, **_PRINTED, **_VIEWED}, description="An estimate in the list."),
    }


def _orders() -> dict[str, Shape]:
    own: Keys = {
        "salesorder_id": ID,
        "salesorder_number": WORDS,
        "status": choice(*ORDER_STATUSES),
        "current_sub_status": WORDS,
        "order_status": choice(*ORDER_STATUSES),
        "invoiced_status": choice("not_invoiced", "partially_invoiced", "invoiced"),
        "shipment_date": MAYBE_DAY,
        "delivery_method": TEXT,
    }
    invoice = an_object(
        invoice_id=ID,
        invoice_number=WORDS,
        reference_number=TEXT,
        status=choice(*INVOICE_STATUSES),
        date=DAY,
        due_date=DAY,
        total=NUMBER,
        balance=NUMBER,
    )
    alone: Keys = {
        "line_items": array_of("SalesOrderLine", least=1),
        **texts("delivery_method_id", "shipped_status", "paid_status", "order_status_formatted"),
        **texts("crm_custom_reference_id"),
        "is_backordered": FLAG,
        "estimate_id": MAYBE_ID,
        "invoices": array_of(invoice),
        "sub_statuses": array_of("SubStatus"),
        **_lists("salesorders", "purchaseorders", "packages"),
    }
    row: Keys = {
        **own,
        **ROW,
        **_FIELDS,
        "email": TEXT,
        "shipment_days": {"type": "string", "pattern": "^(-?[0-9]+)?$"},
        **amounts("sub_total", "bcy_total"),
    }
    return {
        "SalesOrder": keyed({**own, **DETAIL, **alone}, description="A sales order."),
        "SalesOrderRow": keyed(row, description="A sales order in the list."),
    }


def _invoices() -> dict[str, Shape]:
    own: Keys = {
        "invoice_id": ID,
        "invoice_number": WORDS,
        **status_of(*INVOICE_STATUSES),
        "due_date": DAY,
        "due_days": {"type": "string", "examples": ["Due in 30 days"]},
        **dict.fromkeys(("issued_date", "last_payment_date", "last_reminder_sent_date"), MAYBE_DAY),
        **texts("email", "payment_expected_date", "schedule_time"),
        "reminders_sent": COUNT,
        **amounts("balance", "write_off_amount"),
    }
    order = an_object(
        salesorder_id=ID, salesorder_number=WORDS, salesorder_status=choice(*ORDER_STATUSES), total=NUMBER
    )
    customer = an_object(customer_balance=NUMBER, credit_limit=NUMBER, unused_customer_credits=NUMBER)
    alone: Keys = {
        "line_items": array_of("InvoiceLine", least=1),
        "payment_terms": WHOLE,
        **texts("payment_terms_label", "payment_terms_id", "gst_no", "invoice_url"),
        **texts("invoice_source", "salesorder_number"),
        "payment_reminder_enabled": FLAG,
        **amounts("payment_made", "credits_applied", "tax_amount_withheld", "payment_discount"),
        **amounts("unused_retainer_payments"),
        "late_fee": OBJECT,
        **dict.fromkeys(("estimate_id", "recurring_invoice_id", "salesorder_id"), MAYBE_ID),
        "salesorders": array_of(order),
        "credits_associated": array_of("AppliedCredit"),
        "contact": customer,
    }
    list_address = keyed({**{name: TEXT for name in ADDRESS if name != "zip"}, "zipcode": TEXT})
    row: Keys = {
        **own,
        **ROW,
        **_PRINTED,
        **_VIEWED,
        **_FIELDS,
        "billing_address": list_address,
        "shipping_address": list_address,
        **texts("project_name", "country", "phone", "created_by", "currency_symbol", "documents", "transaction_type"),
        **amounts("shipping_charge", "adjustment", "exchange_rate", "unprocessed_payment_amount"),
        "updated_time": TIME,
    }
    return {
        "Invoice": keyed({**own, **DETAIL, **alone}, description="An invoice."),
        "InvoiceRow": keyed(row, description="An invoice in the list; its addresses have `zipcode` for `zip`."),
    }


def _credit_notes() -> dict[str, Shape]:
    own: Keys = {"creditnote_id": ID, "creditnote_number": WORDS, **status_of(*CREDIT_STATUSES), "balance": NUMBER}
    alone: Keys = {
        "line_items": array_of("Line", least=1),
        "is_draft": FLAG,
        "invoice_id": MAYBE_ID,
        **amounts("bcy_balance", "total_credits_used", "total_refunded_amount"),
        "invoices_credited": array_of("CreditedInvoice"),
        "creditnote_refunds": array_of("CreditNoteRefund"),
        "salesorders": array_of(OBJECT),
    }
    return {
        "CreditNote": keyed({**own, **DETAIL, **alone}, description="A credit note."),
        "CreditNoteRow": keyed({**own, **ROW}, description="A credit note in the list."),
    }
