"""Decides what a trigger does for one potential. Pure: facts of both sides in, one decision out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from connector.triggers import document
from connector.triggers.estimate_rules import ESTIMATE_RULES, due_for, state_of_estimate
from connector.triggers.reading import Facts
from connector.triggers.rules import INVOICE_RULES, Outcome, Rule, missing, state_of

WHILE_DISABLED = (
    "changed while the integration was disabled ({:%Y-%m-%d %H:%M} to {:%Y-%m-%d %H:%M} UTC); not applied unasked"
)


@dataclass(frozen=True)
class Known:
    """What the connector knows of a potential's document."""

    document_id: str | None = None
    carried: dict[str, Any] = field(default_factory=dict)
    voided_by_trigger: bool = False
    kind: str = "invoice"
    answer_by_trigger: str | None = None
    incarnation: int = 1


@dataclass(frozen=True)
class Trigger:
    """How the trigger is set.

    Attributes:
        document: what it makes, `invoice` or `estimate`.
        stages: when it makes, accepts and declines an estimate.
        since: the moment it was set; what was won before is offered, never done unasked (requirement G8).
        off: from when to when the integration was disabled, each time; what changed then is listed, never done unasked.
        party: what in the CRM is a potential's customer, `account` or in the module Contacts `contact`.
    """

    document: str = "invoice"
    stages: Mapping[str, str] = field(default_factory=dict)
    since: datetime | None = None
    off: tuple[tuple[datetime, datetime], ...] = ()
    party: str = "account"


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
    kind: str = "invoice"
    incarnation: int = 1
    answer_by_trigger: str | None = None


def decide(
    facts: Facts,
    known: Known,
    found: dict[str, Any] | None,
    customer_id: str | None,
    item_id: str | None,
    trigger: Trigger,
    is_asked: bool = False,
) -> Decision:
    """One potential against the rule table.

    Args:
        found: its document as it is in Invoice now; None when there is none (any more).
        customer_id: the customer of its account.
        is_asked: a person wants it done now, whenever the potential was changed.
    """
    rule = _rule_of(facts, known, found, trigger, is_asked)
    is_new = known.document_id is None and rule.action in ("create", "accept")
    if is_new:
        if customer_id is None:
            why = f"its {trigger.party} could not be brought into Invoice"
            return _of(facts, Rule("leave", "no_customer", why, is_told=True), known)
        wanted = document.carried_of(facts, str(customer_id))
        body = document.new_body(facts, str(customer_id), item_id)
        note = "" if facts.amount is not None else "; the potential has no amount, so 0.00"
        return _of(facts, rule, known, body=body, carried=wanted, reason=rule.reason + note)
    if rule.action in ("carry", "reopen") and found is not None:
        return _follow(facts, rule, known, found, customer_id)
    return _of(facts, rule, known)


def _rule_of(facts: Facts, known: Known, found: dict[str, Any] | None, trigger: Trigger, is_asked: bool) -> Rule:
    rule = missing(facts.outcome, False, None) or _of_table(facts, known, found, trigger, is_asked)
    makes = known.document_id is None and rule.action in ("create", "accept")
    if makes and (lacking := missing(facts.outcome, True, facts.account_id, trigger.party)):
        return lacking
    if rule.action == "leave" or is_asked:
        return rule
    if while_off := _time_within(facts, trigger.off):
        said = WHILE_DISABLED.format(*(moment.astimezone(UTC) for moment in while_off))
        return Rule("leave", "while_disabled", said, is_told=True)
    if makes and _is_older(facts, trigger.since):
        return Rule("leave", "won_before", "won before the trigger was set")
    return rule


def _of_table(facts: Facts, known: Known, found: dict[str, Any] | None, trigger: Trigger, is_asked: bool) -> Rule:
    if known.document_id is not None and known.kind != trigger.document:
        return Rule("leave", "left_alone", f"it has an {known.kind}, by the trigger that was set before")
    status = found.get("status") if found else None
    if trigger.document == "estimate":
        state = state_of_estimate(status, known.answer_by_trigger) if known.document_id else "none"
        return ESTIMATE_RULES[due_for(facts, trigger.stages, None if is_asked else trigger.since), state]
    what = state_of(status, known.voided_by_trigger) if known.document_id else "none"
    return INVOICE_RULES[cast(Outcome, facts.outcome), what]


def _follow(facts: Facts, rule: Rule, known: Known, invoice: dict[str, Any], customer_id: str | None) -> Decision:
    """A draft follows its potential; nothing to carry and nothing to reopen is nothing to do."""
    wanted = document.carried_of(facts, customer_id or str(invoice["customer_id"]))
    changes = document.differing(invoice, known.carried, wanted)
    carried = {**known.carried, **changes}
    if not changes and rule.action == "carry":
        return _of(facts, Rule("leave", rule.standing, f"its draft {known.kind} agrees with it"), known)
    reason = f"{rule.reason}: {', '.join(sorted(changes))}" if changes else rule.reason
    body = document.change_body(invoice, changes) if changes else {}
    return _of(facts, rule, known, body=body, carried=carried, reason=reason)


def _of(facts: Facts, rule: Rule, known: Known, **more: Any) -> Decision:
    said = {"reason": rule.reason, "carried": known.carried, **more}
    return Decision(
        facts,
        rule.action,
        rule.standing,
        is_told=rule.is_told,
        document_id=known.document_id,
        kind=known.kind,
        incarnation=known.incarnation,
        answer_by_trigger=known.answer_by_trigger,
        **said,
    )


def makes_document(facts: Facts, known: Known, trigger: Trigger, is_asked: bool) -> bool:
    """Whether a document is to be made of it, so that its customer is needed."""
    rule = _rule_of(facts, known, None, trigger, is_asked)
    return known.document_id is None and rule.action in ("create", "accept")


def follows_potential(
    facts: Facts, known: Known, found: dict[str, Any] | None, trigger: Trigger, is_asked: bool
) -> bool:
    """Whether its document is still carried along, so that another customer of the potential is needed too."""
    return found is not None and _rule_of(facts, known, found, trigger, is_asked).action in ("carry", "reopen")


def _time_within(facts: Facts, times: Iterable[tuple[datetime, datetime]]) -> tuple[datetime, datetime] | None:
    """The one of these times in which a potential was changed last."""
    modified = datetime.fromisoformat(facts.modified)
    found = (time for time in times if time[0].replace(microsecond=0) <= modified < time[1].replace(microsecond=0))
    return next(found, None)


def _is_older(facts: Facts, since: datetime | None) -> bool:
    return since is not None and datetime.fromisoformat(facts.modified) < since.replace(microsecond=0)
