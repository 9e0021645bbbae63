"""Exchange rates by date: each holds from its day until the next one's (invoice-api.md §8.2).

A currency's own rate is the one that holds before the first dated one.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import ForeignKey, UniqueConstraint, exists, select
from sqlalchemy.orm import Mapped, mapped_column

from mock_invoice.access import current_organization, needs
from mock_invoice.database import Base, Key, db
from mock_invoice.envelope import created, success
from mock_invoice.errors import InvalidValue, MissingValue, NameTaken, NotFound
from mock_invoice.fields import BodySchema, Day, OptionalAmount
from mock_invoice.find import find
from mock_invoice.lists import paging
from mock_invoice.openapi.parameters import CURRENT_ONLY, FROM_DATE, PAGED
from mock_invoice.openapi.words import DONE, page, sent, told
from mock_invoice.parsing import day_of, json_body
from mock_invoice.settings.currency_model import Currency
from simulator import clock, ids
from simulator.money import Money
from simulator.openapi import documented

bp = Blueprint("exchange_rates", __name__)

THING = "Exchange rate"
LEAST_RATE, MOST_RATE = Decimal("0.000001"), 1_000_000


class ExchangeRate(Base):
    """What one unit of a currency is worth in the base currency, from a day on."""

    __table_args__ = (UniqueConstraint("currency_id", "effective_date", name="uq_exchange_rate_day"),)

    organization_id: Mapped[int] = mapped_column(Key, ForeignKey("organization.id"))
    currency_id: Mapped[int] = mapped_column(Key, ForeignKey("currency.id", ondelete="CASCADE"))
    effective_date: Mapped[date]
    rate: Mapped[Decimal] = mapped_column(Money)


class RateSchema(BodySchema):
    effective_date = Day()
    rate = OptionalAmount(least=LEAST_RATE, most=MOST_RATE)


RATE = RateSchema()


def exchange_rate_on(currency: Currency, day: date | None = None) -> Decimal:
    """The rate that holds on a day, today unless given."""
    found = dated_rate(currency, day)
    return currency.exchange_rate if found is None else found.rate


def dated_rate(currency: Currency, day: date | None = None) -> ExchangeRate | None:
    day = day or clock.today(current_organization().time_zone)
    statement = select(ExchangeRate).where(ExchangeRate.currency_id == currency.id, ExchangeRate.effective_date <= day)
    return db.session.scalars(statement.order_by(ExchangeRate.effective_date.desc()).limit(1)).first()


def current_rates() -> dict[int, ExchangeRate]:
    """The dated rates of the organization that hold today, by currency."""
    organization = current_organization()
    statement = select(ExchangeRate).where(
        ExchangeRate.organization_id == organization.id,
        ExchangeRate.effective_date <= clock.today(organization.time_zone),
    )
    return {one.currency_id: one for one in db.session.scalars(statement.order_by(ExchangeRate.effective_date))}


def set_rate(currency: Currency, rate: Decimal, day: date | None) -> None:
    """Takes a rate that came with the currency: from its day on, or, while none has a day, for all days."""
    if day is None and dated_rate(currency) is None:
        currency.exchange_rate = rate
        return
    day = day or clock.today(current_organization().time_zone)
    present = dated_rate(currency, day)
    if present is not None and present.effective_date == day:
        present.rate = rate
    else:
        _new(currency, day, rate)


def _new(currency: Currency, day: date, rate: Decimal) -> ExchangeRate:
    made = ExchangeRate(
        id=ids.new_id(),
        organization_id=currency.organization_id,
        currency_id=currency.id,
        effective_date=day,
        rate=rate,
    )
    db.session.add(made)
    db.session.flush()
    return made


def rate_row(one: ExchangeRate, currency: Currency) -> dict[str, Any]:
    return {
        "exchange_rate_id": str(one.id),
        "currency_id": str(currency.id),
        "currency_code": currency.currency_code,
        "effective_date": one.effective_date.isoformat(),
        "rate": one.rate,
    }


def _foreign(currency_id: str) -> Currency:
    currency = find(Currency, currency_id, "Currency")
    if currency.id == current_organization().currency_id:
        raise InvalidValue("currency_id")
    return currency


def _find(currency: Currency, rate_id: str) -> ExchangeRate:
    one = find(ExchangeRate, rate_id, THING)
    if one.currency_id != currency.id:
        raise NotFound(THING)
    return one


def _refuse_taken_day(currency: Currency, day: date, own_id: int | None = None) -> None:
    taken = exists().where(
        ExchangeRate.currency_id == currency.id, ExchangeRate.effective_date == day, ExchangeRate.id != (own_id or 0)
    )
    with db.session.no_autoflush:
        if db.session.scalar(select(taken)):
            raise NameTaken("exchange rate", day.isoformat())


@bp.get("/settings/currencies/<currency_id>/exchangerates")
@documented(*PAGED, FROM_DATE, CURRENT_ONLY, _200=page("exchange_rates", "ExchangeRate"))
@needs("settings.READ")
def list_rates(currency_id: str) -> Response:
    """The newest first; `from_date` leaves out older ones, `is_current_date=true` all but the one that holds today."""
    currency = find(Currency, currency_id, "Currency")
    page, per_page = paging()
    statement = select(ExchangeRate).where(ExchangeRate.currency_id == currency.id)
    if text := request.args.get("from_date"):
        statement = statement.where(ExchangeRate.effective_date >= day_of(text, "from_date"))
    if request.args.get("is_current_date") == "true":
        holding = dated_rate(currency)
        statement = statement.where(ExchangeRate.id == (holding.id if holding else 0))
    statement = statement.order_by(ExchangeRate.effective_date.desc())
    rows = db.session.scalars(statement.limit(per_page + 1).offset((page - 1) * per_page)).all()
    context = {
        "page": page,
        "per_page": per_page,
        "has_more_page": len(rows) > per_page,
        "sort_column": "effective_date",
        "sort_order": "D",
    }
    return success(exchange_rates=[rate_row(one, currency) for one in rows[:per_page]], page_context=context)


@bp.get("/settings/currencies/<currency_id>/exchangerates/<rate_id>")
@documented(_200=told(exchange_rate="ExchangeRate"))
@needs("settings.READ")
def get_rate(currency_id: str, rate_id: str) -> Response:
    currency = find(Currency, currency_id, "Currency")
    return success(exchange_rate=rate_row(_find(currency, rate_id), currency))


@bp.post("/settings/currencies/<currency_id>/exchangerates")
@documented(body=sent(RATE, "effective_date", "rate"), _201=told(exchange_rate="ExchangeRate"))
@needs("settings.CREATE", admin=True)
def add_rate(currency_id: str) -> Response:
    currency = _foreign(currency_id)
    body = RATE.load(json_body())
    for key in ("effective_date", "rate"):
        if body.get(key) is None:
            raise MissingValue(key)
    _refuse_taken_day(currency, body["effective_date"])
    one = _new(currency, body["effective_date"], body["rate"])
    path = f"settings/currencies/{currency.id}/exchangerates"
    return created("The exchange rate has been added.", path, one.id, exchange_rate=rate_row(one, currency))


@bp.put("/settings/currencies/<currency_id>/exchangerates/<rate_id>")
@documented(body=sent(RATE), _200=told(exchange_rate="ExchangeRate"))
@needs("settings.UPDATE", admin=True)
def save_rate(currency_id: str, rate_id: str) -> Response:
    """Documents keep the rate they were written with."""
    currency = _foreign(currency_id)
    one = _find(currency, rate_id)
    body = RATE.load(json_body())
    if day := body.get("effective_date"):
        _refuse_taken_day(currency, day, one.id)
        one.effective_date = day
    one.rate = body.get("rate") or one.rate
    db.session.flush()
    return success("The exchange rate has been updated.", exchange_rate=rate_row(one, currency))


@bp.delete("/settings/currencies/<currency_id>/exchangerates/<rate_id>")
@documented(_200=DONE)
@needs("settings.DELETE", admin=True)
def remove_rate(currency_id: str, rate_id: str) -> Response:
    db.session.delete(_find(_foreign(currency_id), rate_id))
    return success("Exchange rate successfully deleted")
