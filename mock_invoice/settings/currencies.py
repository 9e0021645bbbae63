"""The doors of currencies (invoice-api.md §8.2)."""

from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import exists, select

from mock_invoice import standing
from mock_invoice.access import current_organization, needs
from mock_invoice.contacts.model import Contact
from mock_invoice.database import db
from mock_invoice.envelope import created, day_text, success
from mock_invoice.errors import InUse, InvalidValue, MissingValue, NameTaken
from mock_invoice.fields import BodySchema, Day, OptionalAmount, Text, Whole
from mock_invoice.find import find
from mock_invoice.lists import paging
from mock_invoice.openapi.parameters import FOREIGN_ONLY, PAGED
from mock_invoice.openapi.words import DONE, page, sent, told
from mock_invoice.parsing import json_body
from mock_invoice.settings.currency_model import Currency
from mock_invoice.settings.exchange_rates import ExchangeRate, current_rates, dated_rate, set_rate
from simulator import ids
from simulator.openapi import documented

bp = Blueprint("currencies", __name__)

#: Name, symbol and decimals of common currencies.
STANDARD = {
    "USD": ("United States Dollar", "$", 2),
    "EUR": ("Euro", "€", 2),
    "GBP": ("British Pound Sterling", "£", 2),
    "INR": ("Indian Rupee", "₹", 2),
    "CAD": ("Canadian Dollar", "CA$", 2),
    "AUD": ("Australian Dollar", "AU$", 2),
    "JPY": ("Japanese Yen", "¥", 0),
    "CHF": ("Swiss Franc", "CHF", 2),
    "KWD": ("Kuwaiti Dinar", "KWD", 3),
}


class CurrencySchema(BodySchema):
    currency_code = Text(3)
    currency_name = Text(60)
    currency_symbol = Text(10)
    price_precision = Whole(most=6)
    currency_format = Text(20)
    exchange_rate = OptionalAmount(least=Decimal("0.000001"), most=1_000_000)
    effective_date = Day()


CURRENCY = CurrencySchema()


def add_standard_currency(organization_id: int, code: str, exchange_rate: Decimal = Decimal(1)) -> Currency:
    """A currency with the facts everybody knows about it."""
    name, symbol, precision = STANDARD.get(code, (code, code, 2))
    currency = Currency(
        id=ids.new_id(),
        organization_id=organization_id,
        currency_code=code,
        currency_name=name,
        currency_symbol=symbol,
        price_precision=precision,
        exchange_rate=exchange_rate,
    )
    db.session.add(currency)
    return currency


def create_currency(body: dict[str, Any]) -> Currency:
    """A further currency; symbol and decimals are known for common codes."""
    code = body.get("currency_code", "")
    if len(code) != 3 or not (code.isascii() and code.isalpha() and code.isupper()):
        raise InvalidValue("currency_code") if code else MissingValue("currency_code")
    organization_id = current_organization().id
    taken = exists().where(Currency.organization_id == organization_id, Currency.currency_code == code)
    if db.session.scalar(select(taken)):
        raise NameTaken("currency", code)
    currency = add_standard_currency(organization_id, code)
    _apply(currency, body)
    # Also for the days before the one that came with it.
    currency.exchange_rate = body.get("exchange_rate") or currency.exchange_rate
    db.session.flush()
    return currency


def _apply(currency: Currency, body: dict[str, Any]) -> None:
    for key in ("currency_name", "currency_symbol", "currency_format"):
        if body.get(key):
            setattr(currency, key, body[key])
    if "price_precision" in body:
        currency.price_precision = body["price_precision"]
    if body.get("exchange_rate") and currency.id != current_organization().currency_id:
        db.session.flush()
        set_rate(currency, body["exchange_rate"], body.get("effective_date"))


def currency_row(currency: Currency) -> dict[str, Any]:
    return _row(currency, dated_rate(currency))


def _row(currency: Currency, dated: ExchangeRate | None) -> dict[str, Any]:
    """With the rate that holds today, and the day since when."""
    return {
        "currency_id": str(currency.id),
        "currency_code": currency.currency_code,
        "currency_name": currency.currency_name,
        "currency_name_formatted": currency.formatted_name,
        "currency_symbol": currency.currency_symbol,
        "price_precision": currency.price_precision,
        "currency_format": currency.currency_format,
        "is_base_currency": currency.id == current_organization().currency_id,
        "exchange_rate": dated.rate if dated else currency.exchange_rate,
        "effective_date": day_text(dated.effective_date if dated else None),
    }


@bp.get("/settings/currencies")
@documented(*PAGED, FOREIGN_ONLY, _200=page("currencies", "Currency"))
@needs("settings.READ")
def list_currencies() -> Response:
    organization = current_organization()
    statement = select(Currency).where(Currency.organization_id == organization.id).order_by(Currency.currency_code)
    wanted = request.args.get("filter_by")
    if wanted == "Currencies.ExcludeBaseCurrency":
        statement = statement.where(Currency.id != organization.currency_id)
    elif wanted:
        raise InvalidValue("filter_by")
    page, per_page = paging()
    rows = db.session.scalars(statement.limit(per_page + 1).offset((page - 1) * per_page)).all()
    dated = current_rates()
    context = {
        "page": page,
        "per_page": per_page,
        "has_more_page": len(rows) > per_page,
        "report_name": "Currencies",
        "sort_column": "",
        "sort_order": "",
    }
    return success(currencies=[_row(one, dated.get(one.id)) for one in rows[:per_page]], page_context=context)


@bp.get("/settings/currencies/<currency_id>")
@documented(_200=told(currency="Currency"))
@needs("settings.READ")
def get_currency(currency_id: str) -> Response:
    return success(currency=currency_row(find(Currency, currency_id, "Currency")))


@bp.post("/settings/currencies")
@documented(body=sent(CURRENCY, "currency_code"), _201=told(currency="Currency"))
@needs("settings.CREATE", admin=True)
def add_currency() -> Response:
    currency = create_currency(CURRENCY.load(json_body()))
    message = "The currency has been added."
    return created(message, "settings/currencies", currency.id, currency=currency_row(currency))


@bp.put("/settings/currencies/<currency_id>")
@documented(body=sent(CURRENCY), _200=told(currency="Currency"))
@needs("settings.UPDATE", admin=True)
def save_currency(currency_id: str) -> Response:
    """The code stays as it is: documents stand on it."""
    currency = find(Currency, currency_id, "Currency")
    body = CURRENCY.load(json_body())
    if body.get("currency_code") not in (None, "", currency.currency_code):
        raise InvalidValue("currency_code")
    if "price_precision" in body and body["price_precision"] != currency.price_precision and is_used(currency):
        raise InUse("The decimals of a currency that is used in transactions cannot be changed.")
    _apply(currency, body)
    db.session.flush()
    return success("Currency information has been saved.", currency=currency_row(currency))


@bp.delete("/settings/currencies/<currency_id>")
@documented(_200=DONE)
@needs("settings.DELETE", admin=True)
def remove_currency(currency_id: str) -> Response:
    currency = find(Currency, currency_id, "Currency")
    if currency.id == current_organization().currency_id or is_used(currency):
        raise InUse(f"{currency.currency_code} cannot be deleted, as it is in use.")
    db.session.delete(currency)
    return success("The currency has been deleted.")


def is_used(currency: Currency) -> bool:
    users = (Contact, *standing.transactions())
    return standing.any_of((one.currency_id for one in users), currency.id)
