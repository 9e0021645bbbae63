"""The three-way comparison of a linked pair, field by field against what both sides agreed on last (requirement C11).

Pure, and on canonical values of both sides without the link's suffix (sync.md, One run, 5).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connector.mapping import Values
from connector.settings import Winner

_UNKNOWN = object()
_EMPTY = ("", None)


@dataclass
class Comparison:
    """Which fields go where.

    Attributes:
        to_invoice, to_crm: fields to write to that side.
        agreed: fields that became equal without a write; their baseline moves on.
        conflicts: fields that both sides changed, each with both values and the side whose value stands.
    """

    to_invoice: dict[str, Any] = field(default_factory=dict)
    to_crm: dict[str, Any] = field(default_factory=dict)
    agreed: dict[str, Any] = field(default_factory=dict)
    conflicts: dict[str, dict[str, Any]] = field(default_factory=dict)


def compare(
    crm: Values,
    invoice: Values,
    seen_in_crm: Values,
    seen_in_invoice: Values,
    winner: Winner,
    one_way: frozenset[str] = frozenset(),
    is_remapped: bool = False,
) -> Comparison:
    """Compares a pair.

    Args:
        crm, invoice: what the sides have now.
        seen_in_crm, seen_in_invoice: what each had when they agreed last; a field not mapped then is in neither.
        one_way: fields that only travel from the CRM to Invoice.
        is_remapped: whether the mapping is another one since; an empty field may then be just another field.
    """
    found = Comparison()
    for name, ours in crm.items():
        theirs = invoice.get(name)
        crm_changed, invoice_changed = _is_changed(seen_in_crm, name, ours), _is_changed(seen_in_invoice, name, theirs)
        is_other = is_remapped and (ours in _EMPTY) != (theirs in _EMPTY)
        if name not in seen_in_crm or is_other:  # mapped since: what only one side has is no conflict
            crm_changed, invoice_changed = ours not in _EMPTY, theirs not in _EMPTY
        if ours == theirs:
            if crm_changed or invoice_changed or name not in seen_in_crm:
                found.agreed[name] = ours
        elif name in one_way or (crm_changed and not invoice_changed):
            if crm_changed:
                found.to_invoice[name] = ours
        elif invoice_changed and not crm_changed:
            found.to_crm[name] = theirs
        elif crm_changed and invoice_changed:
            found.conflicts[name] = {"crm": ours, "invoice": theirs, "winner": winner.value}
            if winner is Winner.CRM:
                found.to_invoice[name] = ours
            else:
                found.to_crm[name] = theirs
    return found


def _is_changed(seen: Mapping[str, Any], name: str, value: Any) -> bool:
    return bool(seen.get(name, _UNKNOWN) != value)
