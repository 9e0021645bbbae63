"""Contacts and the people and addresses of each (invoice-api.md §3)."""

from typing import Any

import pytest

from tests.invoice.conftest import Invoice

UNKNOWN = "410000000000999999"


@pytest.mark.requirement("X1")
def test_a_contact_is_added_and_shown_as_it_was_sent(invoice: Invoice) -> None:
    body = {
        "contact_name": "Acme Industrial",
        "company_name": "Acme Ltd",
        "website": "https://acme.test",
        "notes": "Likes blue",
        "payment_terms": 15,
        "billing_address": {"address": "1 Main St", "city": "Houston", "zip": "77002", "country": "U.S.A"},
        "contact_persons": [{"first_name": "Jo", "last_name": "Doe", "email": "jo@acme.test", "phone": "111"}],
        "email": "ignored@acme.test",
    }

    answer = invoice.post("/contacts", body)

    contact = answer["contact"]
    assert answer["message"] == "The contact has been added."
    assert {key: contact[key] for key in ("contact_name", "company_name", "notes", "payment_terms")} == {
        "contact_name": "Acme Industrial",
        "company_name": "Acme Ltd",
        "notes": "Likes blue",
        "payment_terms": 15,
    }
    assert contact["billing_address"]["city"] == "Houston"
    assert contact["payment_terms_label"] == "Net 15"
    assert contact == invoice.contact(contact["contact_id"])


def test_a_contact_may_be_made_for_1099_tracking(invoice: Invoice) -> None:
    tracked, plain = invoice.add_contact("Acme", track_1099=True), invoice.add_contact("Bolt")

    assert (tracked["track_1099"], plain["track_1099"]) == (True, False)
    assert invoice.put(f"/contacts/{tracked['contact_id']}", {"track_1099": "false"})["contact"]["track_1099"] is False
    assert invoice.refused("POST", "/contacts", {"contact_name": "Cask", "track_1099": "maybe"})[:2] == (400, 2)


def test_a_contact_shows_the_facts_of_its_primary_person(invoice: Invoice) -> None:
    people = [{"first_name": "Jo", "email": "jo@acme.test"}, {"first_name": "Al", "email": "al@acme.test"}]

    contact = invoice.add_contact(contact_persons=people, email="ignored@acme.test")

    assert (contact["first_name"], contact["email"]) == ("Jo", "jo@acme.test")
    assert [one["is_primary_contact"] for one in contact["contact_persons"]] == [True, False]
    assert contact["primary_contact_id"] == contact["contact_persons"][0]["contact_person_id"]


MISSING_NAMES: list[dict[str, Any]] = [{}, {"contact_name": ""}, {"contact_name": "   "}, {"contact_name": None}]


@pytest.mark.parametrize("body", MISSING_NAMES, ids=["none", "empty", "blanks", "null"])
def test_a_contact_needs_a_name(invoice: Invoice, body: dict[str, Any]) -> None:
    assert invoice.refused("POST", "/contacts", body) == (400, 4, "Invalid value passed for contact_name")


def test_a_name_can_be_used_once_for_customers_and_once_for_vendors(invoice: Invoice) -> None:
    invoice.add_contact("Acme")
    invoice.add_contact("Acme", contact_type="vendor")

    refusals = [
        invoice.refused("POST", "/contacts", {"contact_name": " Acme "}),
        invoice.refused("POST", "/contacts", {"contact_name": "Acme", "contact_type": "vendor"}),
    ]

    assert refusals == [
        (400, 3062, 'The customer "Acme" already exists. Please specify a different name.'),
        (400, 3062, 'The vendor "Acme" already exists. Please specify a different name.'),
    ]


def test_a_contact_keeps_its_own_name_on_update_and_cannot_take_anothers(invoice: Invoice) -> None:
    acme, other = invoice.add_contact("Acme"), invoice.add_contact("Zylker East")

    invoice.put(f"/contacts/{acme['contact_id']}", {"contact_name": "Acme", "notes": "n"})
    refusal = invoice.refused("PUT", f"/contacts/{other['contact_id']}", {"contact_name": "Acme"})

    assert refusal[:2] == (400, 3062)


def test_an_update_changes_only_the_keys_it_names(invoice: Invoice) -> None:
    contact = invoice.add_contact(
        notes="before", website="w", contact_persons=[{"first_name": "Jo"}], shipping_address={"city": "Oslo"}
    )

    answer = invoice.put(f"/contacts/{contact['contact_id']}", {"notes": "after", "shipping_address": {"zip": "1"}})

    changed = answer["contact"]
    assert answer["message"] == "Contact information has been saved."
    assert changed["shipping_address"] == {**contact["shipping_address"], "zip": "1"}
    assert {**changed, "last_modified_time": 0, "notes": 0, "shipping_address": 0} == {
        **contact,
        "last_modified_time": 0,
        "notes": 0,
        "shipping_address": 0,
    }
    assert changed["notes"] == "after"


