"""An invoice is made from the accepted estimate and sent; others are voided and deleted."""

from decimal import Decimal

from pyzohoapi.exceptions import ZohoBadRequest
from pyzohoapi.objecttypes import Contact
from stepping import World, raises, same, step
from sums import Line, bill, number

from with_pyzohoapi.client import Estimate, Invoice, books, find, new, page, post
from with_pyzohoapi.estimates import LINES

DUE = bill(*LINES, shipping="12.5", adjustment="-0.37")["total"]


@step
def an_estimate_becomes_an_invoice(world: World) -> None:
    offered = find(world, Estimate, world["estimate"])
    made = new(
        world,
        Invoice,
        customer_id=world["acme"],
        invoiced_estimate_id=offered.ID,
        date="2026-02-01",
        line_items=[
            {"name": one["name"], "rate": one["rate"], "quantity": one["quantity"], "discount": one["discount"]}
            | ({"tax_id": one["tax_id"]} if one["tax_id"] else {})
            for one in offered.line_items
        ],
        discount_type="item_level",
        shipping_charge=offered.shipping_charge,
        adjustment=offered.adjustment,
    )

    same((made.status, made.estimate_id, number(made.total), number(made.balance)), ("draft", offered.ID, DUE, DUE))
    same((made.due_date, made.payment_terms), ("2026-03-03", 30))
    world["invoice"] = made.ID


@step
def the_estimate_says_that_it_is_invoiced(world: World) -> None:
    offered = find(world, Estimate, world["estimate"])

    same((offered.status, list(offered.invoice_ids)), ("invoiced", [world["invoice"]]))
    raises(ZohoBadRequest, "invoiced", post, world, Estimate, offered.ID, "status", "declined")


@step
def a_draft_is_owed_by_nobody(world: World) -> None:
    same(number(find(world, Contact, world["acme"]).outstanding_receivable_amount), Decimal(0))


@step
def the_mail_makes_the_draft_a_sent_one(world: World) -> None:
    mail = {"to_mail_ids": ["max@acme.example"], "subject": "Our invoice", "body": "Dear Max"}
    same(post(world, Invoice, world["invoice"], "email", body=mail), "Your invoice has been sent.")

    sent = find(world, Invoice, world["invoice"])
    same((sent.status, sent.is_emailed), ("overdue", True))
    same(number(find(world, Contact, world["acme"]).outstanding_receivable_amount), DUE)


@step
def overdue_invoices_are_listed(world: World) -> None:
    (row,) = Invoice(books(world), filter_by="Status.OverDue").Iter(raw=True)

    same((row["invoice_id"], number(row["balance"])), (world["invoice"], DUE))
    assert row["due_days"].startswith("Overdue by "), row["due_days"]


@step
def a_reminder_is_sent(world: World) -> None:
    same(post(world, Invoice, world["invoice"], "paymentreminder"), "Your payment reminder has been sent.")
    same(find(world, Invoice, world["invoice"]).reminders_sent, 1)


@step
def an_invoice_is_voided_and_becomes_a_draft_again(world: World) -> None:
    other = new(world, Invoice, customer_id=world["acme"], line_items=[{"item_id": world["desk"]}], payment_terms=15)
    post(world, Invoice, other.ID, "status", "sent")

    same((other.Void(), find(world, Invoice, other.ID).status), (True, "void"))
    raises(ZohoBadRequest, "void", post, world, Invoice, other.ID, "status", "sent")
    same(post(world, Invoice, other.ID, "status", "draft"), "Status of invoice changed from void to draft")
    same(find(world, Invoice, other.ID).status, "draft")
    world["other"] = other.ID


@step
def the_lines_of_a_draft_are_changed(world: World) -> None:
    other = find(world, Invoice, world["other"])
    other.line_items[0]["quantity"] = 2
    other.Update()

    again = find(world, Invoice, world["other"])
    same(number(again.total), bill(Line("249.99", "2", tax="8.25"))["total"])
    same(again.line_items[0]["line_item_id"], other.line_items[0]["line_item_id"])


@step
def an_invoice_is_deleted(world: World) -> None:
    other = find(world, Invoice, world["other"])

    same((other.Delete().IsDeleted, find(world, Invoice, world["other"]).IsLoaded), (True, False))


@step
def the_paper_of_invoices_is_one_pdf(world: World) -> None:
    paper = page(world, "invoices/pdf", f"invoice_ids={world['invoice']}")

    same((paper.content_type, paper.content[:5]), ("application/pdf", b"%PDF-"))
