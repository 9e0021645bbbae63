"""The records of Invoice that the sync writes, one small adapter for each entity with the same five acts.

Each create carries the CRM id in a field that Invoice keeps unique, so a create whose answer was lost is found again
by `find` (sync.md §5).
"""

from typing import Any, Protocol

from connector import mapping
from connector.fields import PERSON_FIELDS
from connector.mapping import Values
from simulator.clients.base import Refusal
from simulator.clients.invoice import InvoiceClient

Record = dict[str, Any]

NO_CURRENCY = "Zoho Invoice has no currency {}; add it there under Settings, Currencies"

STATUS_ACTIVE = {True: "active", False: "inactive"}


class InvoiceRecords(Protocol):
    """What apply needs of one kind of Invoice record."""

    def read(self, invoice_id: str, parent_id: str | None) -> Record | None: ...

    def find(self, crm_id: str, parent_id: str | None) -> Record | None: ...

    def create(self, crm_id: str, values: Values, parent_id: str | None) -> Record: ...

    def update(self, invoice_id: str, crm_id: str, values: Values, parent_id: str | None) -> Record: ...

    def remove(self, invoice_id: str) -> str:
        """Deletes the record, or makes it inactive where it has transactions; says which."""
        ...

    def id_of(self, record: Record) -> str: ...


class Customers:
    """Customers of Invoice, made of CRM accounts."""

    key = "zcrm_account_id"

    def __init__(self, client: InvoiceClient) -> None:
        self._client = client

    def read(self, invoice_id: str, parent_id: str | None) -> Record | None:
        return self._client.contact(invoice_id)

    def find(self, crm_id: str, parent_id: str | None) -> Record | None:
        row = next(self._client.contacts(**{self.key: crm_id}), None)
        return self._client.contact(row["contact_id"]) if row else None

    def create(self, crm_id: str, values: Values, parent_id: str | None) -> Record:
        return self._client.create_contact({**self._body(values), self.key: crm_id})

    def update(self, invoice_id: str, crm_id: str, values: Values, parent_id: str | None) -> Record:
        return self._client.update_contact(invoice_id, {**self._body(values), self.key: crm_id})

    def _body(self, values: Values) -> Record:
        """A currency goes by its id; one without a code is left as it is.

        Raises:
            Refusal: Invoice does not have the currency (requirement C10).
        """
        body = mapping.to_body(values)
        code = body.pop("currency_code", "")
        if code:
            ids = self._client.currency_ids()
            if code not in ids:
                raise Refusal(400, "currency_missing", NO_CURRENCY.format(code))
            body["currency_id"] = ids[code]
        return body

    def remove(self, invoice_id: str) -> str:
        try:
            self._client.delete_contact(invoice_id)
        except Refusal as refusal:
            if refusal.status == 404:
                return "was gone already"
            self._client.mark_contact(invoice_id, "inactive")
            return "has transactions, so it was made inactive"
        return "deleted"

    def id_of(self, record: Record) -> str:
        return str(record["contact_id"])


class CustomersWithPerson(Customers):
    """Customers of Invoice, made of CRM contacts: what is the person's own goes to the primary contact person."""

    key = "zcrm_contact_id"

    def create(self, crm_id: str, values: Values, parent_id: str | None) -> Record:
        own, person = _parted(values)
        persons = [mapping.to_body(person)] if any(person.values()) else []
        body = {**mapping.to_body(own), self.key: crm_id, "contact_persons": persons}
        return self._client.create_contact(body)

    def update(self, invoice_id: str, crm_id: str, values: Values, parent_id: str | None) -> Record:
        own, person = _parted(values)
        record = super().update(invoice_id, crm_id, own, parent_id)
        if not person:
            return record
        primary = next((one for one in record["contact_persons"] if one["is_primary_contact"]), None)
        body = {**mapping.to_body(person), "contact_id": invoice_id}
        if primary is not None:
            self._client.update_contact_person(primary["contact_person_id"], body)
        elif any(person.values()):
            self._client.create_contact_person(body)
        return self.read(invoice_id, parent_id) or record


