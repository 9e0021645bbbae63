"""What a page says when a service is down or says no."""

import pytest
from web_fakes import SALES


@pytest.mark.parametrize(
    ("service", "path", "name"),
    [
        ("crm", "/crm/accounts", "Zoho CRM"),
        ("invoice", "/invoice/invoices", "Zoho Invoice"),
        ("connector", "/integration", "The integration"),
    ],
    ids=["crm", "invoice", "connector"],
)
def test_a_service_that_does_not_answer_is_named_with_what_to_do(ada, services, service, path, name):
    getattr(services, service).is_down = True

    answer = ada.get(path)

    assert answer.status_code == 503
    assert f"{name} does not answer" in answer.text
    assert "scripts/up" in answer.text


def test_a_refusal_names_the_permission_and_who_can_grant_it(visitor):
    visitor.sign_in(SALES)

    answer = visitor.post("/crm/potentials/401/stage", stage="Closed Lost")

    assert answer.status_code == 403
    assert "Edit Potentials" in answer.text
    assert "An administrator of Zoho CRM can grant it." in answer.text


@pytest.mark.parametrize(
    "path", ["/crm/accounts/999", "/invoice/invoices/999", "/integration/runs/999", "/integration/settings/contacts/x"]
)
def test_what_is_not_there_is_a_calm_page(connected, path):
    answer = connected.get(path)

    assert answer.status_code == 404
    assert "Not found" in answer.text


def test_an_id_cannot_lead_to_another_address_of_the_api(ada, services):
    answer = ada.get("/crm/accounts/..%2Fsettings")

    assert answer.status_code == 404
    assert not [path for _verb, path, _body in services.crm.calls if "settings" in path]


def test_the_zoho_apps_page_stands_while_the_integration_is_down(ada, services):
    services.connector.is_down = True

    answer = ada.get("/invoice/settings/integrations/zoho-apps")

    assert answer.status_code == 200
    assert "does not answer" in answer.text
