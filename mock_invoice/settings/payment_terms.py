"""Payment terms that contacts and invoices are offered (their ids stand in contacts, §3.3). The doors are ours."""

from typing import Any

from flask import Blueprint, Response
from sqlalchemy import select

from mock_invoice import state
from mock_invoice.access import current_organization, needs
from mock_invoice.database import db
from mock_invoice.envelope import created, success
from mock_invoice.errors import MissingValue, NameTaken
from mock_invoice.fields import BodySchema, Text, Whole
from mock_invoice.find import find
from mock_invoice.openapi.words import DONE, sent, told
from mock_invoice.parsing import json_body
from mock_invoice.settings.payment_term_model import PaymentTerm
from simulator import ids
from simulator.openapi import documented
from simulator.shapes import array_of

bp = Blueprint("payment_terms", __name__)

THING = "Payment term"
LEAST_DAYS, MOST_DAYS = -3, 3650
#: What a fresh organization has; the negative ones mean ends of months. [MEM]
STANDARD = {
    "Due on Receipt": 0,
    "Due end of the month": -1,
    "Due end of next month": -2,
    "Net 15": 15,
    "Net 30": 30,
    "Net 45": 45,
    "Net 60": 60,
}


class PaymentTermSchema(BodySchema):
    payment_terms_label = Text(200)
    payment_terms = Whole(least=LEAST_DAYS, most=MOST_DAYS)


PAYMENT_TERM = PaymentTermSchema()
#: Ids of terms by days and label.
TermIds = dict[tuple[int, str], str]


def begin_terms(organization_id: int) -> None:
    """The terms of a fresh organization."""
    for label, days in STANDARD.items():
        db.session.add(
            PaymentTerm(id=ids.new_id(), organization_id=organization_id, payment_terms_label=label, payment_terms=days)
        )


def term_ids() -> TermIds:
    """The ids of the organization's terms by days and label."""
    return state.current().term_ids[current_organization().id]


def term_row(term: PaymentTerm) -> dict[str, Any]:
    return {
        "payment_terms_id": str(term.id),
        "payment_terms_label": term.payment_terms_label,
        "payment_terms": term.payment_terms,
    }


def _save(term: PaymentTerm, body: dict[str, Any]) -> None:
    label = body.get("payment_terms_label", term.payment_terms_label)
    if not label:
        raise MissingValue("payment_terms_label")
    with db.session.no_autoflush:
        holder = db.session.scalar(
            select(PaymentTerm.id).where(
                PaymentTerm.organization_id == term.organization_id, PaymentTerm.payment_terms_label == label
            )
        )
    if holder not in (None, term.id):
        raise NameTaken("payment term", label)
    term.payment_terms_label = label
    term.payment_terms = body.get("payment_terms", term.payment_terms)
    db.session.add(term)
    db.session.flush()


@bp.get("/settings/paymentterms")
@documented(_200=told(payment_terms=array_of("PaymentTerm")))
@needs("settings.READ")
def list_terms() -> Response:
    statement = select(PaymentTerm).where(PaymentTerm.organization_id == current_organization().id)
    rows = db.session.scalars(statement.order_by(PaymentTerm.payment_terms, PaymentTerm.id))
    return success(payment_terms=[term_row(one) for one in rows])


@bp.post("/settings/paymentterms")
@documented(body=sent(PAYMENT_TERM, "payment_terms_label", "payment_terms"), _201=told(payment_term="PaymentTerm"))
@needs("settings.CREATE", admin=True)
def add_term() -> Response:
    body = PAYMENT_TERM.load(json_body())
    if "payment_terms" not in body:
        raise MissingValue("payment_terms")
    term = PaymentTerm(id=ids.new_id(), organization_id=current_organization().id, payment_terms_label="")
    _save(term, body)
    message = "The payment term has been added."
    return created(message, "settings/paymentterms", term.id, payment_term=term_row(term))


@bp.put("/settings/paymentterms/<term_id>")
@documented(body=sent(PAYMENT_TERM), _200=told(payment_term="PaymentTerm"))
@needs("settings.UPDATE", admin=True)
def save_term(term_id: str) -> Response:
    """Contacts and documents keep the days and the label they were given."""
    term = find(PaymentTerm, term_id, THING)
    _save(term, PAYMENT_TERM.load(json_body()))
    return success("The payment term has been saved.", payment_term=term_row(term))


@bp.delete("/settings/paymentterms/<term_id>")
@documented(_200=DONE)
@needs("settings.DELETE", admin=True)
def remove_term(term_id: str) -> Response:
    db.session.delete(find(PaymentTerm, term_id, THING))
    return success("The payment term has been deleted.")
