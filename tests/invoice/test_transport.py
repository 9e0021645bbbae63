"""How a request comes in and an answer goes out (invoice-api.md §1, §2.1)."""

from typing import Any
from urllib.parse import quote

import pytest

from tests.invoice.conftest import Invoice

PREFIXES = ("/api/v3", "/invoice/v3", "/books/v3")


def header(invoice: Invoice) -> dict[str, str]:
    return {"Authorization": f"Zoho-oauthtoken {invoice.token}"}


@pytest.mark.requirement("X1")
@pytest.mark.parametrize("slash", ["", "/"], ids=["plain", "trailing slash"])
@pytest.mark.parametrize("prefix", PREFIXES)
def test_each_prefix_reaches_the_same_contact_without_a_redirect(invoice: Invoice, prefix: str, slash: str) -> None:
    contact_id = invoice.add_contact()["contact_id"]

    one = invoice.raw("GET", f"{prefix}/contacts/{contact_id}{slash}", headers=header(invoice))
    many = invoice.raw("GET", f"{prefix}/contacts{slash}?organization_id=10234695&", headers=header(invoice))

    assert (one.status_code, many.status_code) == (200, 200)
    assert one.get_json()["contact"]["contact_id"] == contact_id
    assert many.get_json()["contacts"][0]["contact_id"] == contact_id


JSON_TEXT = '{"contact_name": "Acme"}'
BODY_FORMS: dict[str, dict[str, Any]] = {
    "JSON": {"data": JSON_TEXT, "content_type": "application/json"},
    "JSON without a content type": {"data": JSON_TEXT},
    "JSON with a form's content type": {"data": JSON_TEXT, "content_type": "application/x-www-form-urlencoded"},
    "form": {"data": {"JSONString": JSON_TEXT}},
    "multipart": {"data": {"JSONString": JSON_TEXT}, "content_type": "multipart/form-data"},
    "query": {"query_string": {"JSONString": JSON_TEXT}},
}


@pytest.mark.requirement("X1")
@pytest.mark.parametrize("how", BODY_FORMS.values(), ids=BODY_FORMS.keys())
def test_a_body_is_read_in_every_form_clients_send(invoice: Invoice, how: dict[str, Any]) -> None:
    answer = invoice.raw("POST", "/api/v3/contacts", headers=header(invoice), **how)

    assert answer.status_code == 201, answer.data
    assert answer.get_json()["contact"]["contact_name"] == "Acme"


EMPTY_FORMS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "JSONString of nothing": {"data": "JSONString=", "content_type": "application/x-www-form-urlencoded"},
    "JSONString of two quotes": {"data": 'JSONString=""', "content_type": "application/x-www-form-urlencoded"},
    "null": {"data": "null"},
    "a form with an empty body": {"data": "", "content_type": "application/x-www-form-urlencoded"},
    "multipart without JSONString": {"data": {"x": "y"}, "content_type": "multipart/form-data"},
}


@pytest.mark.parametrize("how", EMPTY_FORMS.values(), ids=EMPTY_FORMS.keys())
def test_empty_bodies_mean_no_body(invoice: Invoice, how: dict[str, Any]) -> None:
    document = invoice.add_invoice(invoice.add_contact()["contact_id"])

    path = f"/api/v3/invoices/{document['invoice_id']}/status/sent/"
    answer = invoice.raw("POST", path, headers=header(invoice), **how)

    assert answer.get_json() == {"code": 0, "message": "Invoice status has been changed to Sent."}


AUTHENTICATIONS = {
    "Zoho-oauthtoken": lambda token: {"headers": {"Authorization": f"Zoho-oauthtoken {token}"}},
    "Bearer": lambda token: {"headers": {"Authorization": f"Bearer {token}"}},
    "authtoken in the query": lambda token: {"query_string": {"authtoken": token}},
    "both": lambda token: {
        "headers": {"Authorization": f"Zoho-oauthtoken {token}"},
        "query_string": {"authtoken": token, "organization_id": "10234695"},
    },
}


