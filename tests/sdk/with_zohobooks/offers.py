"""An estimate from its draft to the customer's answer; its sums are worked out beside the server.

Without taxes: the client trips over an estimate that has some, as its `set_taxes` takes a list and is given one.
"""

from typing import Any

from stepping import World, same, step
from sums import Line, bill, number

from with_zohobooks.client import api, model, refused

LINES = (Line("249.99", "2", off="10%"), Line("79.5", "3"), Line("0.335", "7"))
CHARGES = {"shipping": "15", "adjustment": "-0.51"}
TOTALS = bill(*LINES, **CHARGES)


def sums_of(document: Any) -> dict[str, Any]:
    names = ("sub_total", "tax_total", "total")
    return {name: number(getattr(document, f"get_{name}")()) for name in names}


def lines(world: World) -> tuple[Any, ...]:
    return (
        model("LineItem", item_id=world["desk"], rate=249.99, quantity=2, discount="10%"),
        model("LineItem", item_id=world["chair"], rate=79.5, quantity=3),
        model("LineItem", name="Screws", rate=0.335, quantity=7),
    )


@step
def an_estimate_is_made_whose_sums_are_right(world: World) -> None:
    estimate = model(
        "Estimate",
        customer_id=world["acme"],
        date="2026-01-10",
        expiry_date="2099-12-31",
        reference_number="REF-1",
        line_items=lines(world),
        discount_type="item_level",
        shipping_charge=15,
        adjustment=-0.51,
        notes="Thank you",
    )
    made = api(world, "estimates").create(estimate)

    same((made.get_status(), made.get_estimate_number()), ("draft", "OFFER-0042"))
    same(sums_of(made), TOTALS)
    same([number(line.get_item_total()) for line in made.get_line_items()], [line.net for line in LINES])
    world["estimate"] = made.get_estimate_id()


@step
def the_estimate_is_read(world: World) -> None:
    found = api(world, "estimates").get(world["estimate"])

    same((found.get_customer_id(), found.get_notes(), sums_of(found)), (world["acme"], "Thank you", TOTALS))


@step
def estimates_are_listed(world: World) -> None:
    found = api(world, "estimates").get_estimates({"reference_number": "REF-1"})

    same([one.get_estimate_id() for one in found.get_estimates()], [world["estimate"]])
    same(found.get_page_context().get_report_name(), "Quotes")


@step
def the_estimate_is_changed(world: World) -> None:
    changed = api(world, "estimates").update(
        world["estimate"],
        model("Estimate", customer_id=world["acme"], line_items=lines(world), notes="New", adjustment=-0.51),
    )

    same((changed.get_notes(), changed.get_estimate_number(), sums_of(changed)), ("New", "OFFER-0042", TOTALS))


@step
def a_draft_cannot_be_accepted(world: World) -> None:
    assert "accepted" in refused(90001, api(world, "estimates").mark_an_estimate_as_accepted, world["estimate"])


@step
def the_mail_content_is_prepared(world: World) -> None:
    prepared = api(world, "estimates").get_estimate_email_content(world["estimate"])

    assert "OFFER-0042" in prepared.get_subject()
    same(prepared.get_customer_id(), world["acme"])


@step
def the_estimate_is_sent_by_mail(world: World) -> None:
    mail = model("Email", subject="Our offer", body="Dear Max", to_mail_ids=["max@acme.example"])

    same(api(world, "estimates").email_an_estimate(world["estimate"], mail), "Your estimate has been sent.")
    same(api(world, "estimates").get(world["estimate"]).get_status(), "sent")


@step
def many_estimates_are_sent_by_mail_at_once(world: World) -> None:
    assert "sent" in api(world, "estimates").email_estimates(world["estimate"])


@step
def the_estimate_is_marked_sent_declined_and_accepted(world: World) -> None:
    estimates = api(world, "estimates")

    same(estimates.mark_an_estimate_as_sent(world["estimate"]), "Quote status has been changed to Sent.")
    same(estimates.mark_an_estimate_as_declined(world["estimate"]), "Quote status has been changed to Declined.")
    same(estimates.mark_an_estimate_as_accepted(world["estimate"]), "Quote status has been changed to Accepted.")
    same(estimates.get(world["estimate"]).get_status(), "accepted")


@step
def the_addresses_of_an_estimate_are_changed(world: World) -> None:
    estimates, address = api(world, "estimates"), model("Address", address="2 Side St", city="Bonn", fax="99")
    billing = estimates.update_billing_address(world["estimate"], address)
    shipping = estimates.update_shipping_address(world["estimate"], address, False)

    same((billing.get_city(), shipping.get_address(), shipping.get_fax()), ("Bonn", "2 Side St", "99"))


@step
def a_template_is_chosen(world: World) -> None:
    template = api(world, "estimates").list_estimate_template().get_templates()[0]

    message = api(world, "estimates").update_estimate_template(world["estimate"], template.get_template_id())
    assert "updated" in message, message


@step
def a_comment_is_written_changed_and_deleted(world: World) -> None:
    estimates = api(world, "estimates")
    made = estimates.add_comment(world["estimate"], "Call Max", False)
    changed = estimates.update_comment(world["estimate"], made.get_comment_id(), "Call Jo", False)
    told = [one.get_description() for one in estimates.list_comments_history(world["estimate"]).get_comments()]

    same((made.get_description(), changed.get_description()), ("Call Max", "Call Jo"))
    assert "Call Jo" in told, told
    same(estimates.delete_comment(world["estimate"], made.get_comment_id()), "The comment has been deleted.")
