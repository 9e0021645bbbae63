"""Looks at a world: each is done, or says in one sentence what is missing."""

from typing import Any

from simulator.lessons.model import Look
from simulator.lessons.sight import Sight

Record = dict[str, Any]

ENDED = ("done", "failed", "aborted")
WAITING = "needs_confirmation"

NOT_RUN = {
    "instant": "No sync has run since the lesson began.",
    "single": "This contact has not been fetched yet.",
    "dry": "No preview has been made yet.",
    "undo": "Nothing has been undone yet.",
}

#: Settings and their values as the screens call them.
LABELS = {
    ("contacts", "module"): "The module",
    ("contacts", "extent"): "The extent of the sync",
    ("contacts", "duplicates"): "The handling of duplicates",
    ("items", "enabled"): "The sync of items",
    ("items", "extent"): "The extent of the sync of items",
    ("triggers", "document"): "The trigger",
}
VALUES: dict[Any, str] = {
    True: "on",
    False: "off",
    None: "not chosen",
    "accounts_and_contacts": "“Accounts and their Contacts”",
    "fetch": "“Fetch from CRM”",
    "both": "“Sync both ways”",
}


def connected(sight: Sight) -> str | None:
    found = sight.connection()
    if found is None:
        return "Zoho CRM is not connected yet."
    return in_state("active")(sight)


def has_key(sight: Sight) -> str | None:
    return None if sight.has_zsc_key() else "No ZSC key has been generated in Zoho CRM yet."


def in_state(state: str) -> Look:
    """The integration is active, paused or disabled."""

    def look(sight: Sight) -> str | None:
        found = sight.connection()
        if found is None:
            return "Zoho CRM is not connected."
        is_so = found["state"] == state
        return None if is_so else f"The integration is {found['state'].replace('_', ' ')}; it should be {state}."

    return look


def set_to(section: str, **wanted: Any) -> Look:
    """Settings of a section have these values."""

    def look(sight: Sight) -> str | None:
        found = sight.settings().get(section)
        if found is None:
            return "Zoho CRM is not connected, so there are no settings yet."
        if section == "contacts" and not (sight.connection() or {}).get("is_configured"):
            return "The settings have not been saved yet."
        for name, value in wanted.items():
            if found[name] != value:
                return f"{LABELS[section, name]} is {_said(found[name])}; it should be {_said(value)}."
        return None

    return look


def _words(name: str) -> str:
    words = name.removeprefix("cf_").replace("_", " ")
    return words[:1].upper() + words[1:]


def _said(value: Any) -> str:
    return VALUES.get(value) or f"“{str(value).capitalize()}”"


def ran(kind: str = "instant", outcome: str = "", without: str = "") -> Look:
    """A run of a kind has ended since the lesson began, with some records of an outcome, or with none of another."""

    def look(sight: Sight) -> str | None:
        found = sight.runs(kind)
        # A preview is made once it waits; whatever else waits has done nothing yet.
        runs = [run for run in found if run["state"] in ENDED or (kind == "dry" and run["state"] == WAITING)]
        if not runs and any(run["state"] == WAITING for run in found):
            return "It waits for you to confirm it, on its page in the history."
        if not runs:
            return NOT_RUN[kind]
        if outcome and not any(run["counts"][outcome] for run in runs):
            return f"No sync since has {outcome} a record."
        if without and runs[0]["counts"][without]:
            return f"The last sync still has {runs[0]['counts'][without]} {without}."
        return None

    return look


def in_crm(module: str, field: str, name: str, **values: Any) -> Look:
    """The CRM has a record of this name, with these values."""

    def look(sight: Sight) -> str | None:
        found = sight.crm_record(module, field, name)
        if found is None:
            return f"Zoho CRM has no {_singular(module)} “{name}”."
        return _differs(f"{name} in Zoho CRM", found, values)

    return look


def customer(name: str, **values: Any) -> Look:
    """Invoice has a customer of this name, with these values; a double underscore leads into an address."""

    def look(sight: Sight) -> str | None:
        found = sight.customer(name)
        if found is None:
            return f"Zoho Invoice has no customer “{name}” yet."
        return _differs(f"{name} in Zoho Invoice", found, values)

    return look


