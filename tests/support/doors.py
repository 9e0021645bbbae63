"""What tests of the connector's doors share: people of either product who call, boxes of a profile, products down."""

from typing import Any

from simulator import wire
from tests.support.world import URLS, World

STANDARD, SALES = "ben.carter@zylker.example", "carla.gomez@zylker.example"
MARKETING, SUPPORT = "dmitri.petrov@zylker.example", "emma.li@zylker.example"


class Person:
    """Calls the connector with the token of one person at one product."""

    def __init__(self, world: World, product: str, email: str) -> None:
        self._world = world
        self.token = world.sign_in(product, email)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = {"Authorization": f"Zoho-oauthtoken {self.token}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        url = f"{URLS['connector']}{path}"
        return self._world.outbound.call(method, url, json=body, headers=sent, attempts=1)

    def get(self, path: str) -> Any:
        """What a call that works answers."""
        answer = self("GET", path)
        assert answer.status == 200, answer.body
        return answer.json()


def refused(answer: Any) -> tuple[int, str]:
    """Status and code of a refusal, which has the connector's one shape."""
    body = wire.loads(answer.body)
    assert set(body) == {"code", "message", "field", "details"}, body
    return answer.status, body["code"]


def tick(world: World, profile: str, **boxes: bool) -> None:
    """Ticks or clears Zoho Invoice permissions of a profile, by the end of their names."""
    profiles = world.crm.call("GET", "/crm/v8/settings/profiles").json()["profiles"]
    profile_id = next(one["id"] for one in profiles if one["name"] == profile)
    details = [{"name": f"Crm_Implied_Zoho_Invoice_{name}", "enabled": enabled} for name, enabled in boxes.items()]
    body = {"profiles": [{"permissions_details": details}]}
    world.crm.call("PUT", f"/crm/v8/settings/profiles/{profile_id}", json=body)


def take_down(world: World, service: str, path: str = "") -> None:
    """From now on nobody answers there."""
    fault = {"kind": "status", "status": 503, "path": path}
    assert world.control(service, "POST", f"/{world.id}/faults", fault).status == 201


def switch_custom_modules(world: World, is_on: bool) -> None:
    body = {"custom_modules": {"enabled": is_on}}
    world.crm.call("PUT", "/crm/v8/settings/custom_modules", json=body)


def line(rate: Any = 100, name: str = "Work") -> dict[str, Any]:
    return {"name": name, "rate": rate, "quantity": 1}


def make(world: World, kind: str, customer_id: str, **values: Any) -> dict[str, Any]:
    """Makes a document in Invoice itself."""
    body = {"customer_id": customer_id, "line_items": [line()], **values}
    entity = kind.removesuffix("s")
    made: dict[str, Any] = world.invoice.ask("POST", f"/{kind}", json=body)[entity]
    return made


def customer_id(world: World, name: str = "Acme") -> str:
    return str(world.customers()[name]["contact_id"])
