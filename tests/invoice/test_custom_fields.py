"""Custom fields, their values, and writing by a unique one (invoice-api.md §3.1, §3.2, §8.5)."""

import threading
from typing import Any

import pytest

from tests.invoice.conftest import Invoice

SYNC_KEY = {
    "module": "invoice",
    "label": "CRM sync key",
    "api_name": "cf_crm_sync_key",
    "data_type": "text",
    "is_unique": True,
    "is_hidden": True,
}


def add_field(invoice: Invoice, label: str, **more: Any) -> Any:
    return invoice.post("/settings/customfields", {"module": "contact", "label": label, **more})["customfield"]


@pytest.mark.requirement("C9")
def test_contacts_have_ten_custom_fields_and_the_eleventh_is_refused(invoice: Invoice) -> None:
    fields = [add_field(invoice, f"Field {number}") for number in range(1, 11)]

    status, code, message = invoice.refused(
        "POST", "/settings/customfields", {"module": "contact", "label": "Field 11"}
    )

    assert [one["index"] for one in fields] == list(range(1, 11))
    assert (status, code) == (400, 90_007)
    assert "10" in message


@pytest.mark.requirement("C9")
def test_hidden_fields_are_not_among_the_ten_and_a_deleted_one_frees_its_place(invoice: Invoice) -> None:
    add_field(invoice, "Secret", is_hidden=True)
    fields = [add_field(invoice, f"Field {number}") for number in range(1, 11)]

    invoice.delete(f"/settings/customfields/{fields[3]['customfield_id']}")

    assert add_field(invoice, "Field 11")["index"] == 4


def test_asking_for_a_field_that_is_there_answers_it(invoice: Invoice) -> None:
    first = invoice.call("POST", "/settings/customfields", SYNC_KEY)
    second = invoice.call("POST", "/settings/customfields", SYNC_KEY)

    assert (first[0], second[0]) == (201, 200)
    assert first[1]["customfield"] == second[1]["customfield"]
    shown = invoice.get("/settings/customfields?module=invoice")["customfields"]
    assert shown == [first[1]["customfield"]]


BAD_FIELDS = {
    "no module": {"label": "x"},
    "an unknown module": {"module": "dreams", "label": "x"},
    "no label": {"module": "contact"},
    "a wrong api name": {"module": "contact", "label": "x", "api_name": "x y"},
    "an unknown type": {"module": "contact", "label": "x", "data_type": "sound"},
    "a list without options": {"module": "contact", "label": "x", "data_type": "dropdown"},
}


@pytest.mark.parametrize("body", BAD_FIELDS.values(), ids=BAD_FIELDS.keys())
def test_a_field_that_makes_no_sense_is_refused(invoice: Invoice, body: Any) -> None:
    assert invoice.refused("POST", "/settings/customfields", body)[0] == 400


def test_a_value_may_name_its_field_by_id_api_name_label_or_index(invoice: Invoice) -> None:
    field = add_field(invoice, "Region")
    ways = [
        {"customfield_id": field["customfield_id"]},
        {"api_name": "cf_region"},
        {"label": "Region"},
        {"index": 1},
    ]

    shown = [
        invoice.add_contact(f"C{n}", custom_fields=[{**way, "value": "West"}])["custom_fields"]
        for n, way in enumerate(ways)
    ]

    assert all(one == shown[0] for one in shown)
    assert {key: shown[0][0][key] for key in ("label", "placeholder", "index", "value")} == {
        "label": "Region",
        "placeholder": "cf_region",
        "index": 1,
        "value": "West",
    }


TYPED = [
    ("text", "West", "West"),
    ("number", "12", "12"),
    ("decimal", "12.50", "12.5"),
    ("date", "2026-12-06", "2026-12-06"),
    ("check_box", True, "True"),
    ("dropdown", "Gold", "Gold"),
]


