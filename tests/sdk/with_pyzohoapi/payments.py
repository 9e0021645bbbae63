"""Payments and credits settle the invoice, and the customer's balance follows."""

from decimal import Decimal

from pyzohoapi.exceptions import ZohoBadRequest
from pyzohoapi.objecttypes import Contact
from stepping import World, raises, same, step
from sums import number

from with_pyzohoapi.client import CreditNote, Invoice, Payment, books, find, new, page, post
from with_pyzohoapi.invoices import DUE


@step
def a_part_is_paid(world: World) -> None:
    paid = new(
        world,
        Payment,
        customer_id=world["acme"],
        payment_mode="check",
        amount=Decimal("100.1"),
        date="2026-03-10",
        reference_number="CHK-1",
        invoices=[{"invoice_id": world["invoice"], "amount_applied": Decimal("100.1")}],
    )

    same((paid.payment_mode, number(paid.amount), number(paid.unused_amount)), ("check", Decimal("100.1"), 0))
    invoice = find(world, Invoice, world["invoice"])
    same((invoice.status, number(invoice.balance)), ("partially_paid", DUE - Decimal("100.1")))
    world["payment"] = paid.ID


@step
def more_than_the_balance_is_refused(world: World) -> None:
    too_much = [{"invoice_id": world["invoice"], "amount_applied": DUE}]
    given = {"customer_id": world["acme"], "amount": DUE, "invoices": too_much}

    raises(ZohoBadRequest, "", lambda: new(world, Payment, **given))
    same(number(find(world, Invoice, world["invoice"]).balance), DUE - Decimal("100.1"))


@step
def an_invoice_with_payments_cannot_be_deleted(world: World) -> None:
    raises(ZohoBadRequest, "", find(world, Invoice, world["invoice"]).Delete)


@step
def a_customer_with_transactions_cannot_be_deleted(world: World) -> None:
    raises(ZohoBadRequest, "(Zoho-3000)", find(world, Contact, world["acme"]).Delete)


@step
def the_payments_of_an_invoice_are_listed(world: World) -> None:
    (row,) = page(world, f"invoices/{world['invoice']}/payments")["payments"]

    same((row["payment_id"], number(row["amount"]), row["payment_mode"]), (world["payment"], Decimal("100.1"), "check"))


@step
def a_credit_note_is_applied(world: World) -> None:
    lines = [{"name": "Scratched", "rate": 40, "quantity": 1}]
    note = new(world, CreditNote, customer_id=world["acme"], line_items=lines)
    post(world, CreditNote, note.ID, "status", "open")
    body = {"invoices": [{"invoice_id": world["invoice"], "amount_applied": 40}]}
    post(world, CreditNote, note.ID, "invoices", body=body)

    used, invoice = find(world, CreditNote, note.ID), find(world, Invoice, world["invoice"])
    same((used.status, number(used.balance)), ("closed", Decimal(0)))
    same((number(invoice.credits_applied), number(invoice.balance)), (40, DUE - Decimal("140.1")))


@step
def the_rest_is_paid_with_something_over(world: World) -> None:
    rest = number(find(world, Invoice, world["invoice"]).balance)
    invoices = [{"invoice_id": world["invoice"], "amount_applied": rest}]
    paid = new(world, Payment, customer_id=world["acme"], amount=rest + 25, invoices=invoices)

    invoice, acme = find(world, Invoice, world["invoice"]), find(world, Contact, world["acme"])
    same((number(paid.unused_amount), invoice.status, number(invoice.balance)), (25, "paid", 0))
    same((number(acme.outstanding_receivable_amount), number(acme.unused_credits_receivable_amount)), (0, 25))
    world["overpaid"] = paid.ID


@step
def payments_are_listed_and_found_by_their_reference(world: World) -> None:
    same(Payment(books(world), reference_number="CHK-1").First().ID, world["payment"])
    same({one["payment_id"] for one in Payment(books(world)).Iter(raw=True)}, {world["payment"], world["overpaid"]})


@step
def a_payment_is_changed(world: World) -> None:
    paid = find(world, Payment, world["payment"])
    paid.description = "By post"
    paid.Update()

    again = find(world, Payment, world["payment"])
    same((again.description, number(again.amount)), ("By post", Decimal("100.1")))


@step
def a_deleted_payment_opens_the_invoice_again(world: World) -> None:
    same(find(world, Payment, world["payment"]).Delete().IsDeleted, True)

    invoice = find(world, Invoice, world["invoice"])
    same((invoice.status, number(invoice.balance)), ("partially_paid", Decimal("100.1")))


@step
def a_write_off_settles_what_is_left(world: World) -> None:
    same(post(world, Invoice, world["invoice"], "writeoff"), "Invoice has been written off")

    invoice = find(world, Invoice, world["invoice"])
    same((invoice.status, number(invoice.write_off_amount), number(invoice.balance)), ("paid", Decimal("100.1"), 0))