@pytest.mark.requirement("X1")
@pytest.mark.parametrize("how", AUTHENTICATIONS.values(), ids=AUTHENTICATIONS.keys())
def test_a_token_is_taken_in_every_form(invoice: Invoice, how: Any) -> None:
    answer = invoice.raw("GET", "/invoice/v3/contacts", **how(invoice.token))

    assert answer.status_code == 200


def test_authtoken_in_the_form_is_taken_beside_the_body(invoice: Invoice) -> None:
    form = {"authtoken": invoice.token, "JSONString": JSON_TEXT}

    answer = invoice.raw("POST", "/api/v3/contacts", data=form)

    assert answer.status_code == 201


@pytest.mark.parametrize(
    "how",
    [
        {"query_string": {"organization_id": "10234695"}},
        {"headers": {"X-com-zoho-invoice-organizationid": "10234695"}},
        {},
    ],
    ids=["query", "header", "the user's own"],
)
def test_the_organization_is_named_in_the_query_or_the_header_or_not_at_all(invoice: Invoice, how: Any) -> None:
    headers = header(invoice) | how.get("headers", {})

    answer = invoice.raw("GET", "/invoice/v3/users/me", headers=headers, query_string=how.get("query_string"))

    assert answer.status_code == 200


@pytest.mark.parametrize("organization_id", ["99999999", "x", "1" * 40])
def test_another_organization_is_refused_with_6041(invoice: Invoice, organization_id: str) -> None:
    refusal = invoice.refused("GET", f"/contacts?organization_id={organization_id}")

    assert refusal == (
        400,
        6041,
        f"This user is not associated with the CompanyID/CompanyName:{organization_id}.",
    )


def test_a_creation_is_answered_with_201_and_a_location_of_the_older_form(invoice: Invoice) -> None:
    answer = invoice.raw("POST", "/books/v3/contacts", headers=header(invoice), data=JSON_TEXT)

    contact_id = answer.get_json()["contact"]["contact_id"]
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v3/contacts/{contact_id}"
    assert answer.headers["Content-Type"] == "application/json;charset=UTF-8"


def test_each_answer_shows_what_is_left_of_the_days_calls(invoice: Invoice) -> None:
    first = invoice.raw("GET", "/invoice/v3/contacts", headers=header(invoice)).headers
    second = invoice.raw("GET", "/invoice/v3/contacts", headers=header(invoice)).headers

    assert int(first["x-rate-limit-limit"]) >= 100_000
    assert int(second["x-rate-limit-remaining"]) == int(first["x-rate-limit-remaining"]) - 1
    assert 0 < int(second["x-rate-limit-reset"]) <= 86_400


def test_ids_are_strings_amounts_numbers_and_unset_values_empty(invoice: Invoice) -> None:
    contact_id = invoice.add_contact()["contact_id"]

    document = invoice.add_invoice(contact_id, rate="199.99")

    answer = invoice.raw("GET", f"/invoice/v3/invoices/{document['invoice_id']}", headers=header(invoice))
    assert b'"total":199.99' in answer.data
    assert b'"exchange_rate":1,' in answer.data
    assert b"null" not in answer.data
    assert len(document["invoice_id"]) == 18
    assert document["last_payment_date"] == ""


@pytest.mark.parametrize("kind", ["contacts", "items", "invoices", "estimates", "customerpayments"])
def test_no_answer_of_a_list_or_a_detail_holds_a_null(demo: Invoice, kind: str) -> None:
    answer = demo.raw("GET", f"/invoice/v3/{kind}", headers=header(demo))

    assert b"null" not in answer.data
    row = answer.get_json()[kind][0]
    record_id = row[{"customerpayments": "payment_id"}.get(kind, f"{kind[:-1]}_id")]
    assert b"null" not in demo.raw("GET", f"/invoice/v3/{kind}/{record_id}", headers=header(demo)).data


