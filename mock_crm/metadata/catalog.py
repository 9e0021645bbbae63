"""Modules and fields as the code asks for them; `loading.py` reads them from the metadata's tables."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from mock_crm.errors import InvalidModule
from mock_crm.versions import V2, Version

#: The old name of Deals in URLs, criteria, events and scopes (crm-api.md §4).
ALIASES = {"potentials": "deals"}

TEXT_TYPES = frozenset(("text", "textarea", "email", "phone", "website", "picklist", "autonumber", "profileimage"))
SCALED_TYPES = frozenset(("currency", "double", "percent"))
REFERENCE_TYPES = frozenset(("lookup", "ownerlookup", "userlookup"))
FILE_TYPES = frozenset(("fileupload", "imageupload"))
#: Types whose values are rows with ids of their own; they stand on a record by itself only (crm-api.md §4.2).
ROW_TYPES = FILE_TYPES | {"subform", "multiselectlookup", "multiuserlookup"}


@dataclass(frozen=True)
class Option:
    """An option of a picklist; for stages with what they mean for the forecast."""

    id: int
    display_value: str
    actual_value: str
    sequence: int
    probability: int | None
    forecast_type: str | None
    colour: str | None = None
    is_used: bool = True


@dataclass(frozen=True)
class Pipeline:
    """A pipeline of potentials: its stages in order, by actual value."""

    id: int
    display_value: str
    actual_value: str
    is_default: bool
    stages: dict[str, Option]


@dataclass(frozen=True)
class Field:
    """A field of a module."""

    id: int
    module: str
    api_name: str
    label: str
    data_type: str
    length: int
    decimal_place: int | None
    column: str | None
    lookup_module: str | None
    is_custom: bool
    is_mandatory: bool
    is_read_only: bool
    is_unique: bool
    is_hidden: bool
    extra: dict[str, Any]
    created_time: int | None
    options: tuple[Option, ...] = ()
    is_unused: bool = False
    modified_time: int | None = None

    @property
    def scale(self) -> int:
        """How many units of the stored whole number make one: amounts are kept as whole cents, exactly."""
        return int(10 ** (self.decimal_place or 0))

    @property
    def is_text(self) -> bool:
        return self.data_type in TEXT_TYPES

    @property
    def is_keyed(self) -> bool:
        """Whether the values stand in `record_key`, where they are found without a scan."""
        return self.is_unique or self.data_type == "email"

    @cached_property
    def since(self) -> Version:
        """The first version of the API that knows the field."""
        major, minor = self.extra.get("since", V2)
        return (major, minor)

    @property
    def has_line_items(self) -> bool:
        return "line_items" in self.extra

    @property
    def counter(self) -> dict[str, Any] | None:
        """How the field counts its records: `prefix`, `start_number` and `suffix`; None where it does not."""
        found: dict[str, Any] | None = self.extra.get("auto_number")
        return {} if found is None and self.data_type == "autonumber" else found

    @property
    def is_closed_list(self) -> bool:
        """Stages are a system picklist: unknown values are refused instead of taken up (crm-api.md §3.3)."""
        return self.module == "Deals" and self.api_name == "Stage"

    @property
    def is_shown(self) -> bool:
        """Whether the field stands in answers that ask for all fields: neither hidden nor taken off the layout."""
        return not (self.is_hidden or self.is_unused)

    @property
    def used_options(self) -> tuple[Option, ...]:
        return tuple(option for option in self.options if option.is_used)

    @cached_property
    def actual_by_spelling(self) -> dict[str, str]:
        """Actual values by what a client may send, display or actual value."""
        spelled = {option.display_value: option.actual_value for option in self.options}
        return spelled | {option.actual_value: option.actual_value for option in self.options}


@dataclass(frozen=True)
class Layout:
    id: int
    name: str
    api_name: str
    sections: list[dict[str, Any]]
    modified_time: int | None
    modified_by: int | None
    hidden_from: tuple[int, ...] = ()
    show_business_card: bool = True

    @cached_property
    def required(self) -> frozenset[str]:
        """The fields that the layout asks for."""
        return frozenset(
            placed["api_name"] for section in self.sections for placed in section["fields"] if placed["required"]
        )


@dataclass(frozen=True)
class Module:
    """A module with its fields by api_name, in order."""

    id: int
    api_name: str
    module_name: str
    singular_label: str
    plural_label: str
    name_field: str
    check_field: str
    sequence: int
    fields: dict[str, Field]
    layouts: tuple[Layout, ...]
    generated_type: str = "default"
    modified_by: int | None = None
    modified_time: int | None = None

    @property
    def is_custom(self) -> bool:
        return self.generated_type == "custom"

    @property
    def scope_name(self) -> str:
        """The module's word in scopes: lower case, no underscore; one for all custom modules (crm-api.md §2.4)."""
        if self.is_custom:
            return "custom"
        return self.api_name.lower().replace("_", "")

    @cached_property
    def shown_fields(self) -> tuple[Field, ...]:
        return tuple(found for found in self.fields.values() if found.is_shown)

    @cached_property
    def required_names(self) -> frozenset[str]:
        """What a new record must have: the system's mandatory fields, and those that the layout requires.

        From memory: the vendor's API too refuses a record without a field that the layout requires. A checkbox always
        has a value, and what clients cannot write is not asked of them.
        """
        wanted = self.layouts[0].required if self.layouts else frozenset()
        return frozenset(
            known.api_name
            for known in self.fields.values()
            if known.is_mandatory
            or (
                known.api_name in wanted and not known.is_read_only and known.data_type not in ("boolean", "autonumber")
            )
        )

    @cached_property
    def keyed_fields(self) -> tuple[Field, ...]:
        """Fields whose values are indexed: unique ones, email addresses, the name and the duplicate check's field."""
        names = {self.name_field, self.check_field}
        return tuple(found for found in self.fields.values() if found.is_keyed or found.api_name in names)

    @cached_property
    def row_fields(self) -> tuple[Field, ...]:
        """Fields whose values are rows: subforms, line items, lookups of several records."""
        return tuple(found for found in self.fields.values() if found.data_type in ROW_TYPES)

    @cached_property
    def line_items(self) -> Field | None:
        """The field that holds the lines of a quote, an order or an invoice."""
        return next((found for found in self.row_fields if found.has_line_items), None)

    @cached_property
    def counters(self) -> tuple[Field, ...]:
        return tuple(found for found in self.fields.values() if found.counter is not None)

    @property
    def is_subform(self) -> bool:
        return self.generated_type == "subform"

    @cached_property
    def lookup_fields(self) -> tuple[Field, ...]:
        return tuple(found for found in self.fields.values() if found.data_type == "lookup")

    def reference(self) -> dict[str, str]:
        return {"api_name": self.api_name, "id": str(self.id)}


