"""Payments of the invoice, their excess and its refund."""

from stepping import World, same, step
from sums import number

from with_zohobooks.client import api, model, refused


@step
def a_part_is_paid(world: World) -> None:
    payment = model(
        "CustomerPayment",
        customer_id=world["acme"],
        invoices=[model("Invoice", invoice_id=world["invoice"], amount_applied=100.1)],
        payment_mode="check",
        date="2026-03-10",
        reference_number="CHK-1",
        amount=100.1,
    )
    made = api(world, "customer_payments").create(payment)

    (applied,) = made.get_invoices()
    same((made.get_payment_mode(), number(applied.get_amount_applied())), ("check", number("100.1")))
    found = api(world, "invoices").get(world["invoice"])
    same((found.get_status(), number(found.get_balance())), ("partially_paid", world["due"] - number("100.1")))
    world["payment"] = made.get_payment_id()


@step
def more_than_the_balance_is_refused(world: World) -> None:
    payment = model(
        "CustomerPayment",
        customer_id=world["acme"],
        invoices=[model("Invoice", invoice_id=world["invoice"], amount_applied=float(world["due"]))],
        amount=float(world["due"]),
    )

    refused(90003, api(world, "customer_payments").create, payment)


@step
def the_payments_of_an_invoice_are_listed(world: World) -> None:
    (row,) = api(world, "invoices").list_invoice_payments(world["invoice"]).get_payments()

    same((row.get_payment_id(), number(row.get_amount())), (world["payment"], number("100.1")))


@step
def an_invoice_with_payments_cannot_be_deleted(world: World) -> None:
    refused(90004, api(world, "invoices").delete, world["invoice"])
    refused(3000, api(world, "contacts").delete, world["acme"])


@step
def a_payment_is_changed_and_read(world: World) -> None:
    payments = api(world, "customer_payments")
    invoices = [model("Invoice", invoice_id=world["invoice"], amount_applied=100.1)]
    payments.update(
        world["payment"],
        model("CustomerPayment", customer_id=world["acme"], amount=150.1, invoices=invoices, description="By post"),
    )

    found = payments.get(world["payment"])
    same((found.get_description(), number(found.get_amount())), ("By post", number("150.1")))
    same(number(api(world, "contacts").get(world["acme"]).get_unused_credits_receivable_amount()), 50)


@step
def payments_are_listed(world: World) -> None:
    found = api(world, "customer_payments").get_customer_payments({"reference_number": "CHK-1"})

    (row,) = found.get_customer_payments()
    same((row.get_payment_id(), number(row.get_unused_amount())), (world["payment"], 50))
    same(found.get_page_context().get_applied_filter(), "PaymentMode.All")


@step
def the_excess_is_used_for_the_invoice(world: World) -> None:
    credit = model("PaymentAndCredit", payments=[])
    credit.invoice_payments = [model("InvoicePayment", payment_id=world["payment"], amount_applied=20)]
    credit.apply_creditnotes = []
    api(world, "invoices").apply_credits(world["invoice"], credit)

    same(number(api(world, "invoices").get(world["invoice"]).get_balance()), world["due"] - number("120.1"))


@step
def what_is_left_of_the_excess_is_refunded(world: World) -> None:
    refund = model("CreditNoteRefund", date="2026-03-11", refund_mode="cash", amount=30, description="Back")
    api(world, "customer_payments").refund(world["payment"], refund)

    (row,) = api(world, "customer_payments").get_refunds(world["payment"]).get_creditnote_refunds()
    same((number(row.get_amount()), row.get_refund_mode()), (30, "cash"))
    same(number(api(world, "contacts").get(world["acme"]).get_unused_credits_receivable_amount()), 0)


@step
def a_payment_is_taken_off_the_invoice_and_deleted(world: World) -> None:
    payments = api(world, "customer_payments")
    invoices = [model("Invoice", invoice_id=world["invoice"], amount_applied=1.25)]
    made = payments.create(model("CustomerPayment", customer_id=world["acme"], amount=1.25, invoices=invoices))
    (row,) = [
        one
        for one in api(world, "invoices").list_invoice_payments(world["invoice"]).get_payments()
        if one.get_payment_id() == made.get_payment_id()
    ]

    same(
        api(world, "invoices").delete_payment(world["invoice"], row.get_invoice_payment_id()),
        "The payment has been deleted.",
    )
    same(number(api(world, "invoices").get(world["invoice"]).get_balance()), world["due"] - number("120.1"))


@step
def a_write_off_is_done_and_taken_back(world: World) -> None:
    invoices = api(world, "invoices")

    same(invoices.write_off_invoice(world["invoice"]), "Invoice has been written off")
    found = invoices.get(world["invoice"])
    same((found.get_status(), number(found.get_write_off_amount())), ("paid", world["due"] - number("120.1")))
    same(invoices.cancel_write_off(world["invoice"]), "The write off done for this invoice has been cancelled.")
    same(number(invoices.get(world["invoice"]).get_balance()), world["due"] - number("120.1"))
