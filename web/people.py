"""The people of a world: who is a user of which product, merged by email."""

from dataclasses import dataclass
from typing import Any

from web.i18n import _


@dataclass(frozen=True)
class Membership:
    """What a person is in one product."""

    id: str
    title: str
    is_admin: bool


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in."""

    email: str
    name: str
    crm: Membership | None
    invoice: Membership | None
    is_certain: bool = True

    @property
    def initials(self) -> str:
        words = self.name.split("@")[0].replace(".", " ").split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words[:1])).upper()

    def may_enter(self, service: str) -> bool:
        """Whether the person is a user of the product; the integration belongs to Invoice."""
        if not self.is_certain:
            return True
        return (self.crm if service == "crm" else self.invoice) is not None

    @property
    def roles(self) -> list[tuple[str, str]]:
        """(product, what the person is there)."""
        both = (("CRM", self.crm), ("Invoice", self.invoice))
        return [(product, member.title) for product, member in both if member]

    @property
    def may_not(self) -> list[str]:
        """What this person may not do, in words."""
        refused = []
        if self.crm is None:
            refused.append(_("Enter Zoho CRM: no user there"))
        elif not self.crm.is_admin:
            refused.append(_("Open the Setup of Zoho CRM: for administrators"))
        if self.invoice is None:
            refused.append(_("Enter Zoho Invoice and the integration: no user there"))
        elif not self.invoice.is_admin:
            refused.append(_("Change the settings of Zoho Invoice: for administrators"))
        return refused if self.is_certain else []


def merge(crm: list[dict[str, Any]], invoice: list[dict[str, Any]]) -> list[Person]:
    """The people of both products, those who can enter both first, administrators before others."""
    known: dict[str, dict[str, dict[str, Any]]] = {}
    for product, people in (("crm", crm), ("invoice", invoice)):
        for one in people:
            known.setdefault(str(one["email"]).lower(), {})[product] = one
    merged = [_person(products) for products in known.values()]
    return sorted(merged, key=lambda one: (_rank(one), one.name))


def _person(products: dict[str, dict[str, Any]]) -> Person:
    first = products.get("crm") or products["invoice"]
    return Person(
        email=str(first["email"]),
        name=str(first.get("name") or first["email"]),
        crm=_membership(products.get("crm")),
        invoice=_membership(products.get("invoice")),
    )


def _membership(one: dict[str, Any] | None) -> Membership | None:
    if one is None:
        return None
    title = one.get("profile") or one.get("role") or ""
    if isinstance(title, dict):
        title = title.get("name", "")
    return Membership(str(one["id"]), str(title)[:1].upper() + str(title)[1:], bool(one.get("is_admin")))


def _rank(person: Person) -> tuple[int, int]:
    administrator = any(member and member.is_admin for member in (person.crm, person.invoice))
    return (-len(person.roles), 0 if administrator else 1)
