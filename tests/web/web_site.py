"""The web application with stand-ins of the three services behind it, joined in one process."""

from io import BytesIO
from pathlib import Path
from typing import Any

import requests
from flask import Flask
from requests.adapters import BaseAdapter
from urllib3.response import HTTPResponse
from web_fake_connector import make_connector
from web_fake_invoice import make_invoice
from web_fakes import Fake, make_crm
from werkzeug.test import Client

from simulator.config import Config
from web import create_app
from web.session import Sessions

URLS = {name: f"http://{name}.localhost" for name in ("web", "crm", "invoice", "connector")}


class ToFake(BaseAdapter):
    """Answers requests by a fake of this process; a fake that is down refuses the connection."""

    def __init__(self, fake: Fake) -> None:
        super().__init__()
        self.fake = fake

    def send(self, request: requests.PreparedRequest, **_options: Any) -> requests.Response:  # type: ignore[override]
        if self.fake.is_down:
            raise requests.ConnectionError("Connection refused")
        assert request.url
        headers = {key: str(value) for key, value in request.headers.items()}
        answer = Client(self.fake.app).open(request.url, method=request.method, headers=headers, data=request.body)
        response = requests.Response()
        response.status_code = answer.status_code
        response.headers.update(answer.headers)
        response.raw = HTTPResponse(BytesIO(answer.data), preload_content=False)
        response.url, response.request = request.url, request
        return response

    def close(self) -> None:
        pass


class Services:
    """The three fakes."""

    def __init__(self) -> None:
        self.crm, self.invoice, self.connector = make_crm(), make_invoice(), make_connector()


def make_web(services: Services, folder: Path, **settings: Any) -> Flask:
    config = Config(name="web", data_dir=folder, urls=URLS, secret="a secret of the tests", **settings)
    app = create_app(config)
    join(app, services)
    return app


def join(app: Flask, services: Services) -> None:
    """Puts the fakes behind the application, which has nobody signed in afterwards."""
    app.extensions["web_sessions"] = Sessions(app.extensions["config"], app.extensions["outbound"])
    for name in ("crm", "invoice", "connector"):
        app.extensions["outbound"].mount(URLS[name], ToFake(getattr(services, name)))