@dataclass(frozen=True)
class Catalog:
    """All modules of a world."""

    modules: dict[str, Module]
    pipelines: tuple[Pipeline, ...] = ()
    _by_spelling: dict[str, Module] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_spelling.update({name.lower(): module for name, module in self.modules.items()})
        self._by_spelling.update({str(module.id): module for module in self.modules.values()})

    def find(self, name: str) -> Module | None:
        """A module by api_name in any case, by its old name, or by id."""
        lowered = name.lower()
        return self._by_spelling.get(ALIASES.get(lowered, lowered))

    def module(self, name: str, details: dict[str, Any] | None = None) -> Module:
        """As `find`.

        Raises:
            InvalidModule: when there is none.
        """
        found = self.find(name)
        if found is None:
            raise InvalidModule(details)
        return found

    @property
    def stages(self) -> dict[str, Option]:
        """Stages of potentials by actual value, in order."""
        return {option.actual_value: option for option in self.modules["Deals"].fields["Stage"].used_options}

    @property
    def default_pipeline(self) -> Pipeline:
        return next(pipeline for pipeline in self.pipelines if pipeline.is_default)

    def pipeline(self, name: str | None) -> Pipeline | None:
        """A pipeline by what records call it."""
        return next((found for found in self.pipelines if name in (found.actual_value, found.display_value)), None)
