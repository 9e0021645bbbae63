"""Invoices: made from the accepted estimate, mailed, voided, deleted."""

from pathlib import Path
from typing import Any

from stepping import World, same, step
from sums import Line, bill, number

from with_zohobooks.client import api, model, refused
from with_zohobooks.offers import lines, sums_of

LINES = (Line("249.99", "2", off="10%", tax="8.25"), Line("79.5", "3"), Line("0.335", "7", tax="8.25"))


def taxed(world: World) -> tuple[Any, ...]:
    """The lines of the estimate, two of them with a tax."""
    desks, chairs, screws = lines(world)
    for one in (desks, screws):
        one.set_tax_id(world["sales_tax"])
    return desks, chairs, screws


@step
def an_estimate_becomes_an_invoice(world: World) -> None:
    invoice = model(
        "Invoice",
        customer_id=world["acme"],
        invoiced_estimate_id=world["estimate"],
        date="2026-02-01",
        line_items=taxed(world),
        discount_type="item_level",
        shipping_charge=15,
    )
    made = api(world, "invoices").create(invoice)

    same(sums_of(made), bill(*LINES, shipping="15"))
    same(
        [(one.get_tax_name(), number(one.get_tax_amount())) for one in made.get_taxes()],
        [("Sales Tax (8.25%)", bill(*LINES)["tax_total"])],
    )
    same((made.get_status(), made.get_invoice_number(), made.get_due_date()), ("draft", "BILL-000001", "2026-02-16"))
    world["invoice"], world["due"] = made.get_invoice_id(), sums_of(made)["total"]


@step
def the_estimate_says_that_it_is_invoiced(world: World) -> None:
    same(api(world, "estimates").get(world["estimate"]).get_status(), "invoiced")
    refused(90001, api(world, "estimates").mark_an_estimate_as_declined, world["estimate"])


@step
def the_invoice_is_read(world: World) -> None:
    found = api(world, "invoices").get(world["invoice"])

    same((number(found.get_total()), number(found.get_balance())), (world["due"], world["due"]))
    same((found.get_payment_terms(), found.get_is_emailed(), number(found.get_payment_made())), (15, False, 0))


@step
def the_invoice_is_sent(world: World) -> None:
    same(api(world, "invoices").mark_an_invoice_as_sent(world["invoice"]), "Invoice status has been changed to Sent.")
    same(number(api(world, "contacts").get(world["acme"]).get_outstanding_receivable_amount()), world["due"])


@step
def invoices_are_listed(world: World) -> None:
    found = api(world, "invoices").get_invoices({"filter_by": "Status.OverDue"})

    (row,) = found.get_invoices()
    same((row.get_invoice_id(), row.get_status()), (world["invoice"], "overdue"))
    same(number(row.get_balance()), world["due"])
    same(found.get_page_context().get_applied_filter(), "Status.OverDue")


@step
def the_invoice_is_mailed_with_a_file(world: World) -> None:
    file = Path(world.folder, "plan.txt")
    file.write_text("The plan", encoding="utf-8")
    mail = model("Email", subject="Our invoice", body="Dear Max", to_mail_ids=["max@acme.example"])

    same(api(world, "invoices").email_an_invoice(world["invoice"], mail, [str(file)]), "Your invoice has been sent.")
    (last, *_) = world.ask("GET", "/api/v3/settings/sentmails", token=world["token"])["sent_mails"]
    assert "plan.txt" in [one["file_name"] for one in last["files"]], last


@step
def the_content_of_mails_is_prepared(world: World) -> None:
    invoices = api(world, "invoices")

    assert "BILL-000001" in invoices.get_email_content(world["invoice"]).get_subject()
    assert "BILL-000001" in invoices.get_payment_reminder_mail_content(world["invoice"]).get_subject()


@step
def many_invoices_are_mailed_at_once(world: World) -> None:
    assert "sent" in api(world, "invoices").email_invoices([world["acme"]], world["invoice"])


