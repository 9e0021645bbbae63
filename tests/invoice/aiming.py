"""Turns generated calls towards what there is in a world, so that not all of them end at an unknown id.

What is put in where is chosen by what was generated, so that a run is like the one before.
"""

import json
from typing import Any

from schemathesis import Case

from tests.invoice.lived_in import FIELD, LivedIn, number_of

FORM = "application/x-www-form-urlencoded"
#: What the ids under a key are, as `LivedIn.ids` has them, where the key does not say it itself.
KINDS = {
    **{"customer_id": "contact_id", "contact_persons": "person_id", "contact_person_id": "person_id"},
    **{"tax_exemption_id": "exemption_id", "tax_authority_id": "authority_id", "customfield_id": "field_id"},
    **{"invoiced_estimate_id": "estimate_id", "creditnotes": "creditnote_id", "contact_ids": "contact_id"},
    **{"transaction_id": "invoice_id", "X-com-zoho-invoice-organizationid": "organization_id"},
    **{f"{one}_ids": f"{one}_id" for one in ("item", "estimate", "salesorder", "invoice", "creditnote", "contact")},
}
#: Values that get somewhere, where most that fit the schema do not.
VALUES: dict[str, tuple[Any, ...]] = {
    "rate": (0, 1, 12.5, 100, 2883.333333, "7"),
    "quantity": (1, 2.5, 3, "4"),
    "discount": ("", "10%", 5, 0, "12.5%"),
    "shipping_charge": (0, 5, 12.99),
    "adjustment": (0, -1, 2.5),
    "amount": (1, 5, 20.5),
    "amount_applied": (1, 2, 0.5),
    "bank_charges": (0, 1),
    "exchange_rate": (1, 1.1, 0.9, ""),
    "tax_percentage": (0, 8.25, 19),
    "price_precision": (0, 2, 3),
    "currency_code": ("NOK", "SEK", "GBP", "USD"),
    "time_zone": ("Asia/Kolkata", "Europe/Rome", ""),
    "next_number": ("100", "000200"),
    "hook_url": ("http://connector.test/hooks/w/import",),
    "email": ("new@zylker.example", "gus@zylker.example", ""),
    "repeat_every": (1, 3),
    "taxes": ("group",),
    "type": ("customer", "item"),
    "template_id": ("410000000000000103", ""),
    "email_template_id": ("410000000000000203",),
    "invoice_template_id": ("410000000000000103", ""),
    "estimate_template_id": ("410000000000000103", ""),
    "creditnote_template_id": ("410000000000000103", ""),
    "custom_fields": ([{"api_name": FIELD, "value": "other"}, {"api_name": "cf_date", "value": "2026-01-31"}], []),
    "api_name": ("cf_new", "cf_other"),
    "options": (["a", "b"],),
    "X-Unique-Identifier-Key": (FIELD,),
    "X-Unique-Identifier-Value": ("full", "fuller"),
    "due_date": ("2030-01-31", "2020-01-31", ""),
    "start_date": ("2020-01-01",),
    "end_date": ("2030-01-01",),
    "last_modified_time": ("2020-01-01T00:00:00-0800", "2020-01-01"),
}
#: What need not be there and mostly does not fit when it is generated: it is left out three times of four.
HARD = {
    *(
        "line_item_id",
        "salesorder_item_id",
        "billing_address_id",
        "shipping_address_id",
        "currency_id",
        "salesorder_id",
    ),
    *(
        "invoiced_estimate_id",
        "estimate_id",
        "recurring_invoice_id",
        "zcrm_potential_id",
        "zcrm_account_id",
        "zcrm_contact_id",
        "start_at",
    ),
    *("zcrm_product_id", "contact_persons", "tax_authority_id", "exchange_rate", "invoice_id", "payment_number"),
    *("estimate_number", "salesorder_number", "invoice_number", "creditnote_number", "customer_id", "sku", "item_id"),
}
#: Ends of addresses below records that have something there.
HOLDING = {"image", "attachment", "comments", "creditsapplied", "credits", "refunds", "payments"}
NEW_DOCUMENT = {"customer_id": "contact_id", "line_items": [{"name": "Work", "rate": 10, "quantity": 1}]}
#: What a new record needs, by the last word of its address.
NEEDED: dict[str, dict[str, Any]] = {
    "contacts": {"contact_name": "name"},
    "contactpersons": {"contact_id": "contact_id", "first_name": "name"},
    "items": {"name": "name", "rate": 1},
    **dict.fromkeys(("estimates", "salesorders", "invoices", "creditnotes"), NEW_DOCUMENT),
    "recurringinvoices": {**NEW_DOCUMENT, "recurrence_name": "name", "recurrence_frequency": "days"},
    "customerpayments": {"customer_id": "contact_id", "amount": 5},
    "refunds": {"amount": 1},
    "comments": {"description": "name"},
    "currencies": {"currency_code": "NOK"},
    "exchangerates": {"effective_date": "2026-03-03", "rate": 1.5},
    "taxes": {"tax_name": "name", "tax_percentage": 5},
    "taxgroups": {"tax_group_name": "name", "taxes": "group"},
    "taxexemptions": {"tax_exemption_code": "name", "type": "item"},
    "taxauthorities": {"tax_authority_name": "name"},
    "paymentterms": {"payment_terms_label": "name", "payment_terms": 9},
    "units": {"unit": "name"},
    "substatuses": {"display_name": "name", "parent_status": "open"},
    "customfields": {"module": "contact", "label": "name"},
    "organizations": {"name": "name"},
    "users": {"name": "name", "email": "new@zylker.example"},
    "email": {"subject": "name", "body": "name", "to_mail_ids": ["a@b.example"]},
    "credits": {"apply_creditnotes": [{"creditnote_id": "creditnote_id", "amount_applied": 1}]},
    "zohocrm": {"hook_url": "http://connector.test/hooks/w/import", "secret": "s"},
}