def _parted(values: Values) -> tuple[Values, Values]:
    """The values of the customer himself, and those of his primary person."""
    person = {name: value for name, value in values.items() if name in PERSON_FIELDS}
    return {name: value for name, value in values.items() if name not in person}, person


class Persons:
    """Contact persons of a customer, made of the CRM contacts of its account."""

    def __init__(self, client: InvoiceClient) -> None:
        self._client = client

    def read(self, invoice_id: str, parent_id: str | None) -> Record | None:
        return self._client.contact_person(invoice_id)

    def find(self, crm_id: str, parent_id: str | None) -> Record | None:
        customer = self._client.contact(parent_id) if parent_id else None
        persons: list[Record] = customer["contact_persons"] if customer else []
        return next((person for person in persons if person.get("zcrm_contact_id") == crm_id), None)

    def create(self, crm_id: str, values: Values, parent_id: str | None) -> Record:
        keys = {"contact_id": parent_id, "zcrm_contact_id": crm_id}
        return self._client.create_contact_person({**mapping.to_body(values), **keys})

    def update(self, invoice_id: str, crm_id: str, values: Values, parent_id: str | None) -> Record:
        return self._client.update_contact_person(invoice_id, {**mapping.to_body(values), "zcrm_contact_id": crm_id})

    def remove(self, invoice_id: str) -> str:
        """A person that a transaction names stays, but is no longer the CRM contact's (requirement C13)."""
        person = self._client.contact_person(invoice_id)
        if person is None:
            return "was gone already"
        if self._is_named(person):
            self._client.update_contact_person(invoice_id, {"zcrm_contact_id": ""})
            return "a transaction names the person, so it stays"
        self._client.delete_contact_person(invoice_id)
        return "deleted"

    def _is_named(self, person: Record) -> bool:
        customer = self._client.contact(person["contact_id"])
        if customer is None or not customer["has_transaction"]:
            return False
        documents = self._client.documents_of(person["contact_id"])
        return any(person["contact_person_id"] in document.get("contact_persons", ()) for document in documents)

    def id_of(self, record: Record) -> str:
        return str(record["contact_person_id"])


class Items:
    """Items of Invoice, made of CRM products. Their active state has doors of its own."""

    def __init__(self, client: InvoiceClient) -> None:
        self._client = client

    def read(self, invoice_id: str, parent_id: str | None) -> Record | None:
        return self._client.item(invoice_id)

    def find(self, crm_id: str, parent_id: str | None) -> Record | None:
        row = next(self._client.items(zcrm_product_id=crm_id), None)
        return self._client.item(row["item_id"]) if row else None

    def create(self, crm_id: str, values: Values, parent_id: str | None) -> Record:
        item = self._client.create_item({**mapping.to_body(values), "zcrm_product_id": crm_id})
        return self._activate(item, values)

    def update(self, invoice_id: str, crm_id: str, values: Values, parent_id: str | None) -> Record:
        item = self._client.update_item(invoice_id, {**mapping.to_body(values), "zcrm_product_id": crm_id})
        return self._activate(item, values)

    def remove(self, invoice_id: str) -> str:
        try:
            self._client.delete_item(invoice_id)
        except Refusal as refusal:
            if refusal.status == 404:
                return "was gone already"
            self._client.mark_item(invoice_id, "inactive")
            return "is used in transactions, so it was made inactive"
        return "deleted"

    def id_of(self, record: Record) -> str:
        return str(record["item_id"])

    def _activate(self, item: Record, values: Values) -> Record:
        wanted = STATUS_ACTIVE[values["is_active"]] if "is_active" in values else item["status"]
        if item["status"] == wanted:
            return item
        self._client.mark_item(item["item_id"], wanted)
        return {**item, "status": wanted}


def records_of(entity: str, client: InvoiceClient) -> InvoiceRecords:
    """The adapter of an entity."""
    adapters: dict[str, type[Customers] | type[Persons] | type[Items]] = {
        "account": Customers,
        "customer": CustomersWithPerson,
        "contact": Persons,
        "product": Items,
    }
    return adapters[entity](client)
