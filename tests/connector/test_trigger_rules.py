"""The rule table of entity triggers, case by case (guide: Entity Triggers, Probability)."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, get_args

import pytest

from connector.settings import DEFAULT_SETTINGS
from connector.triggers import document
from connector.triggers.deciding import Known, Trigger, decide
from connector.triggers.reading import Facts, facts_of
from connector.triggers.rules import INVOICE_RULES, Invoice, Outcome, state_of


def facts(probability: int | None = 100, **more: Any) -> Facts:
    known = {
        "id": "77",
        "name": "Big Deal",
        "stage": "any",
        "probability": probability,
        "amount": Decimal("100"),
        "account_id": "5",
        "account_name": "Acme",
        "product_id": None,
        "modified": "2026-05-01T10:00:00+00:00",
    }
    return Facts(**{**known, **more})


def invoice(status: str, **more: Any) -> dict[str, Any]:
    line = {"line_item_id": "1", "rate": Decimal("100"), "name": "Big Deal", "quantity": 1}
    return {"status": status, "reference_number": "Big Deal", "customer_id": "9", "line_items": [line], **more}


CARRIED = {"name": "Big Deal", "rate": Decimal("100"), "customer_id": "9"}


def test_every_case_has_a_rule():
    assert set(INVOICE_RULES) == {(outcome, state) for outcome in get_args(Outcome) for state in get_args(Invoice)}


@pytest.mark.requirement("G2")
@pytest.mark.parametrize(
    ("probability", "outcome"), [(100, "won"), (0, "lost"), (1, "open"), (99, "open"), (None, "unknown")]
)
def test_won_and_lost_are_read_from_the_probability(probability, outcome):
    assert facts(probability).outcome == outcome


@pytest.mark.parametrize(
    ("status", "by_trigger", "state"),
    [
        (None, False, "deleted"),
        ("draft", False, "draft"),
        ("draft", True, "draft"),
        ("void", True, "voided_by_trigger"),
        ("void", False, "voided_by_person"),
        ("sent", False, "sent"),
        ("overdue", False, "sent"),
        ("paid", True, "sent"),
        ("partially_paid", False, "sent"),
        ("viewed", False, "sent"),
    ],
)
def test_the_status_of_the_invoice_says_what_became_of_it(status, by_trigger, state):
    assert state_of(status, by_trigger) == state


@pytest.mark.requirement("G1", "G4", "G5")
@pytest.mark.parametrize(
    ("probability", "known", "status", "action", "standing"),
    [
        (100, Known(), None, "create", "invoiced"),
        (0, Known(), None, "leave", "nothing_to_void"),
        (20, Known(), None, "leave", "not_due"),
        (0, Known("3", CARRIED), "draft", "void", "voided"),
        (100, Known("3", CARRIED, voided_by_trigger=True), "void", "reopen", "invoiced"),
        (100, Known("3", CARRIED), "void", "leave", "left_alone"),
        (0, Known("3", CARRIED), "sent", "leave", "let_go"),
        (100, Known("3", CARRIED), "paid", "leave", "let_go"),
        (100, Known("3", CARRIED), None, "leave", "left_alone"),
        (100, Known("3", CARRIED), "draft", "leave", "invoiced"),
    ],
    ids=[
        "won",
        "lost",
        "open",
        "lost after won",
        "won again",
        "voided by a person",
        "sent then lost",
        "paid",
        "deleted",
        "same",
    ],
)
def test_what_a_trigger_does(probability, known, status, action, standing):
    decision = decide(facts(probability), known, invoice(status) if status else None, "9", None, Trigger())

    assert (decision.action, decision.standing) == (action, standing)


@pytest.mark.requirement("G3")
def test_a_won_potential_without_an_account_makes_nothing_and_says_why():
    decision = decide(facts(account_id=None), Known(), None, None, None, Trigger())

    assert (decision.action, decision.standing, decision.is_told) == ("leave", "no_account", True)


@pytest.mark.requirement("G2")
def test_without_probability_triggers_do_not_run():
    assert decide(facts(None), Known(), None, "9", None, Trigger()).standing == "no_probability"


@pytest.mark.requirement("G8")
def test_a_potential_won_before_the_trigger_was_set_is_not_invoiced_unasked():
    since = datetime(2026, 5, 2, tzinfo=UTC)

    assert decide(facts(), Known(), None, "9", None, Trigger(since=since)).standing == "won_before"


@pytest.mark.requirement("G9")
def test_the_invoice_has_one_line_of_the_amount_and_is_linked_to_its_potential():
    body = document.new_body(facts(), "9", None)

    assert body == {
        "customer_id": "9",
        "reference_number": "Big Deal",
        "line_items": [{"rate": Decimal("100"), "quantity": 1, "name": "Big Deal"}],
        "zcrm_potential_id": "77",
        "zcrm_potential_name": "Big Deal",
    }


@pytest.mark.requirement("G9")
def test_an_empty_amount_makes_an_invoice_of_zero_and_is_noted():
    decision = decide(facts(amount=None), Known(), None, "9", None, Trigger())

    assert decision.body["line_items"][0]["rate"] == 0
    assert "no amount" in decision.reason


@pytest.mark.requirement("G9")
def test_a_draft_follows_its_potential_but_not_where_a_person_edited_it():
    followed = decide(facts(amount=Decimal("150")), Known("3", CARRIED), invoice("draft"), "9", None, Trigger())
    edited = invoice("draft", line_items=[{"line_item_id": "1", "rate": Decimal("120"), "quantity": 1}])
    kept = decide(facts(amount=Decimal("150")), Known("3", CARRIED), edited, "9", None, Trigger())

    assert (followed.action, followed.body["line_items"][0]["rate"]) == ("carry", Decimal("150"))
    assert kept.action == "leave"


def test_the_key_of_a_document_is_the_same_for_every_try():
    assert document.sync_key("1", "2", "77") == document.sync_key("1", "2", "77")
    assert document.sync_key("1", "2", "77") != document.sync_key("1", "2", "77", incarnation=2)


def test_facts_are_read_from_the_crm_record():
    record = {
        "id": "77",
        "Deal_Name": "Big Deal",
        "Stage": "Closed Won",
        "Probability": 100,
        "Amount": Decimal("12.50"),
        "Account_Name": {"id": "5", "name": "Acme"},
        "Product_Name": None,
        "Modified_Time": "2026-05-01T10:00:00+00:00",
    }

    read = facts_of(record, DEFAULT_SETTINGS)

    assert (read.outcome, read.amount, read.account_id, read.product_id) == ("won", Decimal("12.50"), "5", None)