@pytest.mark.parametrize(("data_type", "value", "shown"), TYPED)
def test_a_value_is_kept_by_its_type(invoice: Invoice, data_type: str, value: Any, shown: str) -> None:
    add_field(invoice, "Field", data_type=data_type, options=["Gold", "Silver"])

    contact = invoice.add_contact(custom_fields=[{"label": "Field", "value": value}])

    assert str(contact["custom_fields"][0]["value"]) == shown
    assert invoice.contact(contact["contact_id"])["custom_field_hash"].keys() == {"cf_field", "cf_field_unformatted"}


@pytest.mark.parametrize(
    ("data_type", "value"),
    [
        ("number", "1.5"),
        ("decimal", "x"),
        ("date", "06.12.2026"),
        ("check_box", "perhaps"),
        ("dropdown", "Bronze"),
        ("text", ["x"]),
        ("text", {"a": 1}),
    ],
)
def test_a_value_that_does_not_fit_its_type_is_refused(invoice: Invoice, data_type: str, value: Any) -> None:
    add_field(invoice, "Field", data_type=data_type, options=["Gold"])
    body = {"contact_name": "Acme", "custom_fields": [{"label": "Field", "value": value}]}

    assert invoice.refused("POST", "/contacts", body)[:2] == (400, 2)


def test_an_empty_value_removes_it_and_unnamed_fields_keep_theirs(invoice: Invoice) -> None:
    add_field(invoice, "One")
    add_field(invoice, "Two")
    values = [{"label": "One", "value": "1"}, {"label": "Two", "value": "2"}]
    contact = invoice.add_contact(custom_fields=values)

    body = {"custom_fields": [{"label": "One", "value": ""}]}
    changed = invoice.put(f"/contacts/{contact['contact_id']}", body)["contact"]

    assert [one["label"] for one in changed["custom_fields"]] == ["Two"]


def test_a_unique_value_has_one_holder_and_the_refusal_names_it(invoice: Invoice) -> None:
    add_field(invoice, "Key", is_unique=True)
    holder = invoice.add_contact("A", custom_fields=[{"label": "Key", "value": "k1"}])

    status, code, message = invoice.refused(
        "POST", "/contacts", {"contact_name": "B", "custom_fields": [{"label": "Key", "value": "k1"}]}
    )

    assert (status, code) == (400, 90_008)
    assert holder["contact_id"] in message
    invoice.delete(f"/contacts/{holder['contact_id']}")
    invoice.add_contact("B", custom_fields=[{"label": "Key", "value": "k1"}])


def test_custom_fields_alone_are_set_by_the_singular_path(invoice: Invoice) -> None:
    invoice.post("/settings/customfields", SYNC_KEY)
    document = invoice.add_invoice(invoice.add_contact()["contact_id"])

    body = [{"api_name": "cf_crm_sync_key", "value": "k"}]
    answer = invoice.put(f"/invoice/{document['invoice_id']}/customfields", body)

    assert answer["message"] == "Custom Fields Updated Successfully"
    assert invoice.invoice(document["invoice_id"])["custom_fields"][0]["value"] == "k"


def test_preferences_show_the_fields_people_see(invoice: Invoice) -> None:
    invoice.post("/settings/customfields", SYNC_KEY)
    add_field(invoice, "Region")

    shown = invoice.get("/settings/preferences")["customfields"]

    assert shown["invoice"] == []
    assert shown["contact"] == [{"index": 1, "label": "Region", "show_in_all_pdf": False}]


# writing by a unique custom field


def by_key(value: str, upsert: bool = True) -> dict[str, str]:
    headers = {"X_Unique_Identifier_Key": "cf_crm_sync_key", "X_Unique_Identifier_Value": value}
    return headers | ({"X_Upsert": "true"} if upsert else {})


BODIES: dict[str, Any] = {
    "contact": {"contact_name": "Acme", "notes": "{n}"},
    "item": {"name": "Desk", "rate": 5, "description": "{n}"},
    "invoice": {"customer_id": "", "line_items": [{"name": "x", "rate": 5}], "notes": "{n}"},
    "estimate": {"customer_id": "", "line_items": [{"name": "x", "rate": 5}], "notes": "{n}"},
}