def aim(case: Case, world: LivedIn) -> None:
    """Puts ids and names that are there into a call."""
    Aim(case, world).take()


class Aim:
    """One call on its way."""

    def __init__(self, case: Case, world: LivedIn) -> None:
        self.case, self.world = case, world
        self.seed = number_of((case.query, case.body if isinstance(case.body, dict | list) else ""))

    def take(self) -> None:
        case = self.case
        self._aim_address()
        self._aim_parameters()
        if case.media_type == "multipart/form-data":
            self._aim_files()
        elif case.media_type == FORM and case.path.startswith("/invoice"):
            given = case.body.get("JSONString", "") if isinstance(case.body, dict) else ""  # a form may be left out
            case.body = {"JSONString": json.dumps(self._needed({})) if self._number("form") % 4 else given}
        elif isinstance(case.body, dict):
            case.body = self._needed(self._aimed_object(case.body))
        elif isinstance(case.body, list) and self._number("list") % 4:
            case.body = VALUES["custom_fields"][0]

    def _number(self, what: Any) -> int:
        return number_of((self.seed, what))

    def _aim_address(self) -> None:
        """Parts of one address belong together."""
        together, words = self.world.together(self.case.path), self.case.path.split("/")
        given = self.case.path_parameters
        below = [name for name in given if name not in ("action", "which")]
        is_whole = len(below) > 1 or words[-1] in HOLDING
        for name, value in list(given.items()):
            number = self._number((name, value))
            if number % 8 and is_whole and name in together:
                given[name] = together[name]
            elif number % 8:
                kind = "written_off" if words[-1] == "cancel" else name
                given[name] = self.world.one_of(kind, number // 8, value)

    def _aim_parameters(self) -> None:
        for values in (self.case.query, self.case.headers):
            for name, given in list(values.items()):
                is_needed = any(one.name == name and one.is_required for one in self._parameters())
                if not is_needed and self._number((name, given)) % 4:
                    del values[name]
                else:
                    values[name] = self._aimed(name, given)
        if self.case.path.endswith("mapwithorder") and self._number("map") % 4:
            for module in ("invoice", "salesorder"):
                name = "invoice_ids" if module == "invoice" else "salesorder_id"
                self.case.query[name] = self.world.full[f"{module}s"][f"{module}_id"]
        if "organization_id" in self.case.query:
            self.case.headers.pop("X-com-zoho-invoice-organizationid", None)

    def _parameters(self) -> list[Any]:
        return [*self.case.operation.query, *self.case.operation.headers]

    def _aim_files(self) -> None:
        name = "image" if self.case.path.endswith("/image") else "attachment"
        if self._number("file") % 4:
            self.case.body = {name: b"\x89PNG\r\n\x1a\n"}

    def _aimed_object(self, given: dict[str, Any]) -> dict[str, Any]:
        return {
            name: self._aimed(name, value)
            for name, value in given.items()
            if name not in HARD or self._number((name, value)) % 4 == 0
        }

    def _aimed(self, name: str, given: Any) -> Any:
        number = self._number((name, given))
        if number % 8 == 0:
            return given
        if name in VALUES:
            found = VALUES[name][number // 8 % len(VALUES[name])]
            return self.world.taxes if found == "group" else found
        if isinstance(given, dict):
            return self._aimed_object(given)
        if isinstance(given, list):
            return [self._aimed(name, one) for one in given]
        return self.world.one_of(KINDS.get(name, name), number // 8, given)

    def _needed(self, body: dict[str, Any]) -> dict[str, Any]:
        """The body with most of what it needs."""
        is_upsert = "X-Unique-Identifier-Key" in self.case.headers
        if (self.case.method != "POST" and not is_upsert) or self._number("needed") % 8 == 0:
            return body
        words = [one for one in self.case.path.split("/") if not one.startswith("{")]
        more = self._filled(NEEDED.get(words[-1], {}))
        if is_upsert and "customer_id" in more:
            more["customer_id"] = self.world.full["contacts"]["contact_id"]
        return {**body, **more}

    def _filled(self, value: Any) -> Any:
        """What a new record needs, with a name of its own and ids that are there."""
        if isinstance(value, dict):
            return {name: self._filled(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._filled(one) for one in value]
        if value == "creditnote_id":
            return self.world.full["creditnotes"][value]
        if value == "contact_id":
            return self.world.one_of(value, self.seed, value)
        return {"name": f"New {self.seed % 1000}", "group": self.world.taxes}.get(str(value), value)
