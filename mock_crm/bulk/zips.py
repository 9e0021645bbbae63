"""CSV files in zips: read with limits, so that a small file cannot fill the memory, and written."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from mock_crm.bulk.errors import FileNotFound, FileNotSupported, FileTooLarge

LARGEST_UNPACKED = 64 * 1024 * 1024
MOST_FILES = 10
#: The vendor detects the encoding; here it is UTF-8, or what the job says.
ENCODINGS = ("utf-8", "utf-16", "utf-16le", "utf-16be", "iso-8859-1", "windows-1252", "us-ascii")


def names(content: bytes) -> list[str]:
    """The CSV files in a zip.

    Raises:
        FileNotSupported, FileTooLarge: when it is no such zip, or one that unpacks to too much.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise FileNotSupported from None
    if not found or len(found) > MOST_FILES or not all(entry.filename.lower().endswith(".csv") for entry in found):
        raise FileNotSupported
    if sum(entry.file_size for entry in found) > LARGEST_UNPACKED:
        raise FileTooLarge({"limit": LARGEST_UNPACKED})
    return [entry.filename for entry in found]


def rows(content: bytes, name: str, encoding: str, most: int) -> list[list[str]]:
    """The rows of a CSV file, `most` at the most; the sizes a zip tells of itself are not believed.

    Raises:
        FileNotFound, FileNotSupported, FileTooLarge: when they cannot be read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(name) as file:
            raw = file.read(LARGEST_UNPACKED + 1)
    except KeyError:
        raise FileNotFound({"file_name": name}) from None
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, RuntimeError):
        raise FileNotSupported from None
    if len(raw) > LARGEST_UNPACKED:
        raise FileTooLarge({"limit": LARGEST_UNPACKED})
    try:
        text = raw.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        return [row for row, _ in zip(csv.reader(io.StringIO(text, newline="")), range(most), strict=False)]
    except (UnicodeDecodeError, csv.Error):
        raise FileNotSupported from None


class CsvZip:
    """A zip with one CSV file, written row by row."""

    def __init__(self, name: str) -> None:
        self._content = io.BytesIO()
        self._archive = zipfile.ZipFile(self._content, "w", zipfile.ZIP_DEFLATED)
        self._text = io.TextIOWrapper(self._archive.open(name, "w"), encoding="utf-8", newline="")
        self._writer = csv.writer(self._text, lineterminator="\n")

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        self._writer.writerows([shown(value) for value in row] for row in rows)

    def content(self) -> bytes:
        self._text.close()
        self._archive.close()
        return self._content.getvalue()


def shown(value: Any) -> str:
    """A value of a record in a CSV file: references by id, lists with semicolons (from memory)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, orjson.Fragment):
        return orjson.dumps(value).decode()
    if isinstance(value, dict):
        return str(value.get("id", value.get("name", "")))
    if isinstance(value, list):
        return ";".join(str(item.get("name", item.get("id", "")) if isinstance(item, dict) else item) for item in value)
    return str(value)