def test_a_null_clears_a_field(invoice: Invoice) -> None:
    contact = invoice.add_contact(notes="n", zcrm_account_id="572")

    changed = invoice.put(f"/contacts/{contact['contact_id']}", {"notes": None, "zcrm_account_id": None})["contact"]

    assert (changed["notes"], changed["zcrm_account_id"], changed["is_linked_with_zohocrm"]) == ("", "", False)


TOO_LONG = [("contact_name", 200), ("company_name", 200), ("payment_terms_label", 200)]


@pytest.mark.parametrize(("field", "limit"), TOO_LONG)
def test_a_text_that_is_too_long_is_named(invoice: Invoice, field: str, limit: int) -> None:
    body = {"contact_name": "Acme", field: "x" * (limit + 1)}

    message = f'Please ensure that the "{field}" has less than {limit} characters.'
    assert invoice.refused("POST", "/contacts", body) == (400, 15, message)


WRONG_TYPES = {
    "a list for a name": {"contact_name": ["x"]},
    "an object for a name": {"contact_name": {"x": 1}},
    "a truth for a name": {"contact_name": True},
    "a NUL": {"contact_name": "a\0b"},
    "an unknown kind": {"contact_type": "friend"},
    "terms in words": {"payment_terms": "soon"},
    "terms out of bounds": {"payment_terms": 10**30},
    "an address that is a list": {"billing_address": [1]},
    "people that are an object": {"contact_persons": {"first_name": "x"}},
    "people that are texts": {"contact_persons": ["x"]},
    "a currency that is no id": {"currency_id": "USD"},
    "custom fields that are an object": {"custom_fields": {"cf_x": 1}},
    "an unknown custom field": {"custom_fields": [{"api_name": "cf_unknown", "value": 1}]},
    "a custom field that is a number": {"custom_fields": [3]},
}


@pytest.mark.parametrize("body", WRONG_TYPES.values(), ids=WRONG_TYPES.keys())
def test_a_value_of_the_wrong_type_is_refused(invoice: Invoice, body: dict[str, Any]) -> None:
    status, code, _ = invoice.refused("POST", "/contacts", {"contact_name": "Acme", **body})

    assert (status, code) == (400, 2)


def test_an_unknown_currency_does_not_exist(invoice: Invoice) -> None:
    body = {"contact_name": "Acme", "currency_id": UNKNOWN}

    assert invoice.refused("POST", "/contacts", body) == (404, 1002, "Currency does not exist.")


UNKNOWN_CALLS = [
    ("GET", "/contacts/{id}"),
    ("PUT", "/contacts/{id}"),
    ("DELETE", "/contacts/{id}"),
    ("POST", "/contacts/{id}/active"),
    ("POST", "/contacts/{id}/inactive"),
    ("POST", "/contacts/{id}/paymentreminder/enable"),
    ("GET", "/contacts/{id}/contactpersons"),
    ("GET", "/contacts/{id}/address"),
    ("PUT", "/contacts/contactpersons/{id}"),
    ("DELETE", "/contacts/contactpersons/{id}"),
    ("POST", "/contacts/contactpersons/{id}/primary"),
]


@pytest.mark.parametrize(("method", "path"), UNKNOWN_CALLS)
def test_an_unknown_id_is_answered_with_1002(invoice: Invoice, method: str, path: str) -> None:
    for bad_id in (UNKNOWN, "x", "1" * 30, "-1", "١٢"):
        assert invoice.refused(method, path.format(id=bad_id), {})[:2] == (404, 1002), bad_id


@pytest.mark.requirement("C15")
def test_a_contact_can_be_put_out_of_use_and_back(invoice: Invoice) -> None:
    contact = invoice.add_contact()
    path = f"/contacts/{contact['contact_id']}"

    first = invoice.post(f"{path}/inactive")
    again = invoice.post(f"{path}/inactive")

    assert first["message"] == again["message"] == "The contact has been marked as inactive."
    assert invoice.contact(contact["contact_id"])["status"] == "inactive"
    assert invoice.post(f"{path}/active")["message"] == "The contact has been marked as active."
    assert invoice.contact(contact["contact_id"])["status"] == "active"


