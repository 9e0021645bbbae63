"""Decides what a trigger does for one potential. Pure: facts of both sides in, one decision out."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from connector.triggers import document
from connector.triggers.reading import Facts
from connector.triggers.rules import INVOICE_RULES, Outcome, Rule, missing, state_of


@dataclass(frozen=True)
class Known:
    """What the connector knows of a potential's document."""

    document_id: str | None = None
    carried: dict[str, Any] = field(default_factory=dict)
    voided_by_trigger: bool = False


@dataclass(frozen=True)
class Decision:
    """What is done for a potential; `body` is what goes to Invoice, `reason` what history says."""

    facts: Facts
    action: str
    standing: str
    reason: str
    is_told: bool = False
    body: dict[str, Any] = field(default_factory=dict)
    carried: dict[str, Any] = field(default_factory=dict)
    document_id: str | None = None


def decide(
    facts: Facts,
    known: Known,
    invoice: dict[str, Any] | None,
    customer_id: str | None,
    item_id: str | None,
    since: datetime | None,
    party: str = "account",
) -> Decision:
    """One potential against the rule table.

    Args:
        invoice: its document as it is in Invoice now; None when there is none (any more).
        customer_id: the customer of its account.
        since: the moment the trigger was set; what was won before is offered, never done unasked (requirement G8).
        party: what in the CRM is its customer, `account` or in the module Contacts `contact`.
    """
    rule = missing(facts.outcome, facts.account_id, party)
    if rule is None and known.document_id is None and facts.outcome == "won" and _is_older(facts, since):
        rule = Rule("leave", "won_before", "won before the trigger was set")
    if rule is None and known.document_id is None and facts.outcome == "won" and customer_id is None:
        rule = Rule("leave", "no_customer", f"its {party} could not be brought into Invoice", is_told=True)
    if rule is None:
        status = invoice.get("status") if invoice else None
        state = state_of(status, known.voided_by_trigger) if known.document_id else "none"
        rule = INVOICE_RULES[cast(Outcome, facts.outcome), state]
    if rule.action == "create":
        wanted = document.carried_of(facts, str(customer_id))
        body = document.new_body(facts, str(customer_id), item_id)
        note = "" if facts.amount is not None else "; the potential has no amount, so 0.00"
        return _of(facts, rule, known, body=body, carried=wanted, reason=rule.reason + note)
    if rule.action in ("carry", "reopen") and invoice is not None:
        return _follow(facts, rule, known, invoice, customer_id)
    return _of(facts, rule, known)


def _follow(facts: Facts, rule: Rule, known: Known, invoice: dict[str, Any], customer_id: str | None) -> Decision:
    """A draft follows its potential; nothing to carry and nothing to reopen is nothing to do."""
    wanted = document.carried_of(facts, customer_id or str(invoice["customer_id"]))
    changes = document.differing(invoice, known.carried, wanted)
    carried = {**known.carried, **changes}
    if not changes and rule.action == "carry":
        return _of(facts, Rule("leave", rule.standing, "its draft invoice agrees with it"), known)
    reason = f"{rule.reason}: {', '.join(sorted(changes))}" if changes else rule.reason
    body = document.change_body(invoice, changes) if changes else {}
    return _of(facts, rule, known, body=body, carried=carried, reason=reason)


def _of(facts: Facts, rule: Rule, known: Known, **more: Any) -> Decision:
    said = {"reason": rule.reason, "carried": known.carried, **more}
    return Decision(facts, rule.action, rule.standing, is_told=rule.is_told, document_id=known.document_id, **said)


def _is_older(facts: Facts, since: datetime | None) -> bool:
    return since is not None and datetime.fromisoformat(facts.modified) < since.replace(microsecond=0)
