"""The currencies of both products: whether they can be synced at all, and records in a currency of their own (C10)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from connector.errors import SettingsRefused
from connector.fields import Pair
from connector.peers import Peers
from connector.settings import Entity, Extent

#: The kinds whose records have a currency of their own in both products.
WITH_CURRENCY = ("account",)
CURRENCY = Pair("Currency", "currency_code")

BASES = "Zoho CRM has {crm} as its base currency and Zoho Invoice {invoice}"
SEVERAL = BASES + "; with several currencies in Zoho CRM nothing can be mapped until both are the same."
ONE_WAY = BASES + ": contacts can only be fetched from CRM."
NO_ITEMS = BASES + ": items cannot be synced, for their prices would mean something else."


@dataclass(frozen=True)
class Currencies:
    """The base currencies of both products, and whether the CRM has several."""

    crm: str
    invoice: str
    is_multi: bool

    @property
    def differ(self) -> bool:
        return self.crm != self.invoice

    def check(self, settings: dict[str, Any]) -> None:
        """
        Raises:
            SettingsRefused: the base currencies differ, and the settings ask for what needs one.
        """
        if not self.differ:
            return
        if self.is_multi:
            raise SettingsRefused(self._said(SEVERAL), field="contacts.mapping")
        if settings["contacts"]["extent"] == Extent.BOTH:
            raise SettingsRefused(self._said(ONE_WAY), field="contacts.extent")
        if settings["items"]["enabled"]:
            raise SettingsRefused(self._said(NO_ITEMS), field="items.enabled")

    def _said(self, words: str) -> str:
        return words.format(crm=self.crm, invoice=self.invoice)

    def added_to(self, entities: Iterable[Entity]) -> list[Entity]:
        """The entities of a run; with several currencies in the CRM records keep theirs."""
        return [
            replace(entity, mapping=(*entity.mapping, CURRENCY))
            if self.is_multi and entity.name in WITH_CURRENCY
            else entity
            for entity in entities
        ]


def currencies_of(peers: Peers, base_of_invoice: str) -> Currencies:
    """What the CRM says of its currencies now."""
    org = peers.crm.org()
    return Currencies(str(org["iso_code"]), base_of_invoice, bool(org["mc_status"]))
