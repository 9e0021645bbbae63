"""Modules and fields as the code asks for them, read from the metadata's tables."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import select

from mock_crm.database import db
from mock_crm.errors import InvalidModule
from mock_crm.metadata.model import FieldRow, LayoutRow, ModuleRow, OptionRow
from simulator import wire

#: The old name of Deals in URLs, criteria, events and scopes (crm-api.md §4).
ALIASES = {"potentials": "deals"}

TEXT_TYPES = frozenset(("text", "textarea", "email", "phone", "website", "picklist", "autonumber", "profileimage"))
SCALED_TYPES = frozenset(("currency", "double", "percent"))
REFERENCE_TYPES = frozenset(("lookup", "ownerlookup", "userlookup"))


@dataclass(frozen=True)
class Option:
    """An option of a picklist; for stages with what they mean for the forecast."""

    id: int
    display_value: str
    actual_value: str
    sequence: int
    probability: int | None
    forecast_type: str | None


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

    @property
    def is_closed_list(self) -> bool:
        """Stages are a system picklist: unknown values are refused instead of taken up (crm-api.md §3.3)."""
        return self.module == "Deals" and self.api_name == "Stage"

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

    @property
    def scope_name(self) -> str:
        """The module's word in scopes: lower case, no underscore (crm-api.md §2.4)."""
        return self.api_name.lower().replace("_", "")

    @cached_property
    def shown_fields(self) -> tuple[Field, ...]:
        return tuple(found for found in self.fields.values() if not found.is_hidden)

    @cached_property
    def keyed_fields(self) -> tuple[Field, ...]:
        """Fields whose values are indexed: unique ones, email addresses, the name and the duplicate check's field."""
        names = {self.name_field, self.check_field}
        return tuple(found for found in self.fields.values() if found.is_keyed or found.api_name in names)

    @cached_property
    def lookup_fields(self) -> tuple[Field, ...]:
        return tuple(found for found in self.fields.values() if found.data_type == "lookup")

    def reference(self) -> dict[str, str]:
        return {"api_name": self.api_name, "id": str(self.id)}


@dataclass(frozen=True)
class Catalog:
    """All modules of a world."""

    modules: dict[str, Module]
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
        return {option.actual_value: option for option in self.modules["Deals"].fields["Stage"].options}


def load_catalog() -> Catalog:
    """Reads modules, fields, options and layouts from the world's database."""
    options: dict[int, list[Option]] = {}
    for row in _rows(OptionRow, OptionRow.sequence, OptionRow.id):
        options.setdefault(row.field_id, []).append(
            Option(row.id, row.display_value, row.actual_value, row.sequence, row.probability, row.forecast_type)
        )
    fields: dict[str, dict[str, Field]] = {}
    for row in _rows(FieldRow, FieldRow.id):
        fields.setdefault(row.module, {})[row.api_name] = _field(row, tuple(options.get(row.id, ())))
    layouts: dict[str, list[Layout]] = {}
    for row in _rows(LayoutRow, LayoutRow.id):
        layouts.setdefault(row.module, []).append(
            Layout(row.id, row.name, row.api_name, wire.loads(row.sections), row.modified_time, row.modified_by)
        )
    modules = {
        row.api_name: Module(
            id=row.id,
            api_name=row.api_name,
            module_name=row.module_name,
            singular_label=row.singular_label,
            plural_label=row.plural_label,
            name_field=row.name_field,
            check_field=row.check_field,
            sequence=row.sequence,
            fields=fields.get(row.api_name, {}),
            layouts=tuple(layouts.get(row.api_name, ())),
        )
        for row in _rows(ModuleRow, ModuleRow.sequence)
    }
    return Catalog(modules)


def _field(row: Any, options: tuple[Option, ...]) -> Field:
    return Field(
        id=row.id,
        module=row.module,
        api_name=row.api_name,
        label=row.label,
        data_type=row.data_type,
        length=row.length,
        decimal_place=row.decimal_place,
        column=row.column,
        lookup_module=row.lookup_module,
        is_custom=row.is_custom,
        is_mandatory=row.is_mandatory,
        is_read_only=row.is_read_only,
        is_unique=row.is_unique,
        is_hidden=row.is_hidden,
        extra=wire.loads(row.extra),
        created_time=row.created_time,
        options=options,
    )


def _rows(table: Any, *order: Any) -> Any:
    return db.session.execute(select(*table.__table__.c).order_by(*order)).all()
