"""Files that clients send and get back: the part of a form, its limits, and safe headers for what is served."""

import re
import secrets
from urllib.parse import quote

from flask import Response, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import HTTPException

from mock_crm.errors import MandatoryNotFound, UnparsableInput

#: What a request may weigh: the largest attachment with the form around it.
LARGEST_UPLOAD = 21 * 1024 * 1024
LONGEST_NAME = 255
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\]")


def sent_file() -> FileStorage | None:
    """The part `file` of a multipart form.

    Raises:
        UnparsableInput: when the form is none.
    """
    try:
        return request.files.get("file")
    except (ValueError, HTTPException):
        raise UnparsableInput from None


def required_file() -> FileStorage:
    """As `sent_file`.

    Raises:
        MandatoryNotFound: when there is none.
    """
    found = sent_file()
    if found is None or not found.filename:
        raise MandatoryNotFound({"api_name": "file"})
    return found


def file_name(given: str | None) -> str:
    """A name without a path and without control signs."""
    bare = re.split(r"[/\\]", given or "")[-1]
    return _UNSAFE.sub("", bare).strip()[:LONGEST_NAME] or "file"


def new_file_id() -> str:
    return secrets.token_hex(20)


def served(content: bytes, name: str) -> Response:
    """A download that no browser runs: never the type the uploader claimed, always an attachment."""
    plain = re.sub(r'[^ -~]|["\\%]', "_", name)
    response = Response(content, content_type="application/x-download")
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
