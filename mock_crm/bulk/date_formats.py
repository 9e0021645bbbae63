"""How dates are written in a CSV file: the vendor's formats, such as `dd-MM-yyyy`."""

import re

from mock_crm.bulk.errors import InvalidFormat

#: How the parts of a date are written in a mapping's `format`.
_PARTS = {"yyyy": "%Y", "yy": "%y", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M", "ss": "%S"}
_PART = re.compile("|".join(_PARTS))


def pattern_of(written: str) -> str:
    """The pattern of a format such as `dd-MM-yyyy`.

    Raises:
        InvalidFormat: for letters that stand for nothing known.
    """
    if re.search("[A-Za-z%]", _PART.sub("", written).replace("T", "")):
        raise InvalidFormat({"format": written[:40]})
    return _PART.sub(lambda part: _PARTS[part.group()], written)
