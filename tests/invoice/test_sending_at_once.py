"""`send` mails a document as it is made; `custom_subject` and `custom_body` are what its mails start from (§5.2)."""

from typing import Any

import pytest

from tests.invoice.conftest import Invoice

KINDS = {"estimates": "estimate", "salesorders": "salesorder", "invoices": "invoice"}
each_kind = pytest.mark.parametrize("kind", KINDS)
PEOPLE = [{"first_name": "Jo", "email": "jo@acme.test"}, {"first_name": "Al", "email": "al@acme.test"}]
TEXTS = {"custom_subject": "Your desk, %CustomerName%", "custom_body": "Dear Jo,<br>as promised: %Number%."}
OPENED = {"estimates": "sent", "salesorders": "open", "invoices": "sent"}


def body_for(customer: Any, **more: Any) -> dict[str, Any]:
    line = {"name": "Work", "rate": 10, "quantity": 1}
    return {"customer_id": customer["contact_id"], "line_items": [line], **more}


def outbox(invoice: Invoice) -> list[Any]:
    return list(invoice.get("/settings/sentmails")["sent_mails"])


@each_kind
def test_send_mails_it_to_the_customer(invoice: Invoice, kind: str) -> None:
    customer = invoice.add_contact(contact_persons=PEOPLE)

    made = invoice.post(f"/{kind}?send=true", body_for(customer))[KINDS[kind]]

    (mail,) = outbox(invoice)
    assert (made["status"], made["is_emailed"]) == (OPENED[kind], True)
    assert (mail["entity"], mail["entity_id"]) == (KINDS[kind], made[f"{KINDS[kind]}_id"])
    assert (mail["to_mail_ids"], made[f"{KINDS[kind]}_number"] in mail["subject"]) == (["jo@acme.test"], True)


def test_send_mails_it_to_the_people_it_is_for(invoice: Invoice) -> None:
    customer = invoice.add_contact(contact_persons=PEOPLE)
    al = customer["contact_persons"][1]["contact_person_id"]

    invoice.post("/invoices", body_for(customer, contact_persons=[al], send=True))

    assert [mail["to_mail_ids"] for mail in outbox(invoice)] == [["al@acme.test"]]


def test_with_nobody_to_mail_it_to_it_is_marked_as_sent(invoice: Invoice) -> None:
    made = invoice.post("/invoices?send=true", body_for(invoice.add_contact()))["invoice"]

    assert (made["status"], made["is_emailed"], outbox(invoice)) == ("sent", False, [])


@each_kind
def test_the_mail_has_the_texts_of_the_document(invoice: Invoice, kind: str) -> None:
    customer = invoice.add_contact("Acme & Sons", contact_persons=PEOPLE)

    made = invoice.post(f"/{kind}?send=true", body_for(customer, **TEXTS))[KINDS[kind]]

    (mail,) = outbox(invoice)
    assert mail["subject"] == "Your desk, Acme & Sons"
    assert mail["body"] == f"Dear Jo,<br>as promised: {made[f'{KINDS[kind]}_number']}."


def test_a_later_mail_starts_from_the_texts_too(invoice: Invoice) -> None:
    made = invoice.post("/invoices", body_for(invoice.add_contact(contact_persons=PEOPLE)))["invoice"]
    path = f"/invoices/{made['invoice_id']}"
    default = invoice.get(f"{path}/email")["data"]

    invoice.put(path, {"custom_subject": "Mine"})
    mine = invoice.get(f"{path}/email")["data"]
    invoice.post(f"{path}/email")
    invoice.post(f"{path}/email", {"subject": "This time"})

    assert (mine["subject"], mine["body"]) == ("Mine", default["body"])
    assert [one["selected"] for one in mine["emailtemplates"]] == [one["selected"] for one in default["emailtemplates"]]
    assert [mail["subject"] for mail in outbox(invoice)] == ["This time", "Mine"]
    short = default["emailtemplates"][1]["email_template_id"]
    assert invoice.get(f"{path}/email?email_template_id={short}")["data"]["subject"] != "Mine"
    invoice.put(path, {"custom_subject": ""})
    assert invoice.get(f"{path}/email")["data"]["subject"] == default["subject"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"custom_subject": {"a": 1}}, 2), ({"custom_subject": "x" * 1001}, 15), ({"custom_body": "x" * 20_001}, 15)],
)
def test_texts_that_are_none_are_refused_and_nothing_is_made(invoice: Invoice, wrong: Any, code: int) -> None:
    customer = invoice.add_contact(contact_persons=PEOPLE)

    assert invoice.refused("POST", "/invoices?send=true", body_for(customer, **wrong))[:2] == (400, code)
    assert (invoice.get("/invoices")["invoices"], outbox(invoice)) == ([], [])