@pytest.mark.requirement("G4", "G9")
@pytest.mark.parametrize("entity", BODIES)
def test_an_upsert_creates_once_and_updates_from_then_on(invoice: Invoice, entity: str) -> None:
    customer = invoice.add_contact("Customer")["contact_id"]
    invoice.post("/settings/customfields", {**SYNC_KEY, "module": entity})
    body = {**BODIES[entity], **({"customer_id": customer} if "customer_id" in BODIES[entity] else {})}

    first = invoice.call("PUT", f"/{entity}s", body, **by_key("deal-1"))
    second = invoice.call("PUT", f"/{entity}s", body, **by_key("deal-1"))
    other = invoice.call("PUT", f"/{entity}s", {**body, "contact_name": "Other", "name": "Other"}, **by_key("deal-2"))

    assert (first[0], second[0], other[0]) == (201, 200, 201), second
    ids = [answer[1][entity][f"{entity}_id"] for answer in (first, second, other)]
    assert ids[0] == ids[1] != ids[2]
    assert first[1][entity]["custom_fields"][0]["value"] == "deal-1"
    assert second[1][entity]["custom_fields"][0]["value"] == "deal-1"


def test_without_x_upsert_only_an_existing_record_is_written(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    invoice.post("/settings/customfields", SYNC_KEY)
    body = {"customer_id": customer, "line_items": [{"name": "x", "rate": 5}]}

    assert invoice.refused("PUT", "/invoices", body, **by_key("k", upsert=False))[:2] == (404, 1002)
    assert invoice.get("/invoices")["invoices"] == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X_Unique_Identifier_Key": "cf_unknown", "X_Unique_Identifier_Value": "k", "X_Upsert": "true"},
        {"X_Unique_Identifier_Key": "cf_crm_sync_key", "X_Upsert": "true"},
        {"X_Unique_Identifier_Key": "cf_plain", "X_Unique_Identifier_Value": "k", "X_Upsert": "true"},
        by_key("v" * 600),
    ],
    ids=["no headers", "unknown field", "no value", "not unique", "too long"],
)
def test_headers_that_name_no_unique_field_are_refused(invoice: Invoice, headers: dict[str, str]) -> None:
    invoice.post("/settings/customfields", SYNC_KEY)
    invoice.post("/settings/customfields", {"module": "invoice", "label": "Plain", "api_name": "cf_plain"})

    assert invoice.refused("PUT", "/invoices", {}, **headers)[:2] == (400, 2)


def test_the_header_wins_over_another_value_in_a_creating_body(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    invoice.post("/settings/customfields", SYNC_KEY)
    body = {
        "customer_id": customer,
        "line_items": [{"name": "x", "rate": 5}],
        "custom_fields": [{"api_name": "cf_crm_sync_key", "value": "other"}],
    }

    _, answer = invoice.call("PUT", "/invoices", body, **by_key("k1"))

    assert [one["value"] for one in answer["invoice"]["custom_fields"]] == ["k1"]


@pytest.mark.requirement("G7")
def test_upserts_of_one_key_at_once_make_one_document(invoice: Invoice) -> None:
    customer = invoice.add_contact()["contact_id"]
    invoice.post("/settings/customfields", SYNC_KEY)
    body = {"customer_id": customer, "line_items": [{"name": "x", "rate": 5}]}
    outcomes: list[tuple[int, str]] = []

    def write() -> None:
        for round_number in range(5):
            status, answer = invoice.call("PUT", "/invoices", body, **by_key(f"deal-{round_number}"))
            outcomes.append((status, answer["invoice"]["invoice_id"]))

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(outcomes) == 40
    assert sorted(status for status, _ in outcomes) == [200] * 35 + [201] * 5
    assert len({invoice_id for _, invoice_id in outcomes}) == 5
    assert len(invoice.get("/invoices")["invoices"]) == 5
