"""The rules of the estimate trigger: which act a potential is due for × what became of its estimate → what is done.

Guide: Entity Triggers, Estimate; requirements G1, G5, G9, G11. What is not in the table is refused.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from connector.settings import STAGE, When
from connector.triggers.reading import Facts
from connector.triggers.rules import Rule

Due = Literal["create", "accept", "decline", "wait"]
Estimate = Literal[
    "none", "draft", "sent", "accepted_by_trigger", "declined_by_trigger", "answered_by_person", "invoiced", "deleted"
]

LET_GO = Rule(
    "leave",
    "let_go",
    "the estimate was accepted, declined or converted by a person, so changes of the potential no longer touch it",
    is_told=True,
)
BY_HAND = Rule("leave", "left_alone", "its estimate was deleted in Invoice; it is not made again unasked", is_told=True)
CARRY = Rule("carry", "estimated", "the potential was changed")
SENT = Rule("leave", "estimated", "its estimate was sent; only a draft follows the potential")
ANSWERED = Rule("leave", "estimated", "its estimate was answered; an answer is not taken back")
NOT_DUE = Rule("leave", "not_due", "not at a stage that makes an estimate")
NOTHING = Rule("leave", "nothing_to_decline", "lost with nothing to decline")
ACCEPT = Rule("accept", "accepted", "at the stage for accepting")
DECLINE = Rule("decline", "declined", "at the stage for declining")

ESTIMATE_RULES: dict[tuple[Due, Estimate], Rule] = {
    ("create", "none"): Rule("create", "estimated", "at the stage for an estimate"),
    ("create", "draft"): CARRY,
    ("create", "sent"): SENT,
    ("create", "accepted_by_trigger"): ANSWERED,
    ("create", "declined_by_trigger"): ANSWERED,
    ("create", "deleted"): BY_HAND,
    ("accept", "none"): ACCEPT,
    ("accept", "draft"): ACCEPT,
    ("accept", "sent"): ACCEPT,
    ("accept", "accepted_by_trigger"): Rule("leave", "accepted", "its estimate is accepted already"),
    ("accept", "declined_by_trigger"): ACCEPT,
    ("accept", "deleted"): BY_HAND,
    ("decline", "none"): NOTHING,
    ("decline", "draft"): DECLINE,
    ("decline", "sent"): DECLINE,
    ("decline", "accepted_by_trigger"): DECLINE,
    ("decline", "declined_by_trigger"): Rule("leave", "declined", "its estimate is declined already"),
    ("decline", "deleted"): NOTHING,
    ("wait", "none"): NOT_DUE,
    ("wait", "draft"): CARRY,
    ("wait", "sent"): SENT,
    ("wait", "accepted_by_trigger"): ANSWERED,
    ("wait", "declined_by_trigger"): ANSWERED,
    ("wait", "deleted"): NOT_DUE,
    **{(due, "answered_by_person"): LET_GO for due in ("create", "accept", "decline", "wait")},
    **{(due, "invoiced"): LET_GO for due in ("create", "accept", "decline", "wait")},
}


def due_for(facts: Facts, stages: Mapping[str, str], since: datetime | None) -> Due:
    """What a potential is due for: declining comes before accepting, and that before creating.

    Args:
        since: when the trigger was set; *created* means a potential created after that (requirement G8).
    """
    if _is_at(facts, stages["decline"], since):
        return "decline"
    if _is_at(facts, stages["accept"], since):
        return "accept"
    return "create" if _is_at(facts, stages["create"], since) else "wait"


def _is_at(facts: Facts, when: str, since: datetime | None) -> bool:
    if when.startswith(STAGE):
        return facts.stage == when.removeprefix(STAGE)
    if when == When.CREATED:
        return (
            since is None or not facts.created or datetime.fromisoformat(facts.created) >= since.replace(microsecond=0)
        )
    return facts.outcome == when


def state_of_estimate(status: str | None, by_trigger: str | None) -> Estimate:
    """What became of an estimate, from its status (None: it is gone) and the answer a trigger gave it."""
    if status is None:
        return "deleted"
    if status in ("accepted", "declined"):
        if status != by_trigger:
            return "answered_by_person"
        return "accepted_by_trigger" if status == "accepted" else "declined_by_trigger"
    if status in ("draft", "invoiced"):
        return status  # type: ignore[return-value]
    return "sent"