@pytest.mark.requirement("C15")
@pytest.mark.parametrize("kind", ["invoices", "estimates"])
def test_an_inactive_customer_gets_no_new_document(invoice: Invoice, kind: str) -> None:
    contact = invoice.add_contact()
    invoice.post(f"/contacts/{contact['contact_id']}/inactive")

    body = {"customer_id": contact["contact_id"], "line_items": [{"name": "x", "rate": 1}]}

    assert invoice.refused("POST", f"/{kind}", body) == (404, 1002, "The Customer is not accessible")


@pytest.mark.requirement("C12")
def test_a_contact_without_transactions_can_be_deleted(invoice: Invoice) -> None:
    contact = invoice.add_contact(contact_persons=[{"first_name": "Jo"}])
    invoice.post(f"/contacts/{contact['contact_id']}/address", {"city": "Oslo"})

    assert invoice.delete(f"/contacts/{contact['contact_id']}")["message"] == "The customer has been deleted."

    assert invoice.refused("GET", f"/contacts/{contact['contact_id']}")[:2] == (404, 1002)
    assert invoice.refused("DELETE", f"/contacts/{contact['contact_id']}")[:2] == (404, 1002)


@pytest.mark.requirement("C12")
@pytest.mark.parametrize("made", ["add_invoice", "add_estimate"])
def test_a_contact_with_transactions_cannot_be_deleted(invoice: Invoice, made: str) -> None:
    contact = invoice.add_contact()
    getattr(invoice, made)(contact["contact_id"])

    status, code, _ = invoice.refused("DELETE", f"/contacts/{contact['contact_id']}")

    assert (status, code) == (400, 3000)
    assert invoice.contact(contact["contact_id"])["has_transaction"] is True


