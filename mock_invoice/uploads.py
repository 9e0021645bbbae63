"""Files that come with a request, in the parts of a multipart body (invoice-api.md §1.4)."""

from flask import request

from mock_invoice.errors import InvalidValue
from mock_invoice.fields import plain_text

PART_NAMES = ("attachment", "attachments", "doc")
#: The vendor's limits in its screens. [MEM]
FILE_LIMIT, SIZE_LIMIT = 10, 10 * 1024 * 1024

#: Its name, its media type and its bytes.
File = tuple[str, str, bytes]


def uploads(*names: str) -> list[File]:
    """The files under names that the vendor knows, or under these.

    Raises:
        InvalidValue: too many, one too large, or one without a name that can be stored.
    """
    names = names or PART_NAMES
    parts = [part for name in names for part in request.files.getlist(name) if part.filename]
    if len(parts) > FILE_LIMIT:
        raise InvalidValue(names[0])
    found = []
    for part in parts:
        name, content = plain_text((part.filename or "").replace("\\", "/").split("/")[-1], names[0]), part.read()
        if not name or len(name) > 255 or len(content) > SIZE_LIMIT:
            raise InvalidValue(names[0])
        found.append((name, part.mimetype[:100] or "application/octet-stream", content))
    return found
