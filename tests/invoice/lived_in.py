"""A lived-in world with something of each kind in it."""

import io
import zlib
from typing import Any

from flask import Flask

from simulator import wire
from tests.invoice.conftest import URLS, Invoice
from tests.invoice.test_crm_import import HOOK
from tests.support.transport import WsgiAdapter

SNAPSHOT = "full"
FIELD = "cf_key"
MODULES = {
    **{"contact": "contacts", "item": "items", "estimate": "estimates", "salesorder": "salesorders"},
    **{"invoice": "invoices", "creditnote": "creditnotes", "customer_payment": "customerpayments"},
}
DOCUMENTS = ("estimate", "salesorder", "invoice", "creditnote")
LINES = [{"name": "Work", "rate": 100, "quantity": 2}]


class LivedIn:
    """A world of the demo company with refunds, files, groups of taxes and so on; `reset` brings all of it back.

    Attributes:
        ids: what there is, by the name that the documents have for its id.
        taxes: a comma list of taxes that can be a group.
        full: of addresses that go on below one record, the record that has something there, by the first word.
    """

    def __init__(self, invoice: Invoice) -> None:
        self.invoice = invoice
        self.ids: dict[str, list[str]] = {}
        self.full: dict[str, dict[str, str]] = {}
        self._settings()
        self._custom_fields()
        self._contact()
        self._documents()
        self._recurring()
        self._money()
        self._lists()
        self._connect()
        self._swap("snapshot")

    def _swap(self, kind: str) -> None:
        worlds = self.invoice.app.extensions["worlds"]
        worlds.swap(worlds.prepare(self.invoice.world, kind, SNAPSHOT))

    def reset(self) -> None:
        self._swap("restore")

    def _settings(self) -> None:
        post = self.invoice.post
        tax = post("/settings/taxes", {"tax_name": "City", "tax_percentage": 2})["tax"]["tax_id"]
        other = post("/settings/taxes", {"tax_name": "State", "tax_percentage": 7})["tax"]["tax_id"]
        post("/settings/taxes", {"tax_name": "Spare", "tax_percentage": 1})
        self.taxes = f"{tax},{other}"
        self.ids["group_id"] = [
            post("/settings/taxgroups", {"tax_group_name": name, "taxes": self.taxes})["tax_group"]["tax_group_id"]
            for name in ("Both", "Spare group")
        ]
        exemption = {"tax_exemption_code": "CHURCH", "type": "customer"}
        self.ids["exemption_id"] = [post("/settings/taxexemptions", exemption)["tax_exemption"]["tax_exemption_id"]]
        authority = post("/settings/taxauthorities", {"tax_authority_name": "The state"})["tax_authority"]
        self.ids["authority_id"] = [authority["tax_authority_id"]]
        franc = post("/settings/currencies", {"currency_code": "CHF", "exchange_rate": "1.1"})["currency"][
            "currency_id"
        ]
        rates = f"/settings/currencies/{franc}/exchangerates"
        rate = post(rates, {"effective_date": "2026-01-01", "rate": "1.2"})["exchange_rate"]["exchange_rate_id"]
        self.full["settings/currencies"] = {"currency_id": franc, "rate_id": rate}
        term = post("/settings/paymentterms", {"payment_terms_label": "Net 7", "payment_terms": 7})["payment_term"]
        self.ids["term_id"] = [term["payment_terms_id"]]
        self.ids["unit_id"] = [post("/settings/units", {"unit": name})["unit"]["unit_id"] for name in ("crate", "bale")]
        self.ids["sub_status_id"] = [
            post("/settings/substatuses", {"display_name": name, "parent_status": "open"})["sub_status"]["status_id"]
            for name in ("Packed", "Checked")
        ]
        second = post("/organizations", {"name": "Second"})["organization"]["organization_id"]
        home = self.invoice.get("/organizations")["organizations"][0]["organization_id"]
        self.ids["organization_id"] = [home] * 7 + [second]
        gone = post("/users", {"name": "Ina", "email": "ina@zylker.example"})["user"]["user_id"]
        post(f"/users/{gone}/inactive")
        self.ids["reminder_id"] = ["1", "2"]

    def _custom_fields(self) -> None:
        for module in MODULES:
            one = {"module": module, "label": "Key", "api_name": FIELD, "is_unique": True}
            self.invoice.post("/settings/customfields", one)
            for kind in ("date", "check_box", "decimal"):
                more = {"module": module, "label": kind, "api_name": f"cf_{kind}", "data_type": kind}
                self.invoice.post("/settings/customfields", more)
        self.ids["field_id"] = [
            one["customfield_id"] for one in self.invoice.get("/settings/customfields")["customfields"]
        ]

    def _filled(self, key: str) -> dict[str, Any]:
        values = {FIELD: key, "cf_date": "2026-05-05", "cf_check_box": True, "cf_decimal": "1.5"}
        return {"custom_fields": [{"api_name": name, "value": value} for name, value in values.items()]}

    def _contact(self) -> None:
        people = [{"first_name": "Ada", "email": "ada@full.example"}, {"first_name": "Bo", "email": "bo@full.example"}]
        address = {"address": "1 Main Street", "city": "Rome", "zip": "00100"}
        made = self.invoice.add_contact(
            "Full Ltd", contact_persons=people, billing_address=address, credit_limit=10, **self._filled("full")
        )
        contact = made["contact_id"]
        further = self.invoice.post(f"/contacts/{contact}/address", address)["address_info"]["address_id"]
        self.full["contacts"] = {
            "contact_id": contact,
            "person_id": made["contact_persons"][1]["contact_person_id"],
            "address_id": further,
        }
        item = self.invoice.add_item("Lamp", 12, unit="crate", **self._filled("full"))["item_id"]
        picture = {"image": (io.BytesIO(b"\x89PNG\r\n\x1a\n"), "lamp.png", "image/png")}
        self._upload(f"/items/{item}/image", picture)
        self.full["items"] = {"item_id": item}

    def _upload(self, path: str, parts: dict[str, Any]) -> Any:
        sent = {"Authorization": f"Zoho-oauthtoken {self.invoice.token}"}
        answer = self.invoice.raw("POST", f"/invoice/v3{path}", data=parts, headers=sent)
        assert answer.status_code == 200, answer.data
        return wire.loads(answer.data)

    def _documents(self) -> None:
        contact, item = self.full["contacts"]["contact_id"], self.full["items"]["item_id"]
        group = self.ids["group_id"][0]
        lines = [*LINES, {"item_id": item, "quantity": 3, "tax_id": group, "discount": "10%"}]
        for kind in DOCUMENTS:
            body = {"customer_id": contact, "line_items": lines, "discount": "5%", "discount_type": "entity_level"}
            for count in range(4):
                path = f"/{kind}s"
                document = self.invoice.post(path, {**body, **(self._filled("full") if count == 0 else {})})[kind]
                document_id = document[f"{kind}_id"]
                if count == 0:
                    self.full[f"{kind}s"] = {f"{kind}_id": document_id, **self._below(path, document_id)}
                self._move(kind, document_id, count)

    def _below(self, path: str, document_id: str) -> dict[str, str]:
        said = self.invoice.post(f"{path}/{document_id}/comments", {"description": "Seen"})["comment"]["comment_id"]
        file = {"attachment": (io.BytesIO(b"%PDF-1.4"), "terms.pdf", "application/pdf")}
        files = self._upload(f"{path}/{document_id}/attachment?can_send_in_mail=true", file)["documents"]
        return {"comment_id": said, "file_id": files[0]["document_id"], "template_id": "410000000000000103"}

    def _move(self, kind: str, document_id: str, count: int) -> None:
        """Some stay drafts, some go out by mail, some are voided or answered."""
        ends = {"estimate": "accepted", "salesorder": "void", "invoice": "void", "creditnote": "void"}
        if count in (0, 1, 3):
            self.invoice.post(f"/{kind}s/{document_id}/email", {"to_mail_ids": ["ada@full.example"]})
        if count == 3:
            self.invoice.post(f"/{kind}s/{document_id}/status/{ends[kind]}")

    def _recurring(self) -> None:
        """One of each status; the first has made an invoice."""
        body = {
            "customer_id": self.full["contacts"]["contact_id"],
            "line_items": LINES,
            "recurrence_frequency": "weeks",
        }
        made = []
        for name, days in (
            ("Rent", {}),
            ("Stopped", {}),
            ("Over", {"start_date": "2020-01-01", "end_date": "2020-02-01"}),
        ):
            one = self.invoice.post("/recurringinvoices", {**body, "recurrence_name": name, **days})
            made.append(one["recurring_invoice"]["recurring_invoice_id"])
        self.invoice.post(f"/recurringinvoices/{made[1]}/status/stop")
        self.ids["recurring_invoice_id"] = made
        self.full["recurringinvoices"] = {"recurring_invoice_id": made[0], "template_id": "410000000000000103"}

    def _money(self) -> None:
        contact, invoice = self.full["contacts"]["contact_id"], self.full["invoices"]["invoice_id"]
        note = self.full["creditnotes"]["creditnote_id"]
        parts = [{"invoice_id": invoice, "amount_applied": 50}]
        body = {"customer_id": contact, "amount": 90, "invoices": parts, **self._filled("full")}
        payment = self.invoice.post("/customerpayments", body)["payment"]["payment_id"]
        refund = self.invoice.post(f"/customerpayments/{payment}/refunds", {"amount": 1})["payment_refund"]
        self.full["customerpayments"] = {"payment_id": payment, "refund_id": refund["payment_refund_id"]}
        applied = {"apply_creditnotes": [{"creditnote_id": note, "amount_applied": 2}]}
        self.invoice.post(f"/invoices/{invoice}/credits", applied)
        refund = self.invoice.post(f"/creditnotes/{note}/refunds", {"amount": 1})["creditnote_refund"]
        credit = self.invoice.get(f"/creditnotes/{note}/invoices")["invoices_credited"][0]["creditnote_invoice_id"]
        self.full["creditnotes"] |= {"refund_id": refund["creditnote_refund_id"], "application_id": credit}
        lost = self.invoice.add_invoice(contact, send=True)["invoice_id"]
        self.invoice.post(f"/invoices/{lost}/writeoff")
        self.ids["written_off"] = [lost]
        paid = self.invoice.get(f"/invoices/{invoice}/payments")["payments"][0]["invoice_payment_id"]
        self.full["invoices"] |= {"invoice_payment_id": paid, "application_id": credit}

    def _lists(self) -> None:
        for path, key, name in (
            ("/contacts", "contacts", "contact_id"),
            ("/items", "items", "item_id"),
            ("/estimates", "estimates", "estimate_id"),
            ("/salesorders", "salesorders", "salesorder_id"),
            ("/invoices", "invoices", "invoice_id"),
            ("/creditnotes", "creditnotes", "creditnote_id"),
            ("/customerpayments", "customerpayments", "payment_id"),
            ("/users", "users", "user_id"),
            ("/settings/taxes", "taxes", "tax_id"),
            ("/settings/currencies", "currencies", "currency_id"),
            ("/settings/sentmails", "sent_mails", "mail_id"),
        ):
            own = "contact_id" if name == "contact_id" else name
            self.ids[name] = [one[own] for one in self.invoice.get(path)[key]]
        mail = next(one for one in self.invoice.get("/settings/sentmails")["sent_mails"] if one["files"])
        self.full["settings/sentmails"] = {"mail_id": mail["mail_id"], "file_id": mail["files"][0]["file_id"]}
        self.ids["person_id"] = [self.full["contacts"]["person_id"]]
        self.ids["line_item_id"] = [
            one["line_item_id"] for one in self.invoice.invoice(self.full["invoices"]["invoice_id"])["line_items"]
        ]

    def _connect(self) -> None:
        """A connector that imports what it is asked for."""
        connector = Flask("connector")
        made = {name: self.full[f"{name}s"][f"{name}_id"] for name in ("contact", "item")}

        def imported(path: str) -> tuple[bytes, int]:
            kind = "item" if "/item/" in f"/{path}" else "contact"
            return wire.dumps({"data": {f"{kind}_id": made[kind]}}), 200

        connector.add_url_rule("/<path:path>", view_func=imported, methods=["POST"])
        self.invoice.app.extensions["outbound"].mount(URLS["connector"], WsgiAdapter(connector))
        self.invoice.put("/settings/integrations/zohocrm", HOOK)

    def together(self, path: str) -> dict[str, str]:
        """Ids that belong together, below the start of an address of the document."""
        words = path.removeprefix("/invoice/v3/").split("/")
        return self.full.get("/".join(words[:2]) if words[0] == "settings" else words[0], {})

    def read(self, path: str, query: str) -> Any:
        """The answer to a read by its address in the document."""
        words = {"module": "invoices", **{name: found[0] for name, found in self.ids.items()}, **self.together(path)}
        address = f"{path}?{query}".format(**words)
        return self.invoice.raw("GET", address, headers={"Authorization": f"Zoho-oauthtoken {self.invoice.token}"})

    def one_of(self, kind: str, number: int, given: Any) -> Any:
        """Something of a kind that is there, chosen by a number; else what is given."""
        found = self.ids.get(kind)
        return found[number % len(found)] if found else given


def number_of(given: Any) -> int:
    """Chooses: the same for the same that was generated."""
    return zlib.crc32(repr(given).encode())