def test_times_are_written_in_the_organizations_zone(invoice: Invoice) -> None:
    invoice.control("PUT", "/clock", {"now": "2030-07-01T12:00:00+00:00"})
    invoice.control("PUT", "/clock", {"freeze": True})

    contact = invoice.as_(invoice.email).add_contact()

    assert contact["created_time"][:17] == "2030-07-01T05:00:"
    assert contact["created_time"][19:] == "-0700"
    assert contact["created_date"] == "01 Jul 2030"


def test_an_unknown_path_is_answered_with_code_5(invoice: Invoice) -> None:
    assert invoice.refused("GET", "/nothing/here") == (404, 5, "Invalid URL Passed")


def test_a_wrong_method_is_answered_with_405(invoice: Invoice) -> None:
    status, code, _ = invoice.refused("DELETE", "/organizations")

    assert (status, code) == (405, 90_405)


def test_a_query_may_carry_the_body_url_encoded(invoice: Invoice) -> None:
    answer = invoice.raw("POST", f"/api/v3/contacts?JSONString={quote(JSON_TEXT)}", headers=header(invoice))

    assert answer.status_code == 201


@pytest.mark.parametrize(
    "how",
    [{"query_string": {"accept": "pdf"}}, {"headers": {"Accept": "application/pdf"}}],
    ids=["query", "header"],
)
def test_a_format_that_is_not_there_is_refused_with_406(invoice: Invoice, how: Any) -> None:
    headers = header(invoice) | how.get("headers", {})

    answer = invoice.raw("GET", "/invoice/v3/invoices", headers=headers, query_string=how.get("query_string"))

    assert (answer.status_code, answer.get_json()["code"]) == (406, 90_406)


@pytest.mark.parametrize("accepted", ["*/*", "application/json", "text/html,application/xhtml+xml,*/*;q=0.8"])
def test_whatever_else_is_accepted_gets_json(invoice: Invoice, accepted: str) -> None:
    answer = invoice.raw("GET", "/invoice/v3/invoices", headers=header(invoice) | {"Accept": accepted})

    assert answer.get_json()["code"] == 0


@pytest.mark.parametrize(
    ("path", "methods"),
    [("/contacts", "OPTIONS, POST, GET, PUT"), ("/contacts/1", "OPTIONS, DELETE, GET, PUT")],
)
def test_each_answer_says_which_methods_its_address_knows(invoice: Invoice, path: str, methods: str) -> None:
    answer = invoice.raw("GET", f"/books/v3{path}", headers=header(invoice))

    assert answer.headers["Allow"] == methods


REFUSALS = [
    ({"headers": {}}, 401, 14),
    ({"headers": {"Authorization": "Zoho-oauthtoken 1000.dead"}}, 401, 57),
]


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize(("how", "status", "code"), REFUSALS)
def test_who_is_not_known_is_refused_in_json_everywhere(
    invoice: Invoice, prefix: str, how: Any, status: int, code: int
) -> None:
    answer = invoice.raw("GET", f"{prefix}/contacts/", **how)

    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


WRONG_BODIES = {"half a JSON": ("{", 1038), "a list": ("[1]", 2), "a text": ('"x"', 2), "a number": ("3", 2)}


@pytest.mark.parametrize(("text", "code"), WRONG_BODIES.values(), ids=WRONG_BODIES.keys())
@pytest.mark.parametrize("as_form", [True, False])
def test_a_body_that_is_no_object_is_refused_in_each_form(
    invoice: Invoice, text: str, code: int, as_form: bool
) -> None:
    data = {"JSONString": text} if as_form else text

    answer = invoice.raw("POST", "/invoice/v3/contacts", headers=header(invoice), data=data)

    assert (answer.status_code, answer.get_json()["code"]) == (400, code)
