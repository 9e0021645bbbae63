"""What can be done with estimates, sales orders and invoices on their pages, and sending them by mail."""

from typing import Any

import pytest

from tests.support.visitor import Visitor
from tests.support.world import World

KINDS = {"estimates": "estimate", "salesorders": "salesorder", "invoices": "invoice"}


def add(world: World, kind: str, **more: Any) -> dict[str, Any]:
    """A draft of a kind for a customer with an email address."""
    person = {"first_name": "Jo", "email": "jo@acme.example", "is_primary_contact": True}
    rows = world.invoice.ask("GET", "/contacts", {"contact_name": "Acme"})["contacts"]
    customer = rows[0] if rows else world.invoice.create_contact({"contact_name": "Acme", "contact_persons": [person]})
    body = {"customer_id": customer["contact_id"], "line_items": [{"name": "Work", "rate": 100}], **more}
    made: dict[str, Any] = world.invoice.ask("POST", f"/{kind}", json=body)[KINDS[kind]]
    return {**made, "at": f"/invoice/{kind}/{made[f'{KINDS[kind]}_id']}"}


def status(world: World, document: dict[str, Any]) -> str:
    _, _, kind, document_id = document["at"].split("/")
    return str(world.invoice.ask("GET", f"/{kind}/{document_id}")[KINDS[kind]]["status"])


@pytest.mark.parametrize(
    ("kind", "moves", "ends"),
    [
        ("estimates", ["sent"], "sent"),
        ("estimates", ["sent", "accepted"], "accepted"),
        ("estimates", ["sent", "declined"], "declined"),
        ("salesorders", ["open"], "open"),
        ("salesorders", ["open", "void"], "void"),
        ("invoices", ["sent"], "sent"),
        ("invoices", ["void", "draft"], "draft"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else value,
)
def test_a_document_is_moved_by_its_buttons(
    world: World, asha: Visitor, kind: str, moves: list[str], ends: str
) -> None:
    document = add(world, kind)

    for move in moves:
        page = asha.get(document["at"]).text
        assert f'action="{document["at"]}/status/{move}"' in page
        asha.follow(f"{document['at']}/status/{move}")

    assert status(world, document) == ends


@pytest.mark.requirement("L6")
@pytest.mark.parametrize(
    ("kind", "opened", "target"),
    [("estimates", "sent", "salesorders"), ("estimates", "sent", "invoices"), ("salesorders", "open", "invoices")],
)
def test_a_document_is_converted_and_its_potential_goes_along(
    world: World, asha: Visitor, kind: str, opened: str, target: str
) -> None:
    document = add(world, kind, zcrm_potential_id="77", zcrm_potential_name="Big Deal")
    asha.follow(f"{document['at']}/status/{opened}")

    page = asha.follow(f"{document['at']}/convert/{target}").text

    made = world.invoice.ask("GET", f"/{target}", {"zcrm_potential_id": "77"})[target]
    assert [one["total"] for one in made] == [100]
    assert made[0][f"{KINDS[target]}_number"] in page
    assert f'href="{document["at"]}"' in page


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_that_was_made_of_no_other_names_none(world: World, asha: Visitor, kind: str) -> None:
    page = asha.get(add(world, kind)["at"]).text

    assert "Made from" not in page
    assert "made from it" not in page


def test_what_an_estimate_became_stands_on_its_page(world: World, asha: Visitor) -> None:
    document = add(world, "estimates")
    asha.follow(f"{document['at']}/status/sent")
    asha.follow(f"{document['at']}/convert/invoices")

    page = asha.get(document["at"]).text

    assert "Invoice made from it" in page
    assert ">Edit</a>" not in page


def test_a_refused_move_is_told_on_the_documents_page(world: World, asha: Visitor) -> None:
    document = add(world, "estimates")

    page = asha.follow(f"{document['at']}/status/accepted").text

    assert 'class="note bad"' in page
    assert status(world, document) == "draft"


def test_an_invoice_is_written_off_and_the_write_off_cancelled(world: World, asha: Visitor) -> None:
    document = add(world, "invoices")
    asha.follow(f"{document['at']}/status/sent")

    asha.follow(f"{document['at']}/writeoff")
    after = status(world, document)
    asha.follow(f"{document['at']}/writeoff/cancel")

    assert (after, status(world, document)) == ("paid", "sent")


def test_a_payment_is_recorded_listed_and_deleted(world: World, asha: Visitor) -> None:
    document = add(world, "invoices")
    asha.follow(f"{document['at']}/status/sent")
    asha.follow(f"{document['at']}/payments", amount="40", mode="cash")

    listed = asha.get("/invoice/payments").text
    payment = world.invoice.ask("GET", "/customerpayments")["customerpayments"][0]["payment_id"]
    page = asha.get(f"/invoice/payments/{payment}").text
    asha.follow(f"/invoice/payments/{payment}/delete")

    assert "$40.00" in listed
    assert document["invoice_number"] in page
    assert world.invoice.ask("GET", "/customerpayments")["customerpayments"] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_is_deleted(world: World, asha: Visitor, kind: str) -> None:
    document = add(world, kind)

    asha.follow(f"{document['at']}/delete")

    assert world.invoice.ask("GET", f"/{kind}")[kind] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_is_sent_by_mail_and_read_in_the_outbox(world: World, asha: Visitor, kind: str) -> None:
    document = add(world, kind)
    form = asha.get(f"{document['at']}/email").text

    sent = {"to": "jo@acme.example, ann@acme.example", "subject": "Hello", "text": "Dear Jo,\n<b>thanks</b> & bye"}
    asha.follow(f"{document['at']}/email", **sent, pdf="1")

    (mail,) = world.invoice.ask("GET", "/settings/sentmails")["sent_mails"]
    page = asha.get(f"/invoice/outbox/{mail['mail_id']}").text
    assert 'value="jo@acme.example"' in form
    assert "Dear Acme," in form
    assert (mail["to_mail_ids"], mail["subject"]) == (["jo@acme.example", "ann@acme.example"], "Hello")
    assert "Dear Jo,\n&lt;b&gt;thanks&lt;/b&gt; &amp; bye" in page
    assert "Hello" in asha.get("/invoice/outbox").text
    assert status(world, document) in ("sent", "open")


def test_a_mail_without_a_receiver_is_not_sent_and_what_was_typed_stays(world: World, asha: Visitor) -> None:
    document = add(world, "invoices")

    answer = asha.post(f"{document['at']}/email", to="", subject="Hello", text="My words")

    assert answer.status_code == 422
    assert "Write at least one email address." in answer.text
    assert "My words" in answer.text
    assert world.invoice.ask("GET", "/settings/sentmails")["sent_mails"] == []


def test_the_pdf_is_given_as_a_file(world: World, asha: Visitor) -> None:
    document = add(world, "invoices")

    answer = asha.get(f"{document['at']}/pdf")

    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"] == f"attachment; filename={document['invoice_number']}.pdf"


def test_the_print_view_is_the_document_alone(world: World, asha: Visitor) -> None:
    document = add(world, "estimates", notes="<i>Thanks</i>")

    page = asha.get(f"{document['at']}/print").text

    assert document["estimate_number"] in page
    assert "&lt;i&gt;Thanks&lt;/i&gt;" in page
    assert "person-menu" not in page


def test_what_is_not_there_is_not_found(asha: Visitor) -> None:
    assert asha.get("/invoice/salesorders/999999").status_code == 404
    assert asha.get("/invoice/salesorders/999999/edit").status_code == 404
    assert asha.get("/invoice/outbox/999999").status_code == 404
