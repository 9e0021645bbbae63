"""The first sync of a connector of one's own: each account of the CRM becomes a customer in Invoice, once.

simulator credentials --json | python first_sync.py
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

import requests


class Product:
    """One of the two products; the same client and refresh token are good at both, access tokens only at their own."""

    def __init__(self, url: str, given: dict[str, Any]) -> None:
        self.url = url
        form = {name: given[name] for name in ("client_id", "client_secret", "refresh_token")}
        answer = requests.post(f"{url}/oauth/v2/token", data={**form, "grant_type": "refresh_token"}, timeout=30)
        answer.raise_for_status()
        self.headers = {"Authorization": f"Zoho-oauthtoken {answer.json()['access_token']}"}

    def call(self, method: str, path: str, **options: Any) -> Any:
        answer = requests.request(method, f"{self.url}{path}", headers=self.headers, timeout=30, **options)
        answer.raise_for_status()
        return answer.json() if answer.content else None


def main() -> None:
    given = json.load(sys.stdin)
    crm, invoice = Product(given["crm_url"], given), Product(given["invoice_url"], given)
    known = {customer["contact_name"] for customer in customers(invoice)}
    added = 0
    for account in accounts(crm):
        if account["Account_Name"] not in known:
            customer = {"contact_name": account["Account_Name"], "zcrm_account_id": account["id"]}
            invoice.call("POST", "/invoice/v3/contacts", json=customer)
            added += 1
    print(f"{added} customers added, {len(known)} were there.")


def accounts(crm: Product) -> Iterator[dict[str, Any]]:
    asked: dict[str, Any] = {"fields": "Account_Name", "per_page": 200}
    while body := crm.call("GET", "/crm/v8/Accounts", params=asked):
        yield from body["data"]
        if not body["info"]["more_records"]:
            return
        asked["page_token"] = body["info"]["next_page_token"]


def customers(invoice: Product) -> Iterator[dict[str, Any]]:
    page, has_more = 1, True
    while has_more:
        body = invoice.call("GET", "/invoice/v3/contacts", params={"page": page, "per_page": 200})
        yield from body["contacts"]
        page, has_more = page + 1, body["page_context"]["has_more_page"]


if __name__ == "__main__":
    main()
