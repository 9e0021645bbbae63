"""Imports lines into a CRM module, in batches of 100; what the CRM refuses is a row of the report."""

from collections.abc import Iterable, Iterator
from typing import Any

from simulator.clients.crm import CrmClient
from simulator.csv_import.reading import BadCell, ImportRefused, Line, Plan, Rejected, converted

ALIASES = {"potentials": "Deals"}
#: Picklists the CRM itself acts on: a value it does not know cannot just be written.
STAGE = "Stage"


class CrmImport:
    """One import into one module."""

    def __init__(self, client: CrmClient, module: str, plan: Plan) -> None:
        self._client = client
        self._plan = plan
        self.module = self._module_named(module)
        self._fields = {field["api_name"]: field for field in client.fields(self.module)}
        self._ids: dict[str, dict[str, str | None]] = {}
        self._new_values: dict[str, set[str]] = {}

    @property
    def fields(self) -> set[str]:
        return {name for name, field in self._fields.items() if not field.get("read_only")}

    def _module_named(self, name: str) -> str:
        known = {module["api_name"].lower(): module["api_name"] for module in self._client.modules()}
        found: str | None = known.get(ALIASES.get(name.lower(), name).lower())
        if found is None:
            raise ImportRefused(f"The CRM has no module {name!r}; it has {', '.join(sorted(known.values()))}.")
        return found

    def prepare(self, is_dry: bool) -> None:
        """Adds the stages that were asked for."""
        known = self._known_values(STAGE) if STAGE in self._fields else set()
        missing = {name: probability for name, probability in self._plan.stages.items() if name not in known}
        if missing and self.module != "Deals":
            raise ImportRefused("--add-stage is for potentials.")
        if missing and not is_dry:
            stages = [
                {"display_value": name, "probability": probability, "forecast_type": _forecast(probability)}
                for name, probability in missing.items()
            ]
            for outcome, stage in zip(self._client.add_stages(stages), stages, strict=True):
                if outcome.get("code") != "SUCCESS":
                    name = stage["display_value"]
                    raise ImportRefused(f"The stage {name} was not added: {outcome.get('message')}.")
        self._new_values[STAGE] = set(missing)

    def record_of(self, line: Line) -> dict[str, Any]:
        """A line as a record.

        Raises:
            BadCell: when one of its cells cannot be used; nothing of the line is written then.
        """
        return {name: self._value(name, text) for name, text in line.cells.items()}

    def write(self, lines: Iterable[tuple[Line, dict[str, Any]]]) -> Iterator[Rejected | None]:
        """Creates the records; yields None for each that was written, else its row of the report."""
        batch = list(lines)
        outcomes = self._client.create_records(self.module, [record for _, record in batch])
        for (line, _), outcome in zip(batch, outcomes, strict=True):
            if outcome.get("code") == "SUCCESS":
                self._remember(line, str(outcome["details"]["id"]))
                yield None
            else:
                column = str(outcome.get("details", {}).get("api_name", ""))
                yield Rejected(line.number, column, line.cells.get(column, ""), _said(outcome))

    def pretend(self, line: Line) -> None:
        """In a dry run: the lines after this one may name it, as if it had been written."""
        self._names_of(self.module)
        self._remember(line, "1")

    def waits_for(self, line: Line, names: set[str]) -> bool:
        """Whether the line names a record of its own module that stands in the file too and is not written yet."""
        wanted = {
            self._translated(name, text).casefold()
            for name, text in line.cells.items()
            if self._target(name) == self.module
        }
        return any(name in names and name not in self._names_of(self.module) for name in wanted)

    def name_of(self, line: Line) -> str:
        """What other lines call this one by, in any case; a person's name is made of two fields."""
        parts = NAME_PARTS.get(self.module) or (DISPLAY_FIELDS.get(self.module, "Name"),)
        said = [self._translated(name, line.cells[name]) for name in parts if name in line.cells]
        return " ".join(said).casefold()

    def _translated(self, name: str, text: str) -> str:
        return self._plan.translations.get((name, text), text)

    def _target(self, name: str) -> str | None:
        module = (self._fields[name].get("lookup") or {}).get("module")
        found = module.get("api_name") if isinstance(module, dict) else module
        return str(found) if found else None

    def _value(self, name: str, text: str) -> Any:
        text = self._translated(name, text)
        field = self._fields[name]
        if field["data_type"] == "lookup":
            return self._looked_up(name, text)
        if field["data_type"] == "picklist" and not self._may_write(name, text):
            raise BadCell(name, text, f"is no value of {name}; --add-values {name} adds such values")
        return converted(name, text, field["data_type"], self._plan)

    def _may_write(self, name: str, text: str) -> bool:
        return (
            name in self._plan.add_values
            or text in self._known_values(name)
            or text in self._new_values.get(name, set())
        )

    def _known_values(self, name: str) -> set[str]:
        return {option["display_value"] for option in self._fields[name].get("pick_list_values", [])}

    def _looked_up(self, name: str, text: str) -> dict[str, str]:
        target = str(self._target(name))
        ids = self._names_of(target)
        key = text.casefold()
        if key not in ids:
            raise BadCell(name, text, f"there is no such record in {target}")
        found = ids[key]
        if found is None:
            raise BadCell(name, text, f"several records of {target} have this name")
        return {"id": found}

    def _names_of(self, module: str) -> dict[str, str | None]:
        """The ids of a module's records by name; None for a name that several have. Read once an import."""
        if module not in self._ids:
            name_field = DISPLAY_FIELDS.get(module, "Name")
            ids: dict[str, str | None] = {}
            for record in self._client.iterate(module, [name_field]):
                key = str(record[name_field]).casefold()
                ids[key] = None if key in ids else str(record["id"])
            self._ids[module] = ids
        return self._ids[module]

    def _remember(self, line: Line, record_id: str) -> None:
        if self.module in self._ids:
            key = self.name_of(line)
            self._ids[self.module][key] = None if key in self._ids[self.module] else record_id


DISPLAY_FIELDS = {
    "Accounts": "Account_Name",
    "Contacts": "Full_Name",
    "Deals": "Deal_Name",
    "Products": "Product_Name",
}
NAME_PARTS = {"Contacts": ("First_Name", "Last_Name")}


def _forecast(probability: int) -> str:
    return {100: "Closed Won", 0: "Closed Lost"}.get(probability, "Open")


def _said(outcome: dict[str, Any]) -> str:
    details = outcome.get("details", {})
    more = {"expected_data_type": "expected", "maximum_length": "at most"}
    words = [f"{more[name]} {value}" for name, value in details.items() if name in more]
    return ", ".join([f"{outcome.get('message')} ({outcome.get('code')})", *words])
