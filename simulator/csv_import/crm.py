"""Imports lines into a CRM module, in batches of 100; what the CRM refuses is a row of the report."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from simulator.clients.crm import CrmClient
from simulator.csv_import.reading import BadCell, ImportRefused, Line, Plan, Rejected, converted, words
from simulator.csv_import.running import MADE, UPDATED, Done, Intent

ALIASES = {"potentials": "Deals"}
#: Picklists the CRM itself acts on: a value it does not know cannot just be written.
STAGE = "Stage"
#: What a cell can be: pictures, files and lines of documents do not come from CSV, and the layout is the CRM's matter.
IMPORTED = frozenset((
    "text", "textarea", "email", "phone", "website", "integer", "bigint", "double", "currency", "percent", "date",
    "datetime", "boolean", "picklist", "multiselectpicklist", "lookup", "ownerlookup", "userlookup",
))  # fmt: skip
USERS = ("ownerlookup", "userlookup")


class CrmImport:
    """One import into one module."""

    #: As many records as the CRM takes in one call.
    batch = 100

    def __init__(self, client: CrmClient, module: str, plan: Plan) -> None:
        self._client = client
        self.plan = plan
        self.about = self._module_named(module)
        self.module: str = self.about["api_name"]
        self.name_field = DISPLAY_FIELDS.get(self.module, "Name")
        self._fields = {field["api_name"]: field for field in client.fields(self.module)}
        self._ids: dict[str, dict[str, str | None]] = {}
        self._new_values: dict[str, set[str]] = {}

    @property
    def fields(self) -> dict[str, dict[str, Any]]:
        """The fields that can be imported, by name."""
        return {
            name: field
            for name, field in self._fields.items()
            if not field.get("read_only") and field["data_type"] in IMPORTED
        }

    @property
    def name_parts(self) -> tuple[str, ...]:
        return NAME_PARTS.get(self.module) or (self.name_field,)

    @property
    def required(self) -> list[str]:
        return [name for name, field in self.fields.items() if field.get("system_mandatory") or field.get("required")]

    @property
    def headers(self) -> dict[str, str]:
        """A field by its label, by what an exported file calls it, and before all by its name."""
        found = {}
        for name, field in self.fields.items():
            label = str(field["field_label"])
            found.update({words(label): name, words(label.replace("Deal", "Potential")): name})
        if OWNER in self.fields:
            one = str(self.about["singular_label"])
            found.update({words(f"{called} Owner"): OWNER for called in (one, one.replace("Deal", "Potential"))})
        return {**found, **{words(name): name for name in self.fields}}

    def _module_named(self, name: str) -> dict[str, Any]:
        known = {module["api_name"].lower(): module for module in self._client.modules()}
        found = known.get(ALIASES.get(name.lower(), name).lower())
        if found is None:
            names = ", ".join(sorted(module["api_name"] for module in known.values()))
            raise ImportRefused(f"The CRM has no module {name!r}; it has {names}.")
        return found

    def prepare(self, is_dry: bool) -> None:
        """Adds the stages that were asked for."""
        known = self._known_values(STAGE) if STAGE in self._fields else set()
        missing = {name: probability for name, probability in self.plan.stages.items() if name not in known}
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

    def twin_of(self, line: Line) -> str | None:
        name = self.name_of(line)
        ids, key = self._names_of(self.module), name.casefold()
        if key in ids and ids[key] is None:
            raise BadCell(self.name_field, name, f"several records of {self.module} have this name")
        return ids.get(key)

    def foresee(self, intent: Intent) -> None:
        for name in self.required if intent.act == MADE else ():
            if name not in intent.record:
                raise BadCell(name, "", "is required")
        for name, value in intent.record.items():
            longest = self._fields[name].get("length")
            if isinstance(value, str) and longest and len(value) > longest:
                raise BadCell(name, value, f"has more than {longest} characters")
        if intent.act == MADE:
            self._names_of(self.module)
            self._remember(intent.line, "1")

    def write(self, intents: Iterable[Intent]) -> Iterator[Done | Rejected]:
        batch = list(intents)
        made = [intent for intent in batch if intent.act == MADE]
        updated = [intent for intent in batch if intent.act == UPDATED]
        if made:
            outcomes = self._client.create_records(self.module, [intent.record for intent in made])
            yield from map(self._outcome, made, outcomes)
        if updated:
            records = [{"id": intent.record_id, **intent.record} for intent in updated]
            yield from map(self._outcome, updated, self._client.update_records(self.module, records))

    def _outcome(self, intent: Intent, outcome: dict[str, Any]) -> Done | Rejected:
        line = intent.line
        if outcome.get("code") != "SUCCESS":
            column = str(outcome.get("details", {}).get("api_name", ""))
            return Rejected(line.number, column, line.cells.get(column, ""), _said(outcome))
        record_id = str(outcome["details"]["id"])
        if intent.act == MADE:
            self._remember(line, record_id)
        return Done(line.number, intent.act, self.name_of(line), record_id)

    def waits_for(self, line: Line, names: set[str]) -> bool:
        """Whether the line names a record of its own module that stands in the file too and is not written yet."""
        wanted = {
            self._translated(name, text).casefold()
            for name, text in line.cells.items()
            if self._target(name) == self.module
        }
        return any(name in names and name not in self._names_of(self.module) for name in wanted)

    def name_of(self, line: Line) -> str:
        """What other lines call this one by; a person's name is made of two fields."""
        return " ".join(self._translated(name, line.cells[name]) for name in self.name_parts if name in line.cells)

    def _translated(self, name: str, text: str) -> str:
        return self.plan.translations.get((name, text), text)

    def _target(self, name: str) -> str | None:
        module = (self._fields[name].get("lookup") or {}).get("module")
        found = module.get("api_name") if isinstance(module, dict) else module
        return str(found) if found else None

    def _value(self, name: str, text: str) -> Any:
        text = self._translated(name, text)
        field = self._fields[name]
        if field["data_type"] == "lookup":
            return self._looked_up(name, text)
        if field["data_type"] in USERS:
            return self._user_called(name, text)
        if field["data_type"] == "picklist" and not self._may_write(name, text):
            advice = f"; --add-values {name} adds such values" if self.plan.advises else ""
            raise BadCell(name, text, f"is no value of {name}{advice}")
        return converted(name, text, field["data_type"], self.plan)

    def _may_write(self, name: str, text: str) -> bool:
        return (
            name in self.plan.add_values
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

    def _user_called(self, name: str, text: str) -> dict[str, str]:
        if (found := self._users.get(text.casefold())) is None:
            raise BadCell(name, text, "there is no such active user")
        return {"id": found}

    @cached_property
    def _users(self) -> dict[str, str]:
        """The ids of the active users by name and by email address."""
        users = self._client.active_users()
        return {str(user[key]).casefold(): str(user["id"]) for key in ("full_name", "email") for user in users}

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
            key = self.name_of(line).casefold()
            self._ids[self.module][key] = None if key in self._ids[self.module] else record_id


DISPLAY_FIELDS = {
    "Accounts": "Account_Name",
    "Contacts": "Full_Name",
    "Deals": "Deal_Name",
    "Products": "Product_Name",
    "Leads": "Full_Name",
}
NAME_PARTS = dict.fromkeys(("Contacts", "Leads"), ("First_Name", "Last_Name"))
OWNER = "Owner"


def _forecast(probability: int) -> str:
    return {100: "Closed Won", 0: "Closed Lost"}.get(probability, "Open")


def _said(outcome: dict[str, Any]) -> str:
    details = outcome.get("details", {})
    more = {"expected_data_type": "expected", "maximum_length": "at most"}
    words = [f"{more[name]} {value}" for name, value in details.items() if name in more]
    return ", ".join([f"{outcome.get('message')} ({outcome.get('code')})", *words])
