"""The screens of a test's own world, opened as another project's browser tests do it."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.requirement("X7")]


def test_the_screens_of_the_tests_own_world_open_signed_in(zoho, zoho_screens):
    zoho.crm.create_records("Accounts", [{"Account_Name": "Only Here"}])

    page = zoho_screens("/crm/accounts")

    expect(page.get_by_role("link", name="Only Here")).to_be_visible()


def test_somebody_else_is_signed_in_where_he_is_named(zoho, zoho_screens):
    other = next(one for one in zoho.people if one["role"] and not one["is_admin"])

    page = zoho_screens("/invoice", email=other["email"])

    expect(page.get_by_role("banner")).to_contain_text(other["name"])
