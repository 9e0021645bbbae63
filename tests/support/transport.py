"""Joins the services in one process: calls of `requests` are answered by a WSGI application, no port, no patching."""

from typing import Any
from urllib.parse import urlsplit

import requests
from flask import Flask
from requests.adapters import BaseAdapter
from urllib3.response import HTTPResponse
from werkzeug.test import Client


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
            buffered=True,
        )
        response = requests.Response()
        response.status_code = answer.status_code
        response.headers.update(answer.headers.items())
        response.url = str(request.url)
        response.request = request
        response.raw = _raw(answer.get_data())
        return response

    def close(self) -> None:
        """Nothing is held open."""


def _raw(body: bytes) -> HTTPResponse:
    from io import BytesIO

    return HTTPResponse(BytesIO(body), preload_content=False)
