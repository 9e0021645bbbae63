"""A project of somebody else's: it reminds customers of overdue invoices, and tells sales in the CRM.

It knows nothing of the simulator: it is given addresses and credentials, as it would be of the real products.
"""

import datetime
import time
from collections.abc import Iterator, Mapping
from typing import Any

import requests

#: After so many days the customer gets his first, second and last reminder.
STAGES = (1, 14, 30)
TRIES = 3


def stage_of(days_overdue: int) -> int:
    """Which reminder an invoice has come to: 0 for none yet."""
    return sum(days_overdue >= days for days in STAGES)


def mark(stage: int) -> str:
    return f"[reminder {stage}]"


class Api:
    """Calls of one product with a token of its own."""

    def __init__(self, url: str, credentials: Mapping[str, Any]) -> None:
        self._url = url
        names = ("client_id", "client_secret", "refresh_token")
        self._form = {"grant_type": "refresh_token", **{name: credentials[name] for name in names}}
        self._token = ""

    def call(self, method: str, path: str, **options: Any) -> Any:
        """The body of an answer; what is busy or has broken is asked again, a token that has ended is renewed."""
        for left in reversed(range(TRIES)):
            self._token = self._token or self._new_token()
            headers = {"Authorization": f"Zoho-oauthtoken {self._token}"}
            answer = requests.request(method, f"{self._url}{path}", headers=headers, timeout=30, **options)
            if answer.status_code == 401 and left:
                self._token = ""
            elif answer.status_code in (429, 503) and left:
                time.sleep(float(answer.headers.get("Retry-After", 0)))
            else:
                break
        answer.raise_for_status()
        return answer.json() if answer.content else {}

    def _new_token(self) -> str:
        answer = requests.post(f"{self._url}/oauth/v2/token", data=self._form, timeout=30)
        answer.raise_for_status()
        return str(answer.json()["access_token"])


class Reminders:
    def __init__(self, credentials: Mapping[str, Any]) -> None:
        self._crm = Api(credentials["crm_url"], credentials)
        self._invoice = Api(credentials["invoice_url"], credentials)

    def overdue(self) -> Iterator[dict[str, Any]]:
        page, has_more = 1, True
        while has_more:
            asked = {"status": "overdue", "page": page, "per_page": 200}
            body = self._invoice.call("GET", "/invoice/v3/invoices", params=asked)
            yield from body["invoices"]
            page, has_more = page + 1, body["page_context"]["has_more_page"]

    def run(self, today: datetime.date) -> int:
        """Sends what is due today; how many reminders that were. A second run on the same day sends nothing."""
        return sum(self._remind(invoice, today) for invoice in [*self.overdue()])

    def _remind(self, invoice: Mapping[str, Any], today: datetime.date) -> bool:
        stage = stage_of((today - datetime.date.fromisoformat(invoice["due_date"])).days)
        path = f"/invoice/v3/invoices/{invoice['invoice_id']}"
        if not stage or any(mark(stage) in one for one in self._said(path)):
            return False
        text = f"{mark(stage)} {invoice['invoice_number']} is overdue with {invoice['balance']}."
        self._invoice.call("POST", f"{path}/comments", json={"description": text})
        if stage == len(STAGES):
            self._tell_sales(invoice, text)
        return True

    def _said(self, path: str) -> list[str]:
        return [one["description"] for one in self._invoice.call("GET", f"{path}/comments")["comments"]]

    def _tell_sales(self, invoice: Mapping[str, Any], text: str) -> None:
        """A note at the account of the customer, where the CRM has him."""
        customer = self._invoice.call("GET", f"/invoice/v3/contacts/{invoice['customer_id']}")["contact"]
        if account := customer["zcrm_account_id"]:
            note = {"Note_Title": "Payment", "Note_Content": text}
            self._crm.call("POST", f"/crm/v8/Accounts/{account}/Notes", json={"data": [note]})
