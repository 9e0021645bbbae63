"""The rules of entity triggers as one table: how a potential stands × what became of its invoice → what is done.

Guide: Entity Triggers, Probability; requirements G3 to G5, G9, G11. What is not in the table is refused.
"""

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["won", "lost", "open"]
Invoice = Literal["none", "draft", "voided_by_trigger", "voided_by_person", "sent", "deleted"]
Action = Literal["create", "carry", "void", "reopen", "accept", "decline", "leave"]


@dataclass(frozen=True)
class Rule:
    """What is done with an invoice; `standing` is how its potential then stands, `is_told` whether history says so."""

    action: Action
    standing: str
    reason: str
    is_told: bool = False


LET_GO = Rule(
    "leave", "let_go", "the invoice was marked sent, so changes of the potential no longer touch it", is_told=True
)
BY_PERSON = Rule("leave", "left_alone", "its invoice was voided by a person and is left alone", is_told=True)
BY_HAND = Rule("leave", "left_alone", "its invoice was deleted in Invoice; it is not made again unasked", is_told=True)
CARRY = Rule("carry", "invoiced", "the potential was changed")
NOT_DUE = Rule("leave", "not_due", "open and not due")

INVOICE_RULES: dict[tuple[Outcome, Invoice], Rule] = {
    ("won", "none"): Rule("create", "invoiced", "won"),
    ("won", "draft"): CARRY,
    ("won", "voided_by_trigger"): Rule("reopen", "invoiced", "won again"),
    ("won", "voided_by_person"): BY_PERSON,
    ("won", "sent"): LET_GO,
    ("won", "deleted"): BY_HAND,
    ("lost", "none"): Rule("leave", "nothing_to_void", "lost with nothing to void"),
    ("lost", "draft"): Rule("void", "voided", "lost"),
    ("lost", "voided_by_trigger"): Rule("leave", "voided", "its invoice is void already"),
    ("lost", "voided_by_person"): Rule("leave", "voided", "its invoice is void already"),
    ("lost", "sent"): LET_GO,
    ("lost", "deleted"): Rule("leave", "nothing_to_void", "lost with nothing to void"),
    ("open", "none"): NOT_DUE,
    ("open", "draft"): CARRY,
    ("open", "voided_by_trigger"): NOT_DUE,
    ("open", "voided_by_person"): NOT_DUE,
    ("open", "sent"): LET_GO,
    ("open", "deleted"): NOT_DUE,
}


def state_of(status: str | None, voided_by_trigger: bool) -> Invoice:
    """What became of an invoice, from its status (None: it is gone) and whether a trigger voided it."""
    if status is None:
        return "deleted"
    if status == "draft":
        return "draft"
    if status == "void":
        return "voided_by_trigger" if voided_by_trigger else "voided_by_person"
    return "sent"


def missing(outcome: str, makes: bool, account_id: str | None, party: str = "account") -> Rule | None:
    """Why the trigger cannot run for a potential at all, if it cannot (requirements G2, G3).

    Args:
        makes: whether a document is to be made of it.
    """
    if outcome == "unknown":
        return Rule("leave", "no_probability", "Probability was removed from the layout of Potentials", is_told=True)
    if makes and account_id is None:
        return Rule("leave", f"no_{party}", f"the potential has no {party}; give it one in Zoho CRM", is_told=True)
    return None
