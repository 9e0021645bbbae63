"""Records in several currencies: which they may be in, their rate and their symbol (crm-api.md §5.11)."""

from typing import Any

import pytest
from flask import g
from sqlalchemy import update

from mock_crm import state
from mock_crm.database import db, insert_rows
from mock_crm.metadata import multi_currency
from mock_crm.organization.model import Currency
from simulator import ids
from tests.crm.api import Crm


@pytest.fixture
def several(crm: Crm) -> Crm:
    """A company that sells in dollars and euros, and once did in pounds."""
    with crm.app.extensions["worlds"].transaction(crm.world):
        rows: list[dict[str, Any]] = [
            {"iso_code": "EUR", "name": "Euro", "symbol": "€", "exchange_rate": "0.9", "is_active": True},
            {"iso_code": "GBP", "name": "Pound", "symbol": "£", "exchange_rate": "0.8", "is_active": False},
        ]
        insert_rows(Currency, [{**row, "id": ids.new_id(), "is_base": False, "created_time": 0} for row in rows])
        state.changed()
        g.user = state.people().administrator()
        multi_currency.add_everywhere()
    return crm


def account(crm: Crm, **values: Any) -> dict[str, Any]:
    return crm.record("Accounts", crm.add("Accounts", Account_Name="Acme", **values))


def test_a_record_is_in_the_home_currency_at_first(several: Crm):
    shown = account(several)

    assert (shown["Currency"], str(shown["Exchange_Rate"]), shown["$currency_symbol"]) == ("USD", "1", "$")


def test_a_record_in_another_currency_has_its_rate_and_symbol(several: Crm):
    shown = account(several, Currency="EUR")

    assert (shown["Currency"], str(shown["Exchange_Rate"]), shown["$currency_symbol"]) == ("EUR", "0.9", "€")
    (listed,) = several.get("/Accounts?fields=Account_Name,$currency_symbol").body["data"]
    assert listed["$currency_symbol"] == "€"


def test_a_rate_that_is_given_stays_whatever_the_currency_does(several: Crm):
    shown = account(several, Currency="EUR", Exchange_Rate=0.95)
    with several.app.extensions["worlds"].transaction(several.world):
        db.session.execute(update(Currency.__table__).where(Currency.iso_code == "EUR").values(exchange_rate="0.5"))
        state.changed()

    several.put(f"/Accounts/{shown['id']}", {"data": [{"Phone": "1"}]})

    assert str(several.record("Accounts", shown["id"])["Exchange_Rate"]) == "0.95"


@pytest.mark.parametrize("code", ["GBP", "XYZ"])
def test_only_active_currencies_are_taken(several: Crm, code: str):
    answer = several.create("Accounts", {"Account_Name": "Acme", "Currency": code})

    assert (answer.status, answer.code, answer.details["api_name"]) == (400, "INVALID_DATA", "Currency")


def test_without_several_currencies_there_is_no_such_field(crm: Crm):
    shown = account(crm, Currency="EUR")

    assert "Currency" not in shown
    assert shown["$currency_symbol"] == "$"