@step
def reminders_are_sent_and_switched(world: World) -> None:
    invoices = api(world, "invoices")
    mail = model("Email", subject="Reminder", body="Dear Max", to_mail_ids=["max@acme.example"])

    same(invoices.remind_customer(world["invoice"], mail), "Your payment reminder has been sent.")
    same(invoices.bulk_invoice_reminder(world["invoice"]), "Your payment reminder has been sent.")
    same(invoices.disable_payment_reminder(world["invoice"]), "Reminders stopped.")
    same(invoices.enable_payment_reminder(world["invoice"]), "Reminders enabled.")
    same(invoices.get(world["invoice"]).get_reminders_sent(), 2)


@step
def a_file_is_attached_and_taken_off(world: World) -> None:
    invoices, file = api(world, "invoices"), Path(world.folder, "scan.txt")
    file.write_text("Scanned", encoding="utf-8")

    same(invoices.add_attachment_to_an_invoice(world["invoice"], [str(file)]), "Your file has been attached.")
    same(invoices.get(world["invoice"]).get_attachment_name(), "scan.txt")
    assert "updated" in invoices.update_attachment_preference(world["invoice"], "true")
    same(invoices.get(world["invoice"]).get_can_send_in_mail(), True)
    same(invoices.delete_an_attachment(world["invoice"]), "Your file is no longer attached to the invoice.")


@step
def the_addresses_of_an_invoice_are_changed(world: World) -> None:
    address = model("Address", address="2 Side St", city="Bonn", zip="53111")

    same(api(world, "invoices").update_billing_address(world["invoice"], address).get_city(), "Bonn")
    same(api(world, "invoices").update_shipping_address(world["invoice"], address).get_zip(), "53111")


@step
def a_template_is_chosen(world: World) -> None:
    template = api(world, "invoices").list_invoice_templates().get_templates()[0]

    assert "updated" in api(world, "invoices").update_invoice_template(world["invoice"], template.get_template_id())


@step
def comments_are_written(world: World) -> None:
    invoices = api(world, "invoices")
    comment = model("Comment", description="Call Max", show_comment_to_clients=False)
    made = invoices.add_comment(world["invoice"], comment)

    told = [one.get_description() for one in invoices.list_invoice_comments_history(world["invoice"]).get_comments()]
    assert "Call Max" in told, told
    same(invoices.delete_comment(world["invoice"], made.get_comment_id()), "The comment has been deleted.")


@step
def an_own_number_and_sending_are_asked_for_in_the_query(world: World) -> None:
    invoice = model("Invoice", customer_id=world["acme"], line_items=taxed(world)[1:2], invoice_number="MINE-1")
    made = api(world, "invoices").create(invoice, "true", "true")

    same((made.get_invoice_number(), made.get_status()), ("MINE-1", "sent"))
    same(sums_of(made), bill(Line("79.5", "3")))
    world["mine"] = made.get_invoice_id()
    same(
        refused(90002, api(world, "invoices").create, invoice, None, "true"),
        'The invoice number "MINE-1" already exists. Please specify a different number.',
    )


@step
def an_invoice_is_voided_and_becomes_a_draft_again(world: World) -> None:
    invoices = api(world, "invoices")

    same(invoices.void_an_invoice(world["mine"]), "Invoice status has been changed to Void.")
    refused(90001, invoices.mark_an_invoice_as_sent, world["mine"])
    same(invoices.mark_as_draft(world["mine"]), "Status of invoice changed from void to draft")


@step
def a_draft_is_changed(world: World) -> None:
    changed = model("Invoice", customer_id=world["acme"], line_items=taxed(world)[1:3])
    found = api(world, "invoices").update(world["mine"], changed)

    same(sums_of(found), bill(Line("79.5", "3"), Line("0.335", "7", tax="8.25")))


@step
def an_invoice_is_deleted(world: World) -> None:
    same(api(world, "invoices").delete(world["mine"]), "The invoice has been deleted.")
    same(refused(1002, api(world, "invoices").get, world["mine"]), "Invoice does not exist.")
