"""Whether a request wants a part of a page."""

from flask import Request


def is_htmx(request: Request) -> bool:
    """True for a fragment; boosted links and history restores want the whole page."""
    headers = request.headers
    return "HX-Request" in headers and not {"HX-Boosted", "HX-History-Restore-Request"} & set(headers.keys())
