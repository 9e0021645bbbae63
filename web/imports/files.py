"""A file somebody has chosen: whether it is a CSV at all, told in words when not. Pure."""

from collections import Counter

from simulator.csv_import.reading import ImportRefused, Sheet
from web.i18n import _, ngettext

MEGABYTE = 1024 * 1024
LARGEST = MEGABYTE
#: One request writes them all, and at Invoice each takes a call of its own; more is for the command line.
MOST_LINES = 2_000
#: What files begin with that are something else, and what they are.
STRANGERS = (
    (b"PK", _("This is a spreadsheet or a ZIP file. Save it as CSV and choose that file.")),
    (b"%PDF", _("This is a PDF, not a CSV file.")),
    (b"\xd0\xcf\x11\xe0", _("This is a spreadsheet. Save it as CSV and choose that file.")),
    (b"<", _("This is a web page or XML, not a CSV file.")),
    (b"{", _("This is JSON, not a CSV file.")),
)
#: What other programs put between cells.
SEPARATORS = {";": _("semicolons"), "\t": _("tabs")}


def text_of(content: bytes) -> str:
    """The text of a file.

    Raises:
        ImportRefused: when it is no text in UTF-8, is too large or empty; the message says what to do.
    """
    if len(content) > LARGEST:
        limit, size = LARGEST // MEGABYTE, f"{len(content) / MEGABYTE:.1f}"
        raise ImportRefused(
            _("The file has %(size)s MB; at most %(limit)s MB are taken. Split it.", size=size, limit=limit)
        )
    if not content.strip():
        raise ImportRefused(_("The file is empty."))
    for begin, message in STRANGERS:
        if content.lstrip().startswith(begin):
            raise ImportRefused(message)
    if b"\0" in content:
        raise ImportRefused(_("This is no text in UTF-8. Save it as “CSV UTF-8” and choose that file."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ImportRefused(
            _("Line %(line)s is not in UTF-8. Save the file as “CSV UTF-8” and choose that file.", line=line)
        ) from None


def sheet_of(text: str, name: str) -> Sheet:
    """The table of a text.

    Raises:
        ImportRefused: when its header cannot be used, or there is nothing below it or too much.
    """
    sheet = Sheet(text, name)
    _check_header(sheet.header)
    count = sum(1 for _row in sheet.rows())
    if not count:
        raise ImportRefused(_("The file has a header and no line below it."))
    if count > MOST_LINES:
        raise ImportRefused(
            _(
                "The file has %(count)s lines; at most %(most)s are taken here. Split it, or use `simulator import`.",
                count=f"{count:,}",
                most=f"{MOST_LINES:,}",
            )
        )
    return sheet


def _check_header(header: list[str]) -> None:
    named = [name.strip() for name in header if name.strip()]
    if not named:
        raise ImportRefused(
            _("The first line names no columns. It has to be a header, such as the exported files have.")
        )
    for sign, called in SEPARATORS.items():
        if len(header) == 1 and sign in header[0]:
            raise ImportRefused(_("The columns are separated by %(what)s. Save the file with commas.", what=called))
    twice = [name for name, count in Counter(named).items() if count > 1]
    if twice:
        told = ngettext(
            "Two columns are called %(names)s. Rename one of them.",
            "Several columns have the same name: %(names)s. Rename them.",
            len(twice),
            names=", ".join(twice),
        )
        raise ImportRefused(told)
