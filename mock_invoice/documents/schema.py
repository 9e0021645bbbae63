"""What may come in for documents (invoice-api.md §5.2, §6.2); ids, sums and statuses never."""

from collections.abc import Mapping
from typing import Any

from mock_invoice.fields import (
    Amount,
    BodySchema,
    Choice,
    Day,
    Discount,
    Flag,
    Id,
    Ids,
    Many,
    OptionalAmount,
    RawList,
    Text,
    Whole,
)
from mock_invoice.recurring_invoices.schedule import FREQUENCIES


class LineSchema(BodySchema):
    line_item_id = Id()
    item_id = Id()
    name = Text(100)
    description = Text(2000)
    rate = OptionalAmount()
    quantity = OptionalAmount()
    unit = Text(50)
    discount = Discount()
    tax_id = Id()
    item_order = Whole()
    salesorder_item_id = Id()


class AssociatedSchema(BodySchema):
    contact_person_id = Id()


class DocumentSchema(BodySchema):
    customer_id = Id()
    contact_persons = Ids()
    contact_persons_associated = Many(AssociatedSchema)
    currency_id = Id()
    exchange_rate = OptionalAmount(most=1_000_000)
    reference_number = Text(100)
    date = Day()
    discount = Discount()
    discount_type = Choice(("entity_level", "item_level"))
    is_discount_before_tax = Flag()
    is_inclusive_tax = Flag()
    line_items = Many(LineSchema)
    shipping_charge = Amount()
    shipping_charge_tax_id = Id()
    tax_id = Id()
    adjustment = Amount(least=-9_999_999_999)
    adjustment_description = Text(100)
    salesperson_id = Id()
    salesperson_name = Text(100)
    notes = Text(10_000)
    terms = Text(10_000)
    custom_subject = Text(1000)
    custom_body = Text(20_000)
    custom_fields = RawList()
    zcrm_potential_id = Text(30)
    zcrm_potential_name = Text(200)
    crm_owner_id = Text(30)
    template_id = Text(30)
    billing_address_id = Id()
    shipping_address_id = Id()

    def load(self, given: Mapping[str, Any], **more: Any) -> dict[str, Any]:  # type: ignore[override]
        """`contact_persons_associated` is the newer way to say `contact_persons`, which counts where both are there."""
        loaded = super().load(given, **more)
        if (associated := loaded.pop("contact_persons_associated", None)) is not None:
            people = [one["contact_person_id"] for one in associated if one.get("contact_person_id")]
            loaded.setdefault("contact_persons", people)
        return loaded


class EstimateSchema(DocumentSchema):
    estimate_number = Text(100)
    expiry_date = Day()


class InvoiceSchema(DocumentSchema):
    invoice_number = Text(100)
    due_date = Day()
    payment_terms = Whole(least=-3, most=3650)
    payment_terms_label = Text(200)
    invoiced_estimate_id = Id()
    salesorder_id = Id()
    recurring_invoice_id = Id()
    allow_partial_payments = Flag()
    #: Why a sent or paid invoice is changed (§6.2): goes into its history.
    reason = Text(500)


class OrderSchema(DocumentSchema):
    salesorder_number = Text(100)
    shipment_date = Day()
    delivery_method = Text(100)
    crm_custom_reference_id = Text(100)
    estimate_id = Id()


class CreditNoteSchema(DocumentSchema):
    creditnote_number = Text(100)
    is_draft = Flag()


class RecurringInvoiceSchema(DocumentSchema):
    """Its invoices have the dates and, once they are there, custom fields; they are drafts, so it mails nothing."""

    class Meta(BodySchema.Meta):
        exclude = ("date", "custom_fields", "custom_subject", "custom_body")

    recurrence_name = Text(100)
    recurrence_frequency = Choice(FREQUENCIES)
    repeat_every = Whole(least=1, most=999)
    start_date = Day()
    end_date = Day()
    payment_terms = Whole(least=-3, most=3650)
    payment_terms_label = Text(200)
    allow_partial_payments = Flag()


RECURRING_INVOICE = RecurringInvoiceSchema()
ESTIMATE, INVOICE, ORDER, CREDIT_NOTE = EstimateSchema(), InvoiceSchema(), OrderSchema(), CreditNoteSchema()
