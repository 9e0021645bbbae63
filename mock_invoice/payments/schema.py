"""What may come in for customer payments (invoice-api.md §7.2)."""

from mock_invoice.fields import Amount, BodySchema, Choice, Day, Id, Many, OptionalAmount, RawList, Text

MODES = (
    "check", "cash", "creditcard", "banktransfer", "bankremittance", "autotransaction", "paypal", "googlecheckout",
    "credit", "others",
)  # fmt: skip


class ApplicationSchema(BodySchema):
    invoice_id = Id()
    amount_applied = Amount()


class PaymentSchema(BodySchema):
    customer_id = Id()
    payment_number = Text(100)
    payment_mode = Choice(MODES)
    amount = Amount()
    date = Day()
    reference_number = Text(100)
    description = Text(5000)
    bank_charges = Amount()
    exchange_rate = OptionalAmount(most=1_000_000)
    invoices = Many(ApplicationSchema)
    custom_fields = RawList()


PAYMENT = PaymentSchema()
