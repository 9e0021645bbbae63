"""Settings of a connection: what is synced, how, and what triggers do. Validated here, frozen into each run."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from marshmallow import Schema, fields, validate

from connector.fields import CRM_MODULE, DEFAULT_MAPPING, Pair


class Module(StrEnum):
    """What of the CRM becomes customers of Invoice (guide: Step 1, Selecting the module to be synced)."""

    ACCOUNTS = "accounts"
    CONTACTS = "contacts"
    ACCOUNTS_AND_CONTACTS = "accounts_and_contacts"


class Extent(StrEnum):
    """Which sides are written (guide: Step 2, Extent of the sync)."""

    FETCH = "fetch"
    BOTH = "both"


class Duplicates(StrEnum):
    """What happens to a record whose twin is there already (guide: Step 3, Handling duplicate records)."""

    CLONE = "clone"
    OVERWRITE = "overwrite"
    SKIP = "skip"


class MatchBy(StrEnum):
    """What makes two records duplicates; persons go by their email, else by their full name (requirement C3)."""

    NAME = "name"
    EMAIL = "email"
    SKU = "sku"


class Winner(StrEnum):
    """Whose value stands where both sides changed the same field (requirement C11)."""

    CRM = "crm"
    INVOICE = "invoice"


class DeletedInInvoice(StrEnum):
    """What becomes of a CRM record whose partner was deleted in Invoice (requirement C12)."""

    DETACH = "detach"
    DELETE = "delete"


class Document(StrEnum):
    """What a trigger makes (guide: Entity Triggers)."""

    NONE = "none"
    INVOICE = "invoice"
    ESTIMATE = "estimate"


class When(StrEnum):
    """When the estimate trigger acts, where no stage is named (requirement G1)."""

    CREATED = "created"
    WON = "won"
    LOST = "lost"


#: A stage is named behind this.
STAGE = "stage:"

US_EDITION = "Entity triggers do not work in organizations of the U.S. edition."

#: The kinds whose mapping is chosen by hand, and which of them a module syncs, parents first.
MAPPED = ("account", "contact", "customer")
KINDS_OF_MODULE: dict[Module, tuple[str, ...]] = {
    Module.ACCOUNTS: ("account",),
    Module.CONTACTS: ("customer",),
    Module.ACCOUNTS_AND_CONTACTS: ("account", "contact"),
}
#: The kinds that can be matched by something else than their name (requirement C3).
KEYED = ("customer", "product")
VIEW_OF = {"account": "account_view", "contact": "contact_view", "customer": "contact_view"}

DEFAULT_SETTINGS: dict[str, Any] = {
    "contacts": {
        "module": "accounts",
        "extent": "fetch",
        "duplicates": "skip",
        "match_by": "name",
        "include_lone_contacts": False,
        "merge_duplicates": True,
        "conflicts": "crm",
        "deleted_in_invoice": "detach",
        "account_view": None,
        "contact_view": None,
        "mapping": {
            entity: [{"crm": pair.crm, "invoice": pair.invoice} for pair in DEFAULT_MAPPING[entity]]
            for entity in MAPPED
        },
    },
    "items": {
        "enabled": True,
        "extent": "fetch",
        "duplicates": "skip",
        "match_by": "name",
        "conflicts": "crm",
        "deleted_in_invoice": "detach",
    },
    "triggers": {"document": "none", "estimate": {"create": "created", "accept": "won", "decline": "lost"}},
    "auto_sync_minutes": 120,
}


class PairSchema(Schema):
    crm = fields.String(required=True, validate=validate.Length(1, 100))
    invoice = fields.String(required=True, validate=validate.Length(1, 100))


class MappingSchema(Schema):
    account = fields.List(fields.Nested(PairSchema))
    contact = fields.List(fields.Nested(PairSchema))
    customer = fields.List(fields.Nested(PairSchema))


class ContactsSchema(Schema):
    module = fields.String(validate=validate.OneOf([*Module]))
    extent = fields.String(validate=validate.OneOf([*Extent]))
    duplicates = fields.String(validate=validate.OneOf([*Duplicates]))
    match_by = fields.String(validate=validate.OneOf([MatchBy.NAME, MatchBy.EMAIL]))
    conflicts = fields.String(validate=validate.OneOf([*Winner]))
    deleted_in_invoice = fields.String(validate=validate.OneOf([*DeletedInInvoice]))
    merge_duplicates = fields.Boolean()
    include_lone_contacts = fields.Boolean()
    account_view = fields.String(allow_none=True)
    contact_view = fields.String(allow_none=True)
    mapping = fields.Nested(MappingSchema)


class ItemsSchema(Schema):
    enabled = fields.Boolean()
    extent = fields.String(validate=validate.OneOf([*Extent]))
    duplicates = fields.String(validate=validate.OneOf([*Duplicates]))
    match_by = fields.String(validate=validate.OneOf([MatchBy.NAME, MatchBy.SKU]))
    conflicts = fields.String(validate=validate.OneOf([*Winner]))
    deleted_in_invoice = fields.String(validate=validate.OneOf([*DeletedInInvoice]))
    mapping = fields.Raw(dump_only=True)


def _when(*words: When) -> fields.String:
    stage = validate.Regexp(f"^({'|'.join(words)}|{STAGE}.+)$", error=f"Say {', '.join(words)} or {STAGE}<its name>.")
    return fields.String(validate=[validate.Length(1, 130), stage])


class StagesSchema(Schema):
    """When an estimate is made, marked accepted and marked declined."""

    create = _when(When.CREATED, When.WON)
    accept = _when(When.WON)
    decline = _when(When.LOST)


class TriggersSchema(Schema):
    estimate = fields.Nested(StagesSchema)
    document = fields.String(validate=validate.OneOf([*Document]))
    available = fields.Boolean(dump_only=True)
    unavailable_reason = fields.String(dump_only=True, allow_none=True)


class SettingsSchema(Schema):
    """What `PUT /connection/settings` takes: any part of the settings."""

    contacts = fields.Nested(ContactsSchema)
    items = fields.Nested(ItemsSchema)
    triggers = fields.Nested(TriggersSchema)
    auto_sync_minutes = fields.Integer(validate=validate.Range(1, 24 * 60))


@dataclass(frozen=True)
class Entity:
    """How one kind of record is synced in a run."""

    name: str
    duplicates: Duplicates
    view: str | None
    mapping: tuple[Pair, ...]
    extent: Extent = Extent.FETCH
    conflicts: Winner = Winner.CRM
    deleted_in_invoice: DeletedInInvoice = DeletedInInvoice.DETACH
    with_lone: bool = False
    """Whether contacts without an account are customers of their own (the option of requirement C1)."""
    merges: bool = True
    """Whether duplicates that are overwritten become one record, or all feed one (requirement C4)."""
    match_by: MatchBy = MatchBy.NAME

    @property
    def module(self) -> str:
        return CRM_MODULE[self.name]


def entities(settings: dict[str, Any]) -> list[Entity]:
    """The entities a run syncs, parents first (sync.md, Apply in phases)."""
    contacts, items = settings["contacts"], settings["items"]
    found = [_entity(name, contacts, contacts[VIEW_OF[name]], mapping_of(contacts, name)) for name in kinds(contacts)]
    if items["enabled"]:
        found.append(_entity("product", items, None, DEFAULT_MAPPING["product"]))
    return found


def kinds(contacts: dict[str, Any]) -> tuple[str, ...]:
    """The kinds of record the section for contacts syncs, parents first."""
    chosen = KINDS_OF_MODULE[Module(contacts["module"])]
    return (*chosen, "customer") if with_lone(contacts) else chosen


def with_lone(contacts: dict[str, Any]) -> bool:
    """Whether contacts without an account are customers of their own, beside accounts (requirement C1)."""
    is_offered = contacts["module"] == Module.ACCOUNTS_AND_CONTACTS
    return is_offered and bool(contacts.get("include_lone_contacts", False))


def customer_kind(settings: dict[str, Any]) -> str:
    """The kind of CRM record that becomes a customer: an `account`, or in the module Contacts a `customer`."""
    return KINDS_OF_MODULE[Module(settings["contacts"]["module"])][0]


def mapping_of(contacts: dict[str, Any], kind: str) -> tuple[Pair, ...]:
    """The mapping of a kind; settings frozen before it was offered have its default."""
    rows = contacts["mapping"].get(kind)
    return DEFAULT_MAPPING[kind] if rows is None else tuple(Pair(row["crm"], row["invoice"]) for row in rows)


def _entity(name: str, section: dict[str, Any], view: str | None, mapping: tuple[Pair, ...]) -> Entity:
    """Settings frozen before a choice was offered have its default."""
    return Entity(
        name,
        Duplicates(section["duplicates"]),
        view,
        mapping,
        Extent(section["extent"]),
        Winner(section.get("conflicts", Winner.CRM)),
        DeletedInInvoice(section.get("deleted_in_invoice", DeletedInInvoice.DETACH)),
        with_lone=name in ("contact", "customer") and with_lone(section),
        merges=section.get("merge_duplicates", True),
        match_by=MatchBy(section.get("match_by", MatchBy.NAME)) if name in KEYED else MatchBy.NAME,
    )


def merged(settings: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """The settings with a change applied, section by section."""
    result = {**settings}
    for section, value in change.items():
        result[section] = {**settings[section], **value} if isinstance(value, dict) else value
    if "contacts" in change and "mapping" in change["contacts"]:
        result["contacts"]["mapping"] = {**settings["contacts"]["mapping"], **change["contacts"]["mapping"]}
    if "estimate" in change.get("triggers", {}):
        result["triggers"]["estimate"] = {**stages_of(settings), **change["triggers"]["estimate"]}
    return result


def stages_of(settings: dict[str, Any]) -> dict[str, str]:
    """When the estimate trigger acts; settings frozen before it was offered have its defaults."""
    stages: dict[str, str] = settings["triggers"].get("estimate", DEFAULT_SETTINGS["triggers"]["estimate"])
    return stages
