"""A credit note, applied to the invoice and refunded.

Without taxes: the client's parser of credit notes forgot to import its `Tax`.
"""

from stepping import World, same, step
from sums import Line, bill, number

from with_zohobooks.client import api, model


@step
def a_credit_note_is_made(world: World) -> None:
    line = model("LineItem", name="Scratched", rate=33.33, quantity=3)
    note = model("CreditNote", customer_id=world["acme"], date="2026-03-01", line_items=(line,))
    made = api(world, "creditnotes").create(note)

    total = bill(Line("33.33", "3"))["total"]
    same(
        (made.get_creditnote_number(), number(made.get_total()), number(made.get_balance())), ("CN-00001", total, total)
    )
    world["note"], world["credit"] = made.get_creditnote_id(), total


@step
def the_credit_note_is_opened(world: World) -> None:
    api(world, "creditnotes").convert_to_open(world["note"])

    same(api(world, "creditnotes").get_credit_note(world["note"]).get_status(), "open")


@step
def credit_notes_are_listed(world: World) -> None:
    (row,) = api(world, "creditnotes").get_credit_notes().get_creditnotes()

    same((row.get_creditnote_id(), number(row.get_total())), (world["note"], world["credit"]))


@step
def a_part_is_credited_to_the_invoice(world: World) -> None:
    api(world, "creditnotes").credit_to_invoice(
        world["note"], [model("Invoice", invoice_id=world["invoice"], amount_applied=60)]
    )

    (credit,) = api(world, "invoices").list_credits_applied(world["invoice"]).get_invoices_credited()
    same((credit.get_creditnote_id(), number(credit.get_amount_applied())), (world["note"], 60))
    same(number(api(world, "invoices").get(world["invoice"]).get_credits_applied()), 60)
    world["applied"] = credit.get_creditnotes_invoice_id()


@step
def the_invoices_credited_are_listed(world: World) -> None:
    (row,) = api(world, "creditnotes").list_invoices_credited(world["note"]).get_invoices_credited()

    same((row.get_invoice_id(), number(row.get_credited_amount())), (world["invoice"], 60))


@step
def a_part_is_refunded(world: World) -> None:
    refund = model("CreditNoteRefund", date="2026-03-05", refund_mode="cash", amount=10)
    made = api(world, "creditnotes").refund_credit_note(world["note"], refund)

    same(number(made.get_amount()), 10)
    note = api(world, "creditnotes").get_credit_note(world["note"])
    same((number(note.get_balance()), number(note.get_total_refunded_amount())), (world["credit"] - 70, 10))


@step
def refunds_are_listed_with_the_contact_and_with_all(world: World) -> None:
    (of_note,) = api(world, "creditnotes").list_refunds_of_credit_note(world["note"]).get_creditnote_refunds()
    (of_contact,) = api(world, "contacts").list_refunds(world["acme"]).get_creditnote_refunds()

    same((number(of_note.get_amount_fcy()), number(of_contact.get_amount_bcy())), (10, 10))
    assert api(world, "creditnotes").list_credit_note_refunds().get_creditnote_refunds()


@step
def the_credit_is_taken_off_the_invoice(world: World) -> None:
    message = api(world, "invoices").delete_applied_credit(world["invoice"], world["applied"])

    same(message, "Credits applied to an invoice have been deleted.")
    same(number(api(world, "invoices").get(world["invoice"]).get_credits_applied()), 0)


@step
def the_mails_of_a_credit_note_are_told(world: World) -> None:
    notes = api(world, "creditnotes")
    mail = model("Email", subject="Your credit", body="Dear Max", to_mail_ids=["max@acme.example"])
    notes.email_credit_note(world["note"], mail)

    (told,) = notes.email_history(world["note"])
    same((told.get_subject(), told.get_to_mail_ids()), ("Your credit", "max@acme.example"))
    assert notes.get_email_content(world["note"]).get_subject()