def test_what_a_customer_owes_counts_sent_invoices_only(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    invoice.add_invoice(customer, rate=300)
    sent = [invoice.add_invoice(customer, rate=rate)["invoice_id"] for rate in ("149.97", "199.99", "50")]
    for invoice_id in sent:
        invoice.post(f"/invoices/{invoice_id}/status/sent")
    invoice.post(f"/invoices/{sent[2]}/status/void")

    shown = invoice.contact(customer)
    row = invoice.get("/contacts")["contacts"][0]

    assert str(shown["outstanding_receivable_amount"]) == str(row["outstanding_receivable_amount"]) == "349.96"


# people


def test_people_sent_on_update_replace_the_list(invoice: Invoice) -> None:
    people = [{"first_name": "Jo"}, {"first_name": "Al"}]
    contact = invoice.add_contact(contact_persons=people)
    jo, _ = contact["contact_persons"]

    new_list = [{"contact_person_id": jo["contact_person_id"], "phone": "1"}, {"first_name": "Cy"}]
    changed = invoice.put(f"/contacts/{contact['contact_id']}", {"contact_persons": new_list})["contact"]

    assert [(one["first_name"], one["phone"]) for one in changed["contact_persons"]] == [("Jo", "1"), ("Cy", "")]
    assert changed["contact_persons"][0]["contact_person_id"] == jo["contact_person_id"]


def test_a_person_of_another_contact_cannot_be_sent_on_update(invoice: Invoice) -> None:
    one = invoice.add_contact("A", contact_persons=[{"first_name": "Jo"}])
    other = invoice.add_contact("B")
    body = {"contact_persons": [{"contact_person_id": one["contact_persons"][0]["contact_person_id"]}]}

    assert invoice.refused("PUT", f"/contacts/{other['contact_id']}", body)[:2] == (404, 1002)


@pytest.mark.requirement("C1")
def test_people_are_added_changed_made_primary_and_removed_one_by_one(invoice: Invoice) -> None:
    contact = invoice.add_contact()
    path = "/contacts/contactpersons"

    jo = invoice.post(path, {"contact_id": contact["contact_id"], "first_name": "Jo", "email": "jo@a.test"})
    al = invoice.post(path, {"contact_id": contact["contact_id"], "first_name": "Al", "zcrm_contact_id": "77"})
    al_id = al["contact_person"]["contact_person_id"]
    invoice.put(f"{path}/{al_id}", {"contact_id": contact["contact_id"], "last_name": "Zed"})
    primary = invoice.post(f"{path}/{al_id}/primary")

    assert jo["message"] == "The contactperson has been Created"
    assert primary["message"] == "This contact person has been marked as your primary contact person."
    shown = invoice.contact(contact["contact_id"])
    assert (shown["first_name"], shown["last_name"], shown["primary_contact_id"]) == ("Al", "Zed", al_id)
    one = invoice.get(f"/contacts/{contact['contact_id']}/contactpersons/{al_id}")["contact_person"]
    assert (one["zcrm_contact_id"], one["is_primary_contact"]) == ("77", True)

    assert invoice.delete(f"{path}/{al_id}")["message"] == "The contact person has been deleted."
    after = invoice.contact(contact["contact_id"])
    assert (after["first_name"], after["email"]) == ("Jo", "jo@a.test")
    assert len(invoice.get(f"/contacts/{contact['contact_id']}/contactpersons")["contact_persons"]) == 1


def test_an_email_stands_once_inside_a_contact_and_in_as_many_contacts_as_there_are(invoice: Invoice) -> None:
    person = {"first_name": "Jo", "email": "jo@acme.test"}
    invoice.add_contact("A", contact_persons=[person])
    contact = invoice.add_contact("B", contact_persons=[person])

    twice = {"contact_id": contact["contact_id"], "first_name": "Al", "email": "JO@acme.test"}

    assert invoice.refused("POST", "/contacts/contactpersons", twice)[:2] == (400, 90_005)


def test_a_person_needs_some_name(invoice: Invoice) -> None:
    contact = invoice.add_contact()

    refusal = invoice.refused("POST", "/contacts/contactpersons", {"contact_id": contact["contact_id"], "phone": "1"})

    assert refusal[:2] == (400, 4)


# addresses


def test_further_addresses_are_kept_beside_billing_and_shipping(invoice: Invoice) -> None:
    contact = invoice.add_contact(billing_address={"city": "Houston"})
    path = f"/contacts/{contact['contact_id']}/address"

    made = invoice.post(path, {"city": "Oslo"})["address_info"]
    invoice.put(f"{path}/{made['address_id']}", {"zip": "0150"})
    invoice.put(f"{path}/{contact['billing_address']['address_id']}", {"zip": "77002"})

    shown = invoice.contact(contact["contact_id"])
    assert (shown["billing_address"]["city"], shown["billing_address"]["zip"]) == ("Houston", "77002")
    assert [(one["city"], one["zip"]) for one in shown["addresses"]] == [("Oslo", "0150")]
    assert len(invoice.get(path)["addresses"]) == 3

    invoice.delete(f"{path}/{made['address_id']}")
    assert invoice.contact(contact["contact_id"])["addresses"] == []
    assert invoice.refused("DELETE", f"{path}/{made['address_id']}")[:2] == (404, 1002)


# CRM links


CRM_FIELDS = [
    ("/contacts", "zcrm_account_id", {"contact_name": "{n}"}),
    ("/contacts", "zcrm_contact_id", {"contact_name": "{n}"}),
    ("/items", "zcrm_product_id", {"name": "{n}", "rate": 1}),
]


@pytest.mark.requirement("C3")
@pytest.mark.parametrize(("path", "field", "body"), CRM_FIELDS)
def test_a_crm_record_is_linked_once_and_the_refusal_names_the_holder(
    invoice: Invoice, path: str, field: str, body: dict[str, Any]
) -> None:
    def named(name: str, **more: Any) -> dict[str, Any]:
        return {key: value.format(n=name) if isinstance(value, str) else value for key, value in body.items()} | more

    kind = path[1:-1]
    first = invoice.post(path, named("A", **{field: "5720001"}))[kind]
    second = invoice.post(path, named("B"))[kind]
    invoice.post(path, named("C"))

    creating = invoice.refused("POST", path, named("D", **{field: "5720001"}))
    updating = invoice.refused("PUT", f"{path}/{second[f'{kind}_id']}", {field: 5720001})

    assert creating == updating
    assert creating[:2] == (400, 90_009)
    assert first[f"{kind}_id"] in creating[2]
    assert first["is_linked_with_zohocrm"] is True
    assert second["is_linked_with_zohocrm"] is False
    invoice.put(f"{path}/{first[f'{kind}_id']}", {field: ""})
    assert invoice.put(f"{path}/{second[f'{kind}_id']}", {field: "5720001"})[kind][field] == "5720001"


@pytest.mark.requirement("C3")
def test_a_crm_contact_is_linked_with_one_person(invoice: Invoice) -> None:
    one = invoice.add_contact("A", contact_persons=[{"first_name": "Jo", "zcrm_contact_id": "9"}])
    other = {"contact_name": "B", "contact_persons": [{"first_name": "Al", "zcrm_contact_id": "9"}]}

    status, code, message = invoice.refused("POST", "/contacts", other)

    assert (status, code) == (400, 90_009)
    assert one["contact_persons"][0]["contact_person_id"] in message
