"""The form of a document made or edited in the CRM: what stands on it, and what is read off it."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from werkzeug.datastructures import MultiDict

from web.i18n import _

#: The parts of a line, as Invoice calls them.
PARTS = ("line_item_id", "item_id", "name", "description", "quantity", "rate")
NUMBERS = ("quantity", "rate")
TEXTS = ("date", "reference_number", "notes", "terms")


@dataclass(frozen=True)
class Draft:
    """A document as it stands on the form.

    Attributes:
        lines: each by its parts, as entered.
        ticket: the same for every try of one and the same document.
        problem: why it was not saved.
    """

    lines: Sequence[Mapping[str, str]]
    texts: Mapping[str, str] = field(default_factory=dict)
    ticket: str = ""
    problem: str = ""

    def but(self, problem: str) -> "Draft":
        return replace(self, problem=problem)


EMPTY_LINE = {**dict.fromkeys(PARTS, ""), "quantity": "1"}


def new_draft() -> Draft:
    return Draft([EMPTY_LINE], ticket=secrets.token_urlsafe(16))


def draft_of(document: Mapping[str, Any]) -> Draft:
    """A document as it is edited."""
    lines = [{part: _text(line.get(part)) for part in PARTS} for line in document["line_items"]]
    return Draft(lines or [EMPTY_LINE], {name: _text(document.get(name)) for name in TEXTS})


def read(form: MultiDict[str, str]) -> Draft:
    """What somebody has entered; with `add` there is one more line."""
    columns = [form.getlist(part) for part in PARTS]
    lines = [dict(zip(PARTS, (value.strip() for value in row), strict=True)) for row in zip(*columns, strict=False)]
    texts = {name: form.get(name, "").strip() for name in TEXTS}
    draft = Draft(lines, texts, form.get("ticket", ""))
    if "add" in form:
        return replace(draft, lines=[*lines, EMPTY_LINE])
    return draft.but(_problem_of(lines))


def _problem_of(lines: Sequence[Mapping[str, str]]) -> str:
    filled = _filled(lines)
    if not filled:
        return _("Enter at least one line: what it is, and its rate.")
    for number, line in enumerate(filled, 1):
        for part in NUMBERS:
            if not _is_number(line[part]):
                return _("Line %(number)s: %(entered)s is not a number.", number=number, entered=line[part] or "–")
    return ""


def _filled(lines: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    return [line for line in lines if line["name"] or line["rate"] or line["description"]]


def body_of(draft: Draft) -> dict[str, Any]:
    """The document as the connector takes it; what was left empty is left to Invoice."""
    lines = [
        {part: Decimal(value) if part in NUMBERS else value for part, value in line.items() if value}
        for line in _filled(draft.lines)
    ]
    return {"line_items": lines, **{name: text for name, text in draft.texts.items() if text}}


def mail_of(mail: Mapping[str, Any]) -> dict[str, Any]:
    """What the form for mailing a document starts from."""
    to = [str(one["email"]) for one in mail.get("to_contacts", ()) if one.get("selected", True) and one.get("email")]
    return {"to": ", ".join(to), "subject": mail.get("subject", ""), "body": mail.get("body", ""), "problem": ""}


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    return "" if value is None else str(value)
