"""References between sub-requests: `@{1:$.data[0].details.id}` stands for a part of what sub-request 1 answered."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from mock_crm.composite.errors import InvalidReference, located

REFERENCE = re.compile(r"@\{([A-Za-z0-9][A-Za-z0-9_]*):(\$[^{}]*)\}")
_STEP = re.compile(r"\.([A-Za-z0-9_$]+)|\[(\d{1,6})\]|\['([^']+)'\]|\[\"([^\"]+)\"\]")

#: The answered body of a sub-request, by its id.
Answers = dict[str, Any]


def references_in(value: Any) -> Iterator[tuple[str, str]]:
    """The ids of the sub-requests that a value refers to, anywhere in it, each with the reference as it is written."""
    if isinstance(value, str):
        for found in REFERENCE.finditer(value):
            yield found.group(1), found.group()
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from references_in(key)
            yield from references_in(member)
    elif isinstance(value, list):
        for member in value:
            yield from references_in(member)


def resolved(value: Any, answers: Answers, path: str) -> Any:
    """The value with its references replaced; one that is all of a text keeps its type.

    Raises:
        InvalidReference: when there is nothing where one points.
    """
    if isinstance(value, str):
        return _text(value, answers, path)
    if isinstance(value, dict):
        return {
            str(_text(key, answers, path)): resolved(member, answers, f"{path}.{key}") for key, member in value.items()
        }
    if isinstance(value, list):
        return [resolved(member, answers, f"{path}[{place}]") for place, member in enumerate(value)]
    return value


def _text(text: str, answers: Answers, path: str) -> Any:
    whole = REFERENCE.fullmatch(text)
    if whole is not None:
        return _looked_up(whole, answers, path)
    replace: Callable[[re.Match[str]], str] = lambda found: _plain(_looked_up(found, answers, path))  # noqa: E731
    return REFERENCE.sub(replace, text)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _looked_up(found: re.Match[str], answers: Answers, path: str) -> Any:
    details = {**located(path.rpartition(".")[2], path), "reference": found.group()}
    name, json_path = found.groups()
    here: Any = answers.get(name)
    end = 1
    if name not in answers:
        raise InvalidReference(details)
    for step in _STEP.finditer(json_path, 1):
        if step.start() != end:
            break
        end = step.end()
        key = next((part for part in (step.group(1), step.group(3), step.group(4)) if part is not None), None)
        try:
            here = here[int(step.group(2))] if key is None else here[key]
        except (TypeError, KeyError, IndexError):
            raise InvalidReference(details) from None
    if end != len(json_path):
        raise InvalidReference(details)
    return here
