"""The file from its preview to its report: kept on the server's disk for whoever chose it, the oldest forgotten."""

import json
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from flask import current_app

from web import session

#: As many files as are kept, of everybody.
MOST = 50


@dataclass(frozen=True)
class Kept:
    """A file that was chosen.

    Attributes:
        owner: whose it is: world and email.
        door: into what it is imported.
        report: what became of it, once it was imported.
    """

    key: str
    owner: list[str]
    door: str
    name: str
    text: str
    report: dict[str, Any] = field(default_factory=dict)


def keep(door: str, name: str, text: str) -> str:
    """Keeps a file of the person signed in, and says under which key."""
    kept = Kept(secrets.token_hex(8), _me(), door, name, text)
    _folder().mkdir(parents=True, exist_ok=True)
    _write(kept)
    for old in sorted(_folder().glob("*.json"), key=lambda path: path.stat().st_mtime)[:-MOST]:
        old.unlink(missing_ok=True)
        _claim_of(old.stem).unlink(missing_ok=True)
    return kept.key


def kept_of(door: str, key: str) -> Kept | None:
    """The file of this key; None when it is another's, was for something else, or has been forgotten."""
    try:
        found = Kept(**json.loads(_path(key).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    return found if (found.door, found.owner) == (door, _me()) else None


def claim(key: str) -> bool:
    """Whether this is the first that sets out to import the file: a second click must not import it twice."""
    try:
        _claim_of(key).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def release(key: str) -> None:
    """The import did not begin after all."""
    _claim_of(key).unlink(missing_ok=True)


def is_claimed(key: str) -> bool:
    return _claim_of(key).exists()


def note(kept: Kept, report: dict[str, Any]) -> None:
    """Keeps what became of the file beside it."""
    _write(Kept(**{**asdict(kept), "report": report}))


def _write(kept: Kept) -> None:
    """Whole or not at all: a reader never meets half a file."""
    part = _path(kept.key).with_suffix(".part")
    part.write_text(json.dumps(asdict(kept)), encoding="utf-8")
    part.replace(_path(kept.key))


def _me() -> list[str]:
    return [session.world(), session.person().email]


def _path(key: str) -> Path:
    return _folder() / f"{key}.json"


def _claim_of(key: str) -> Path:
    return _folder() / f"{key}.claimed"


def _folder() -> Path:
    return Path(current_app.extensions["config"].data_dir) / "web" / "imports"
