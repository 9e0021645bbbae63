"""Joins the services in one process: calls of `requests` are answered by a WSGI application, no port, no patching."""

from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
from flask import Flask
from requests.adapters import BaseAdapter
from urllib3.response import HTTPResponse
from werkzeug.test import Client, TestResponse

from simulator.faults import ConnectionCut


class WsgiAdapter(BaseAdapter):
    """A requests adapter whose other end is an application in this process."""

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self._client = Client(app)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        parts = urlsplit(str(request.url))
        body = request.body.encode() if isinstance(request.body, str) else request.body
        answer = self._client.open(
            path=parts.path,
            query_string=parts.query,
            method=request.method,
            headers=dict(request.headers),
            data=body,
        )
        response = requests.Response()
        response.status_code = answer.status_code
        response.headers.update(answer.headers.items())
        response.url = str(request.url)
        response.request = request
        response.raw = _raw(_received(answer), answer.headers.get("Content-Length"), str(request.method))
        return response

    def close(self) -> None:
        """Nothing is held open."""


def _received(answer: TestResponse) -> bytes:
    """What arrives: all of it, or what came before the connection was cut."""
    parts = []
    try:
        for part in answer.response:
            parts.append(part)
    except ConnectionCut:
        pass
    finally:
        answer.close()
    return b"".join(parts)


def _raw(body: bytes, length: str | None, method: str) -> HTTPResponse:
    """As from a socket: less than was promised is an error to whoever reads it."""
    headers = {} if length is None else {"Content-Length": length}
    return HTTPResponse(BytesIO(body), headers, preload_content=False, request_method=method)
