"""Who one is: the list of people, the cookie, tokens and their renewal."""

import pytest
from itsdangerous import base64_decode
from web_fakes import ADMIN, BOOKS, SALES, WORLD
from web_site import make_web

from tests.support.visitor import Visitor


def test_the_sign_in_page_lists_the_people_of_both_products_with_what_they_are_there(visitor):
    page = visitor.get("/sign-in").text

    assert page.count(f'value="{ADMIN}"') == 1
    assert "CRM: Administrator" in page
    assert "Invoice: Admin" in page
    assert page.index("Ada Administrator") < page.index("Ben Books")


def test_nobody_gets_in_without_signing_in(visitor):
    answer = visitor.get("/crm/accounts?q=acme")

    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=/crm/accounts?q%3Dacme"


def test_signing_in_leads_to_the_page_one_wanted(visitor):
    answer = visitor.post("/sign-in", world=WORLD, email=ADMIN, next="/crm/potentials")

    assert answer.location == "/crm/potentials"


def test_one_is_let_in_to_the_integration_where_it_is_the_simulators_and_else_to_the_crm(ada, tmp_path, services):
    web_without = make_web(services, tmp_path, without=("connector",))
    elsewhere = Visitor(web_without.test_client(), WORLD, ADMIN).sign_in()

    assert ada.get("/").location == "/integration"
    assert elsewhere.get("/").location == "/crm"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"])
def test_signing_in_never_leads_to_another_site(visitor, elsewhere):
    answer = visitor.post("/sign-in", world=WORLD, email=ADMIN, next=elsewhere)

    assert answer.location == "/"


def test_the_cookie_holds_no_token(ada):
    cookie = ada.client.get_cookie("sim_web").value
    payload = base64_decode(cookie.lstrip(".").split(".")[0])

    assert b"crm-" not in payload
    assert b"invoice-" not in payload


def test_a_refused_token_is_renewed_once_and_the_page_comes(ada, services):
    ada.get("/crm/accounts")
    services.crm.dead_tokens.add(f"crm-{ADMIN}-{services.crm.issued}")

    answer = ada.get("/crm/accounts")

    assert answer.status_code == 200
    assert services.crm.issued == 2


def test_who_is_refused_again_with_a_fresh_token_is_told_so(ada, services):
    services.crm.dead_tokens.update(f"crm-{ADMIN}-{number}" for number in range(10))

    answer = ada.get("/crm/accounts")

    assert answer.status_code == 403
    assert "Become someone else" in answer.text


def test_who_is_no_user_of_a_product_does_not_get_into_its_workspace(visitor):
    visitor.sign_in(SALES)

    answer = visitor.get("/invoice/invoices")

    assert answer.status_code == 403
    assert "Sam Sales is not a user of Zoho Invoice" in answer.text


def test_who_is_no_user_of_the_crm_does_not_get_into_its_workspace(visitor):
    visitor.sign_in(BOOKS)

    assert visitor.get("/crm/accounts").status_code == 403
    assert visitor.get("/integration").status_code == 200


def test_the_person_menu_says_what_one_may_not_do(visitor):
    page = visitor.sign_in(SALES).get("/crm/accounts").text

    assert "Open the Setup of Zoho CRM: for administrators" in page
    assert "Enter Zoho Invoice and the integration: no user there" in page


def test_signing_out_forgets_the_person_and_the_tokens(ada, services):
    ada.get("/crm/accounts")

    ada.post("/sign-out")

    assert ada.get("/crm/accounts").status_code == 303


def test_a_shared_simulator_asks_for_a_password(services, tmp_path):
    app = make_web(services, tmp_path, assets="local", shared=True, admin_token="an admin token")
    with app.test_client() as client:
        visitor = Visitor(client, WORLD, ADMIN)

        page = visitor.get("/sign-in").text
        wrong = visitor.post("/sign-in", world=WORLD, email=ADMIN, password="guess")
        right = visitor.post("/sign-in", world=WORLD, email=ADMIN, password="right")

    assert "Ada Administrator" not in page
    assert wrong.status_code == 422
    assert "do not fit" in wrong.text
    assert right.status_code == 303
