"""An estimate from its draft to the customer's answer; its sums are worked out beside the server."""

from decimal import Decimal

from pyzohoapi.exceptions import ZohoBadRequest
from stepping import World, raises, same, step
from sums import Line, bill, number

from with_pyzohoapi.client import Estimate, books, find, new, page, post

LINES = (
    Line("249.99", "3", off="10%", tax="8.25"),
    Line("79.5", "4", tax="20"),
    Line("33.333333", "3", off="5.5"),
)


def _sums(document: object) -> dict[str, Decimal]:
    return {key: number(getattr(document, key)) for key in ("sub_total", "tax_total", "total")}


@step
def an_estimate_is_made_whose_sums_are_right(world: World) -> None:
    made = new(
        world,
        Estimate,
        customer_id=world["acme"],
        date="2026-01-10",
        expiry_date="2099-12-31",
        reference_number="REF-1",
        line_items=[
            {"item_id": world["desk"], "quantity": 3, "discount": "10%"},
            {"item_id": world["chair"], "quantity": 4, "tax_id": world["vat"]},
            {"name": "Assembly", "rate": Decimal("33.333333"), "quantity": 3, "discount": Decimal("5.5")},
        ],
        discount="15%",
        discount_type="entity_level",
        is_discount_before_tax=True,
        shipping_charge=Decimal("12.5"),
        adjustment=Decimal("-0.37"),
        notes="Thank you",
    )

    same((made.status, made.customer_name, len(made.line_items)), ("draft", "Acme", 3))
    world["estimate"], world["estimate_number"] = made.ID, made.Number


@step
def a_discount_on_lines_and_on_the_whole_are_told_apart(world: World) -> None:
    made = find(world, Estimate, world["estimate"])
    whole = tuple(Line(line.rate, line.quantity, tax=line.tax) for line in LINES)

    same(_sums(made), bill(*whole, percent_off="15", shipping="12.5", adjustment="-0.37"))
    same((made.discount_type, made.discount), ("entity_level", "15.00%"))


@step
def each_line_has_its_own_discount_once_they_are_by_item(world: World) -> None:
    made = find(world, Estimate, world["estimate"])
    made.discount_type, made.discount = "item_level", 0
    for line, off in zip(made.line_items, ("10%", 0, Decimal("5.5")), strict=True):
        line["discount"] = off
    made.Update()

    again = find(world, Estimate, world["estimate"])
    same(_sums(again), bill(*LINES, shipping="12.5", adjustment="-0.37"))
    same([number(line["item_total"]) for line in again.line_items], [line.net for line in LINES])
    same(
        sorted(number(one["tax_amount"]) for one in again.taxes),
        sorted(bill(line)["tax_total"] for line in LINES if line.tax != "0"),
    )


@step
def a_draft_cannot_be_accepted(world: World) -> None:
    raises(ZohoBadRequest, "accepted", post, world, Estimate, world["estimate"], "status", "accepted")


@step
def the_estimate_is_sent(world: World) -> None:
    same(post(world, Estimate, world["estimate"], "status", "sent"), "Quote status has been changed to Sent.")
    same(post(world, Estimate, world["estimate"], "status", "sent"), "Quote status has been changed to Sent.")
    same(find(world, Estimate, world["estimate"]).status, "sent")


@step
def the_mail_is_prepared_and_sent(world: World) -> None:
    prepared = page(world, f"estimates/{world['estimate']}/email")["data"]
    assert world["estimate_number"] in prepared["subject"], prepared["subject"]

    mail = {"to_mail_ids": ["jo@acme.example"], "subject": "Our offer", "body": "Dear Jo"}
    same(post(world, Estimate, world["estimate"], "email", body=mail), "Your estimate has been sent.")
    last = page(world, "settings/sentmails")["sent_mails"][0]
    same((last["to_mail_ids"], last["subject"]), (["jo@acme.example"], "Our offer"))


@step
def the_estimate_is_declined_and_then_accepted(world: World) -> None:
    same(post(world, Estimate, world["estimate"], "status", "declined"), "Quote status has been changed to Declined.")
    same(post(world, Estimate, world["estimate"], "status", "accepted"), "Quote status has been changed to Accepted.")
    raises(ZohoBadRequest, "accepted", post, world, Estimate, world["estimate"], "status", "accepted")


@step
def estimates_are_found_by_number_and_by_status(world: World) -> None:
    found = Estimate(books(world), estimate_number=world["estimate_number"]).First()
    accepted = [one["estimate_id"] for one in Estimate(books(world), filter_by="Status.Accepted").Iter(raw=True)]

    same((found.ID, accepted), (world["estimate"], [world["estimate"]]))


@step
def the_paper_of_an_estimate_is_a_pdf(world: World) -> None:
    paper = page(world, f"estimates/{world['estimate']}", "accept=pdf")

    same((paper.content_type, paper.content[:5]), ("application/pdf", b"%PDF-"))


@step
def a_comment_is_written_and_read(world: World) -> None:
    same(post(world, Estimate, world["estimate"], "comments", body={"description": "Call Jo"}), "Comments added.")

    found = page(world, f"estimates/{world['estimate']}/comments")["comments"]
    assert "Call Jo" in [one["description"] for one in found], found


@step
def an_own_number_has_to_be_asked_for(world: World) -> None:
    client = books(world)
    mine = Estimate(client)
    mine.customer_id, mine.estimate_number = world["acme"], "OFFER-7"
    mine.line_items = [{"item_id": world["chair"]}]

    same(mine.Create(ignore_auto_number_generation="true").Number, "OFFER-7")
    same(mine.Delete().IsDeleted, True)
