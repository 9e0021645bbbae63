"""Client of the Zoho Invoice API v3 (invoice-api.md)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from simulator.clients.base import ApiClient, Page, Refusal, Rows, date_of, object_of
from simulator.http import Answer, PassingPeerError

PAGE = 200
PDF = "application/pdf"


class InvoiceClient(ApiClient):
    """One method for each endpoint the connector, the web and the command line need."""

    organization_id: str | None = None
    _currency_ids: dict[str, str] | None = None

    def _check(self, answer: Answer) -> None:
        if answer.status < 300 and answer.headers.get("Content-Type", "").startswith(PDF):
            return
        body = object_of(answer)
        if answer.status >= 300 or body.get("code") != 0:
            raise Refusal(answer.status, body.get("code", -1), str(body.get("message", "refused")), body)

    def ask(
        self,
        method: str,
        path: str,
        params: dict[str, Any] | None = None,
        json: Any = None,
        headers: dict[str, str] | None = None,
        repeatable: bool | None = None,
    ) -> dict[str, Any]:
        """One call within the client's organization; the answer's body."""
        return object_of(self._ask(method, path, params, json=json, headers=headers, repeatable=repeatable))

    def _ask(self, method: str, path: str, params: dict[str, Any] | None = None, **call: Any) -> Answer:
        where = {"organization_id": self.organization_id} if self.organization_id else {}
        return self.call(method, f"/invoice/v3{path}", params={**where, **(params or {})}, **call)

    def list_page(self, path: str, key: str, page: int, **filters: Any) -> tuple[list[dict[str, Any]], bool]:
        """One page of a list and whether there is a next one."""
        found, more = self._page(path, key, page, **filters)
        return found.rows, more

    def _page(self, path: str, key: str, page: int, **filters: Any) -> tuple[Page, bool]:
        answer = self._ask("GET", path, {"page": page, "per_page": PAGE, **filters})
        body = object_of(answer)
        if key not in body or "page_context" not in body:
            raise PassingPeerError(f"the list of {key} came without its rows", may_have_worked=False)
        return Page(body[key], date_of(answer)), bool(body["page_context"].get("has_more_page"))

    def iterate(self, path: str, key: str, **filters: Any) -> Rows:
        """All rows of a list."""
        return Rows(self._pages(path, key, **filters))

    def _pages(self, path: str, key: str, **filters: Any) -> Iterator[Page]:
        page, more = 1, True
        while more:
            found, more = self._page(path, key, page, **filters)
            yield found
            page += 1

    def changed_since(self, path: str, key: str, since: datetime, **filters: Any) -> Rows:
        """The rows that were modified at this time or later, oldest first; some come twice.

        The next page is asked for by the time of the last row, not by its number: a row that is modified or deleted
        meanwhile would move the others from one page to the one before.
        """
        return Rows(self._changed_pages(path, key, since.strftime("%Y-%m-%dT%H:%M:%S%z"), filters))

    def _changed_pages(self, path: str, key: str, since: str, filters: dict[str, Any]) -> Iterator[Page]:
        order = {"sort_column": "last_modified_time", "sort_order": "A", **filters}
        page, more = 1, True
        while more:
            found, more = self._page(path, key, page, last_modified_time=since, **order)
            yield found
            last = found.rows[-1]["last_modified_time"] if found.rows else since
            page = page + 1 if last == since else 1  # a whole page of one second
            since = last

    def one(self, path: str, key: str) -> dict[str, Any] | None:
        """A record, or None where there is none of this id (HTTP 404)."""
        try:
            found: dict[str, Any] = self.ask("GET", path)[key]
        except Refusal as refusal:
            if refusal.status == 404:
                return None
            raise
        return found

    def pdf(self, path: str) -> bytes:
        """A document on paper."""
        where = {"organization_id": self.organization_id} if self.organization_id else {}
        return self.call("GET", f"/invoice/v3{path}", params={**where, "accept": "pdf"}).body

    # organizations and settings

    def organizations(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("GET", "/organizations")["organizations"]
        return found

    def add_custom_field(self, field: dict[str, Any]) -> None:
        """Makes a custom field unless it is there (a door of the simulator's own)."""
        self.ask("POST", "/settings/customfields", json=field, repeatable=True)

    def register_hook(self, hook_url: str, secret: str) -> None:
        """Where Invoice asks for a single CRM record to be fetched (a door of the simulator's own)."""
        body = {"hook_url": hook_url, "secret": secret}
        self.ask("PUT", "/settings/integrations/zohocrm", json=body, repeatable=True)

    def currency_ids(self) -> dict[str, str]:
        """The id of each currency by its code; asked for once."""
        if self._currency_ids is None:
            rows = self.iterate("/settings/currencies", "currencies")
            self._currency_ids = {row["currency_code"]: row["currency_id"] for row in rows}
        return self._currency_ids

    def custom_fields(self, module: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("GET", "/settings/customfields", {"module": module})["customfields"]
        return found

    # contacts

    def contacts(self, **filters: Any) -> Rows:
        return self.iterate("/contacts", "contacts", **filters)

    def contact(self, contact_id: str) -> dict[str, Any] | None:
        return self.one(f"/contacts/{contact_id}", "contact")

    def create_contact(self, values: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("POST", "/contacts", json=values)["contact"]
        return found

    def update_contact(self, contact_id: str, values: dict[str, Any]) -> dict[str, Any]:
        # The same values again make the same contact, so an update may be repeated.
        found: dict[str, Any] = self.ask("PUT", f"/contacts/{contact_id}", json=values, repeatable=True)["contact"]
        return found

    def delete_contact(self, contact_id: str) -> None:
        self.ask("DELETE", f"/contacts/{contact_id}")

    def mark_contact(self, contact_id: str, status: str) -> None:
        """Marks a contact `active` or `inactive`."""
        self.ask("POST", f"/contacts/{contact_id}/{status}", repeatable=True)

    def add_address(self, contact_id: str, address: dict[str, Any]) -> None:
        """One more address, beside those for bills and shipping."""
        self.ask("POST", f"/contacts/{contact_id}/address", json=address)

    def remind(self, contact_id: str, act: str) -> None:
        """Payment reminders of a contact: `enable` or `disable`."""
        self.ask("POST", f"/contacts/{contact_id}/paymentreminder/{act}", repeatable=True)

    def merge_contact(self, contact_id: str, loser_id: str) -> None:
        """Another contact's transactions become this one's, and it inactive (a door of the simulator's own)."""
        self.ask("POST", f"/contacts/{contact_id}/merge", json={"contact_ids": [loser_id]})

    def contact_person(self, person_id: str) -> dict[str, Any] | None:
        return self.one(f"/contacts/contactpersons/{person_id}", "contact_person")

    def create_contact_person(self, values: dict[str, Any]) -> dict[str, Any]:
        return _person(self.ask("POST", "/contacts/contactpersons", json=values))

    def update_contact_person(self, person_id: str, values: dict[str, Any]) -> dict[str, Any]:
        return _person(self.ask("PUT", f"/contacts/contactpersons/{person_id}", json=values, repeatable=True))

    def delete_contact_person(self, person_id: str) -> None:
        self.ask("DELETE", f"/contacts/contactpersons/{person_id}")

    # documents of any kind, by the path of their lists and the key of one: estimates and estimate, invoices and invoice

    def document(self, path: str, key: str, document_id: str) -> dict[str, Any] | None:
        return self.one(f"/{path}/{document_id}", key)

    def document_by_key(self, path: str, key: str, value: str) -> dict[str, Any] | None:
        """The document that carries this value in a custom field."""
        row = next(self.iterate(f"/{path}", path, custom_field=value), None)
        return self.document(path, key, row[f"{key}_id"]) if row else None

    def upsert_document(self, path: str, key: str, field: str, value: str, body: dict[str, Any]) -> dict[str, Any]:
        """Makes the document that carries this value in a unique custom field, or updates it (invoice-api.md §3.1)."""
        headers = {"X-Unique-Identifier-Key": field, "X-Unique-Identifier-Value": value, "X-Upsert": "true"}
        found: dict[str, Any] = self.ask("PUT", f"/{path}", json=body, headers=headers)[key]
        return found

    def update_document(self, path: str, key: str, document_id: str, body: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("PUT", f"/{path}/{document_id}", json=body, repeatable=True)[key]
        return found

    def mark_document(self, path: str, document_id: str, status: str) -> None:
        """Moves a document to another status, as its kind has it."""
        self.ask("POST", f"/{path}/{document_id}/status/{status}", repeatable=True)

    def delete_document(self, path: str, document_id: str) -> None:
        self.ask("DELETE", f"/{path}/{document_id}", repeatable=True)

    def documents_of(self, customer_id: str) -> Iterator[dict[str, Any]]:
        """The estimates, sales orders and invoices of a customer, one by one with all they say."""
        for path, key in (("/estimates", "estimate"), ("/salesorders", "salesorder"), ("/invoices", "invoice")):
            for row in self.iterate(path, f"{key}s", customer_id=customer_id):
                if document := self.one(f"{path}/{row[f'{key}_id']}", key):
                    yield document

    # items

    def items(self, **filters: Any) -> Rows:
        return self.iterate("/items", "items", **filters)

    def item(self, item_id: str) -> dict[str, Any] | None:
        return self.one(f"/items/{item_id}", "item")

    def create_item(self, values: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("POST", "/items", json=values)["item"]
        return found

    def update_item(self, item_id: str, values: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("PUT", f"/items/{item_id}", json=values, repeatable=True)["item"]
        return found

    def delete_item(self, item_id: str) -> None:
        self.ask("DELETE", f"/items/{item_id}")

    def mark_item(self, item_id: str, status: str) -> None:
        self.ask("POST", f"/items/{item_id}/{status}", repeatable=True)

    # invoices

    def invoices(self, **filters: Any) -> Iterator[dict[str, Any]]:
        return self.iterate("/invoices", "invoices", **filters)

    def invoice(self, invoice_id: str) -> dict[str, Any] | None:
        return self.one(f"/invoices/{invoice_id}", "invoice")

    def update_invoice(self, invoice_id: str, values: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("PUT", f"/invoices/{invoice_id}", json=values, repeatable=True)["invoice"]
        return found

    def mark_invoice(self, invoice_id: str, status: str) -> None:
        """Moves an invoice to `sent`, `void` or `draft`."""
        self.ask("POST", f"/invoices/{invoice_id}/status/{status}", repeatable=True)

    def receivables(self, **filters: Any) -> dict[str, Any]:
        """What was invoiced and what is owed, by age (a door of the simulator's own)."""
        return self.ask("GET", "/reports/receivables", filters)


def _person(body: dict[str, Any]) -> dict[str, Any]:
    """A contact person; documented as a list of one, answered as an object (invoice-api.md §2.1)."""
    person: Any = body["contact_person"]
    found: dict[str, Any] = person[0] if isinstance(person, list) else person
    return found
