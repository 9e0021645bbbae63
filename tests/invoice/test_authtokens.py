"""Tokens of the kind there was before OAuth."""

import pytest

from tests.invoice.conftest import ADMIN

PATH = "/apiauthtoken/nb/create"


def ask(invoice, **given):
    wanted = {"SCOPE": "ZohoInvoice/invoiceapi", "EMAIL_ID": ADMIN, "PASSWORD": "x", "world": invoice.world, **given}
    answer = invoice.raw("GET", PATH, query_string=wanted)
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    return dict(line.split("=") for line in answer.text.splitlines() if "=" in line)


def test_an_authtoken_is_good_in_the_query_and_in_the_form_and_has_no_end(invoice):
    told = ask(invoice)
    token = told["AUTHTOKEN"]

    invoice.pass_days(400)

    assert (len(token), told["RESULT"]) == (32, "TRUE")
    assert invoice.raw("GET", "/api/v3/contacts", query_string={"authtoken": token}).status_code == 200
    form = {"authtoken": token, "JSONString": '{"contact_name":"Acme"}'}
    assert invoice.raw("POST", "/api/v3/contacts", data=form).status_code == 201


@pytest.mark.parametrize(
    ("given", "cause"),
    [
        ({"EMAIL_ID": "nobody@zylker.example"}, "NO_SUCH_USER"),
        ({"SCOPE": "ZohoCRM/crmapi"}, "INVALID_SCOPE"),
        ({"world": "nowhere1"}, "NO_SUCH_USER"),
        ({"world": ""}, "NO_SUCH_USER"),
    ],
    ids=["nobody", "another product", "no such world", "one of several worlds"],
)
def test_who_is_not_known_gets_none(invoice, demo, given, cause):
    assert ask(invoice, **given) == {"CAUSE": cause, "RESULT": "FALSE"}
