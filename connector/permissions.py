"""The boxes under Zoho Invoice Permissions of a CRM profile, each governing its act in the CRM (P2 to P4)."""

from dataclasses import dataclass

from connector.asking import answered_by
from connector.documents import KINDS, Kind
from connector.errors import NotAllowed
from simulator.clients.crm import CrmClient

SUMMARY = "Crm_Implied_Zoho_Invoice_Receivables_Payables_Summary"
#: The acts by the name of their box, as people read it.
ACTS = {"Create_Edit": "Create and Edit", "View": "View", "Email": "Email"}


def box_of(act: str, kind: Kind) -> str:
    return f"Crm_Implied_Zoho_Invoice_{act}_{kind.box}"


@dataclass(frozen=True)
class Boxes:
    """The boxes that are ticked in the profile of one user."""

    profile: str
    ticked: frozenset[str]

    def allow(self, act: str, kind: Kind) -> bool:
        return box_of(act, kind) in self.ticked

    @property
    def allow_summary(self) -> bool:
        return SUMMARY in self.ticked

    def require(self, act: str, kind: Kind) -> None:
        """
        Raises:
            NotAllowed: naming the box and the profile that lacks it.
        """
        if not self.allow(act, kind):
            message = f"The profile {self.profile} does not allow {ACTS[act]} for {kind.label}s of Zoho Invoice."
            raise NotAllowed(message, permission=box_of(act, kind))

    def require_summary(self) -> None:
        if not self.allow_summary:
            message = f"The profile {self.profile} does not allow the Receivables and Payables Summary."
            raise NotAllowed(message, permission=SUMMARY)

    def shown(self) -> dict[str, object]:
        """What a screen needs to know to offer only what works."""
        by_kind = {path: {act.lower(): self.allow(act, kind) for act in ACTS} for path, kind in KINDS.items()}
        return {**by_kind, "summary": self.allow_summary}


def boxes_of(crm: CrmClient, user_id: str) -> Boxes:
    """The boxes of a user's profile, read as the connecting user, since not every user may look at profiles."""
    with answered_by("crm"):
        user = crm.user(user_id)
        profile = crm.profile(user["profile"]["id"]) if user else None
    if profile is None:
        raise NotAllowed("Zoho CRM knows no profile of yours.")
    ticked = {str(box["name"]) for box in profile["permissions_details"] if box["enabled"]}
    return Boxes(str(profile["name"]), frozenset(ticked))
