"""What the names in a query mean: fields of the module, of records its lookups lead to, and of its users."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mock_crm import state, versions
from mock_crm.errors import CrmError
from mock_crm.metadata.catalog import ROW_TYPES, Field, Module
from mock_crm.metadata.standard_beside import ANY_MODULE
from mock_crm.organization.people import User
from mock_crm.records.coql.errors import invalid_column, too_many, unsupported_column
from mock_crm.records.model import CONVERTED

MOST_JOINS = 2
USER_TYPES = ("ownerlookup", "userlookup")
#: What of a user can be asked for; `full_name` is first and last name together.
USER_COLUMNS: dict[str, Callable[[User], Any]] = {
    "id": lambda user: str(user.id),
    "first_name": lambda user: user.first_name,
    "last_name": lambda user: user.last_name,
    "full_name": lambda user: user.full_name,
    "email": lambda user: user.email,
    "profile": lambda user: {"name": user.profile.name, "id": str(user.profile.id)},
    "profile.id": lambda user: str(user.profile.id),
    "profile.name": lambda user: user.profile.name,
    "profile.description": lambda user: user.profile.description,
    "role": lambda user: {"name": user.role.name, "id": str(user.role.id)},
    "role.id": lambda user: str(user.role.id),
    "role.name": lambda user: user.role.name,
    "role.description": lambda user: user.role.description,
}
#: Leads say by this field whether they were converted; before v4 it went by another name (crm-api.md §9).
OLD_NAMES = {"$converted": CONVERTED}

Path = tuple[str, ...]


@dataclass(frozen=True)
class Meaning:
    """What a name in a query stands for.

    Attributes:
        through: the lookups that lead to the record that has the field.
        of_user: a key of USER_COLUMNS where something of the user is meant that the field names.
    """

    field: Field
    through: Path = ()
    of_user: str | None = None


class Reach:
    """The modules a query comes to. Each is admitted once, before anything of it is told.

    Attributes:
        filtered: the module's own fields that conditions name.
    """

    def __init__(self, module: Module, admit: Callable[[Module], None]) -> None:
        self.module = module
        self.modules: dict[Path, Module] = {(): module}
        self.filtered: set[str] = set()
        self._relations: set[Path] = set()
        self._admit = admit
        admit(module)

    def meaning(self, name: str, clause: str) -> Meaning:
        """
        Raises:
            CrmError: when there is no such column, it is none that can be asked for here, or leads too far.
        """
        parts = name.removeprefix(f"!{self.module.api_name}.").split(".")
        if len(parts) > MOST_JOINS + 2:
            raise _too_far()
        through: Path = ()
        while True:
            field = self._field(through, parts, name, clause)
            rest = parts[len(through) + 1 :]
            if not through and clause == "where":
                self.filtered.add(field.api_name)
            if not rest:
                return Meaning(_supported(field, name, clause), through)
            if field.data_type in USER_TYPES and ".".join(rest) in USER_COLUMNS:
                self._relate((*through, field.api_name))
                return Meaning(field, through, ".".join(rest))
            if field.data_type != "lookup" or field.lookup_module == ANY_MODULE:
                raise invalid_column(name, clause)
            through = (*through, field.api_name)
            self._relate(through)
            self._enter(through, state.catalog().modules[field.lookup_module or ""])

    def joins(self) -> list[tuple[Path, Field]]:
        """The lookups to follow, each after the one that leads to it."""
        paths = sorted((path for path in self.modules if path), key=len)
        return [(path, self.modules[path[:-1]].fields[path[-1]]) for path in paths]

    def _field(self, through: Path, parts: list[str], name: str, clause: str) -> Field:
        part = parts[len(through)]
        field = self.modules[through].fields.get(part)
        if field is None and versions.current() < versions.V4:
            field = self.modules[through].fields.get(OLD_NAMES.get(part, ""))
            return field if field is not None else _raise(invalid_column(name, clause))
        return field if field is not None and _is_known(field) else _raise(invalid_column(name, clause))

    def _relate(self, path: Path) -> None:
        self._relations.add(path)
        if len(self._relations) > MOST_JOINS:
            raise _too_far()

    def _enter(self, path: Path, module: Module) -> None:
        if path not in self.modules:
            self._admit(module)
            self.modules[path] = module


def _is_known(field: Field) -> bool:
    return versions.current() >= field.since


def _supported(field: Field, name: str, clause: str) -> Field:
    """Rows and taxes are no columns; tags and layouts can be shown only (from memory)."""
    is_shown_only = field.api_name == "Tag" or field.data_type == "layout"
    if field.data_type in ROW_TYPES or field.data_type == "line_tax" or (is_shown_only and clause != "select"):
        raise unsupported_column(name, clause)
    return field


def _too_far() -> CrmError:
    return too_many("join", MOST_JOINS)


def _raise(error: CrmError) -> Field:
    raise error
