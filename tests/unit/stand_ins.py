"""Services that have the chassis and two people but no product, served for real: what the hub and the commands meet."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from werkzeug.serving import make_server

from simulator import accounts
from simulator.accounts import AccountUser
from simulator.app import create_service
from simulator.bare import BareService, create_bare_service
from simulator.config import SERVICES, Config, ServiceName
from simulator.database import create_database

ADMIN = AccountUser("1", "asha@zylker.example", "Asha Admin", True, True)
SALES = AccountUser("2", "sam@zylker.example", "Sam Sales", True, False)


class People:
    """The people of a product; only the CRM has Sam."""

    def __init__(self, service: str) -> None:
        self.users = [SALES, ADMIN] if service == "crm" else [ADMIN]
        self.part = "profile" if service == "crm" else "role"

    def find_user(self, email: str) -> AccountUser | None:
        return next((user for user in self.users if user.email == email), None)

    def get_user(self, user_id: str) -> AccountUser | None:
        return next((user for user in self.users if user.id == user_id), None)

    def people(self) -> list[AccountUser]:
        return self.users

    def administrator(self) -> AccountUser:
        return ADMIN

    def time_zone(self) -> str:
        return "America/Los_Angeles"

    def organization_id(self) -> str:
        return "60001" if self.part == "role" else "57001"

    def described(self) -> list[dict[str, object]]:
        return [
            {
                "id": user.id,
                "email": user.email,
                "name": user.full_name,
                self.part: "Administrator" if user.is_admin else "Standard",
                "is_admin": user.is_admin,
            }
            for user in self.users
        ]


def service_app(name: ServiceName, folder: Path) -> BareService:
    config = Config(name=name, data_dir=folder, urls=dict.fromkeys(SERVICES, "http://127.0.0.1"), background=False)
    if name == "web":
        return create_bare_service(__name__, config)
    app = create_service(__name__, config, db=create_database())
    if name in ("crm", "invoice"):
        accounts.mount(app, People(name))
    return app


@contextmanager
def served(apps: dict[ServiceName, BareService]) -> Iterator[dict[str, str]]:
    """Serves applications on free ports; gives their addresses."""
    with ExitStack() as undo:
        urls = {}
        for name, app in apps.items():
            server = make_server("127.0.0.1", 0, app, threaded=True)
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            undo.callback(server.server_close)
            undo.callback(thread.join)
            undo.callback(server.shutdown)
            urls[name] = f"http://127.0.0.1:{server.server_port}"
        yield urls