def no_customer(name: str) -> Look:
    return lambda sight: f"{name} is a customer in Zoho Invoice; it should not be." if sight.customer(name) else None


def one_customer(name: str) -> Look:
    def look(sight: Sight) -> str | None:
        count = len([one for one in sight.customers(name) if one["status"] == "active"])
        return None if count == 1 else f"Zoho Invoice has {count} customers “{name}”; it should be one."

    return look


def person_of(name: str, last_name: str) -> Look:
    def look(sight: Sight) -> str | None:
        found = sight.customer(name)
        if found is None:
            return f"Zoho Invoice has no customer “{name}” yet."
        persons = [person["last_name"] for person in found["contact_persons"]]
        if persons.count(last_name) == 1:
            return None
        many = "several times" if persons.count(last_name) else "not"
        return f"{last_name} is {many} among the contact persons of {name}."

    return look


def item(name: str, **values: Any) -> Look:
    def look(sight: Sight) -> str | None:
        found = sight.item(name)
        if found is None:
            return f"Zoho Invoice has no item “{name}” yet."
        return _differs(f"{name} in Zoho Invoice", found, values)

    return look


def linked(crm_name: str, invoice_name: str) -> Look:
    """A record of the CRM and one of Invoice are one pair."""

    def look(sight: Sight) -> str | None:
        record, found = sight.account(crm_name), sight.customer(invoice_name)
        pairs = [*sight.links(crm_name), *sight.links(invoice_name)]
        for pair in pairs:
            if record and found and (pair["crm_id"], pair["invoice_id"]) == (record["id"], found["contact_id"]):
                return None
        return f"{crm_name} in Zoho CRM and {invoice_name} in Zoho Invoice are not linked."

    return look


def document(kind: str, of: str, status: str = "", potential: str | None = None) -> Look:
    """The customer has documents of a kind; one in this status, linked to this potential ("" where none is linked)."""

    def look(sight: Sight) -> str | None:
        found = sight.documents(kind, of)
        one = _singular(kind)
        if not found:
            return f"{of} has no {one} in Zoho Invoice yet."
        if status and status not in (states := [row["status"] for row in found]):
            return f"The {one} of {of} is {states[0]}; it should be {status}."
        names = [name for row in found if (name := row.get("zcrm_potential_name"))]
        if potential and potential not in names:
            return f"The {one} of {of} is not linked to the potential “{potential}”."
        if potential == "" and names:
            return f"The {one} of {of} is still linked to “{names[0]}”."
        return None

    return look


def called(service: str, method: str, path: str, missing: str) -> Look:
    """A call was made since the lesson began, of which nothing stays but the journal's entry."""
    return lambda sight: None if sight.calls(service, method, path) else missing


def all_of(*looks: Look) -> Look:
    """What is missing for the first that is not done."""
    return lambda sight: next((missing for look in looks if (missing := look(sight))), None)


def _differs(whose: str, found: Record, values: Record) -> str | None:
    for path, value in values.items():
        now: Any = found
        for part in path.split("__"):
            now = (now or {}).get(part)
        if now != value and isinstance(value, bool):
            return f"{_words(path)} of {whose} is {'not' if value else 'still'} ticked."
        if now != value:
            told = "empty" if now in (None, "") else f"“{now}”"
            return f"{_words(path.split('__')[-1])} of {whose} is {told}; it should be “{value}”."
    return None


def _singular(words: str) -> str:
    return {"Deals": "potential", "salesorders": "sales order"}.get(words, words.removesuffix("s").lower())


def permits(profile: str, **wanted: bool) -> Look:
    """A profile's boxes under Zoho Invoice Permissions stand so, by their name after `Zoho_Invoice_`."""

    def look(sight: Sight) -> str | None:
        found = sight.profile(profile)
        if found is None:
            return f"Zoho CRM has no profile “{profile}”."
        boxes = {one["name"]: one["enabled"] for one in found["permissions_details"]}
        for name, is_on in wanted.items():
            box = f"Crm_Implied_Zoho_Invoice_{name}"
            if boxes.get(box) != is_on:
                return f"{name.replace('_', ' ')} of the profile {profile} is {'off' if is_on else 'still on'}."
        return None

    return look
