"""Joins the services in one process: calls of `requests` are answered by a WSGI application, no port, no patching."""

import sys
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import requests
from flask import Flask
from requests.adapters import BaseAdapter
from urllib3.response import HTTPResponse

from simulator.faults import ConnectionCut

_SERVER = {
    "SCRIPT_NAME": "",
    "SERVER_NAME": "localhost",
    "SERVER_PORT": "80",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "HTTP_HOST": "localhost",
    "REMOTE_ADDR": "127.0.0.1",
    "wsgi.version": (1, 0),
    "wsgi.url_scheme": "http",
    "wsgi.multithread": True,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
}


class WsgiAdapter(BaseAdapter):
    """A requests adapter whose other end is an application in this process."""

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self._app = app

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        started: list[tuple[str, list[tuple[str, str]]]] = []
        body = self._app(_environ(request), lambda status, headers, *_: started.append((status, headers)))
        received = _received(body)
        status, headers = started[0]
        response = requests.Response()
        response.status_code = int(status.partition(" ")[0])
        response.headers.update(headers)
        response.url = str(request.url)
        response.request = request
        response.raw = _raw(received, response.headers.get("Content-Length"), str(request.method))
        return response

    def close(self) -> None:
        """Nothing is held open."""


def _environ(request: requests.PreparedRequest) -> dict[str, Any]:
    parts = urlsplit(str(request.url))
    body = request.body.encode() if isinstance(request.body, str) else request.body or b""
    headers = {name.upper().replace("-", "_"): value for name, value in request.headers.items()}
    about_body = {name: headers.pop(name) for name in ("CONTENT_TYPE", "CONTENT_LENGTH") if name in headers}
    return {
        **_SERVER,
        **about_body,
        **{f"HTTP_{name}": value for name, value in headers.items()},
        "REQUEST_METHOD": request.method,
        "PATH_INFO": unquote_to_bytes(parts.path).decode("latin-1"),
        "QUERY_STRING": parts.query,
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
    }


def _received(body: Any) -> bytes:
    """What arrives: all of it, or what came before the connection was cut."""
    parts = []
    try:
        for part in body:
            parts.append(part)
    except ConnectionCut:
        pass
    finally:
        if hasattr(body, "close"):
            body.close()
    return b"".join(parts)


def _raw(body: bytes, length: str | None, method: str) -> HTTPResponse:
    """As from a socket: less than was promised is an error to whoever reads it."""
    headers = {} if length is None else {"Content-Length": length}
    return HTTPResponse(BytesIO(body), headers, preload_content=False, request_method=method)
