"""Currencies of a company that has several: enabling them, adding, changing (crm-api.md §5.11)."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import select, update

from mock_crm import access, state
from mock_crm.access import needs
from mock_crm.database import db
from mock_crm.envelope import Outcome, body, id_of, items, nothing, outcomes, success
from mock_crm.errors import (
    AlreadyEnabled,
    CrmError,
    CurrenciesNotEnabled,
    DuplicateData,
    FeatureNotEnabled,
    InvalidId,
    MandatoryNotFound,
    NotAllowed,
)
from mock_crm.metadata import multi_currency
from mock_crm.metadata.input import a_flag, an_id, an_object, located, outcome, wrong
from mock_crm.openapi.schemas import listed, sent, told
from mock_crm.organization.model import Currency, Organization
from mock_crm.organization.permissions import MANAGE_CURRENCIES
from mock_crm.records.values import shown_moment
from simulator import clock, ids, wire
from simulator.openapi import documented

bp = Blueprint("currencies", __name__)

MOST_AT_ONCE = 10
RATE_PLACES = 9
SEPARATORS = ("Comma", "Period", "Space")
_CODE = re.compile(r"[A-Z]{3}")
_PLACES = re.compile(r"[0-3]")


@bp.get("/org/currencies")
@needs("settings.currencies.READ")
@documented(_200=listed("currencies", "Currency"))
def list_currencies() -> Response:
    _require_enabled()
    rows = db.session.execute(select(Currency).order_by(Currency.id)).scalars()
    return wire.reply({"currencies": [_shown(row) for row in rows]})


@bp.get("/org/currencies/<currency_id>")
@needs("settings.currencies.READ")
@documented(_200=listed("currencies", "Currency"), _204=None)
def show_currency(currency_id: str) -> Response:
    _require_enabled()
    row = _row(id_of(currency_id))
    return wire.reply({"currencies": [_shown(row)]}) if row is not None else nothing()


@bp.post("/org/currencies/actions/enable")
@needs("settings.currencies.CREATE", permission=MANAGE_CURRENCIES)
@documented(body="BaseToEnable", _200="BaseOutcome")
def enable_currencies() -> Response:
    return _of_base(_enable)


@bp.put("/org/currencies/actions/enable")
@needs("settings.currencies.UPDATE", permission=MANAGE_CURRENCIES)
@documented(body="BaseToChange", _200="BaseOutcome")
def update_base_currency() -> Response:
    return _of_base(_change_base)


@bp.post("/org/currencies")
@needs("settings.currencies.CREATE", permission=MANAGE_CURRENCIES)
@documented(told("currencies"), body=sent("currencies", "CurrencyToMake", MOST_AT_ONCE))
def create_currencies() -> Response:
    given = items(body(), "currencies", MOST_AT_ONCE)
    results = [outcome(_create, item, f"$.currencies[{n}]") for n, item in enumerate(given)]
    return outcomes(results, "currencies")


@bp.put("/org/currencies")
@needs("settings.currencies.UPDATE", permission=MANAGE_CURRENCIES)
@documented(told("currencies"), body=sent("currencies", "CurrencyToChange", MOST_AT_ONCE))
def update_currencies() -> Response:
    given = items(body(), "currencies", MOST_AT_ONCE)
    results = [outcome(_change, item, None, f"$.currencies[{n}]") for n, item in enumerate(given)]
    return outcomes(results, "currencies")


@bp.put("/org/currencies/<currency_id>")
@needs("settings.currencies.UPDATE", permission=MANAGE_CURRENCIES)
@documented(told("currencies"), body=sent("currencies", "CurrencyToChange"))
def update_currency(currency_id: str) -> Response:
    row = _row(id_of(currency_id))
    if row is None:
        raise InvalidId({"resource_path_index": 2})
    return outcomes([outcome(_change, items(body(), "currencies", 1)[0], row, "$.currencies[0]")], "currencies")


def _require_enabled() -> None:
    if not state.people().company.is_multi_currency:
        raise CurrenciesNotEnabled


def _of_base(act: Any) -> Response:
    """The base currency goes in and its outcome out as one object, not as an array."""
    given = body()
    if given.get("base_currency") is None:
        raise MandatoryNotFound({"api_name": "base_currency", "json_path": "$.base_currency"})
    result = outcome(act, an_object(given["base_currency"], "$.base_currency"), "$.base_currency")
    if isinstance(result, CrmError):
        return wire.reply({"base_currency": result.body()}, result.status)
    return wire.reply({"base_currency": result})


def _row(number: int | None) -> Currency | None:
    found: Currency | None = db.session.get(Currency, number) if number is not None else None
    return found


def _enable(asked: dict[str, Any], path: str) -> Outcome:
    """The currency given becomes the base; amounts there are keep their numbers (from memory)."""
    if state.people().company.is_multi_currency:
        raise AlreadyEnabled
    row = db.session.execute(select(Currency).where(Currency.is_base)).scalar_one()
    row.iso_code = _code(asked, path, may_be_base=True)
    _fill_in(row, asked, path)
    row.exchange_rate = _rate(Decimal(1))
    statement = update(Organization).values(multi_currency=True, version=Organization.version + 1)
    db.session.execute(statement.execution_options(synchronize_session=False))
    db.session.flush()
    state.changed()
    multi_currency.add_everywhere()
    return success(
        {"id": str(row.id)},
        "The multi-currency feature is enabled and given currency is created as the base currency.",
    )


def _change_base(asked: dict[str, Any], path: str) -> Outcome:
    """How the base is written can be changed; another currency it cannot become (from memory)."""
    if not state.people().company.is_multi_currency:
        raise FeatureNotEnabled(message=_NOT_ENABLED)
    row = db.session.execute(select(Currency).where(Currency.is_base)).scalar_one()
    if asked.get("iso_code", row.iso_code) != row.iso_code:
        raise wrong("iso_code", path, "Currency isocode given seems to be invalid")
    _fill_in(row, {key: value for key, value in asked.items() if key != "exchange_rate"}, path)
    db.session.flush()
    state.changed()
    return success({"id": str(row.id)}, "The currency updated successfully.")


_NOT_ENABLED = "The multi-currency feature is not yet enabled. Please enable it before doing this action."


def _create(given: Any, path: str) -> Outcome:
    if not state.people().company.is_multi_currency:
        raise FeatureNotEnabled(message=_NOT_ENABLED)
    asked = an_object(given, path)
    if asked.get("exchange_rate") is None:
        raise MandatoryNotFound(located("exchange_rate", path))
    now, author = int(clock.now().timestamp()), access.user().id
    row = Currency(id=ids.new_id(), is_base=False, is_active=True, created_time=now, created_by=author)
    row.iso_code = _code(asked, path)
    row.decimal_places, row.decimal_separator, row.thousand_separator = 2, "Period", "Comma"
    _fill_in(row, asked, path)
    db.session.add(row)
    db.session.flush()
    state.changed()
    multi_currency.offer(row.iso_code, row.is_active)
    return success({"id": str(row.id)}, "The currency created successfully.")


def _change(given: Any, row: Currency | None, path: str) -> Outcome:
    if not state.people().company.is_multi_currency:
        raise FeatureNotEnabled(message=_NOT_ENABLED)
    asked = an_object(given, path)
    if row is None:
        row = _row(an_id(asked.get("id"), path))
        if row is None:
            raise wrong("id", path, "the id given seems to be invalid")
    if asked.get("iso_code", row.iso_code) != row.iso_code:
        raise wrong("iso_code", path, "Currency isocode given seems to be invalid")
    if row.is_base and asked.get("is_active") is False:
        raise NotAllowed(located("is_active", path), "The base currency cannot be deactivated")
    if row.is_base:
        asked = {key: value for key, value in asked.items() if key != "exchange_rate"}
    _fill_in(row, asked, path)
    db.session.flush()
    state.changed()
    multi_currency.offer(row.iso_code, row.is_active)
    return success({"id": str(row.id)}, "The currency updated successfully.")


def _code(asked: dict[str, Any], path: str, may_be_base: bool = False) -> str:
    """The ISO code of a currency that the company does not have yet; when enabling, the home currency's is fine."""
    code = asked.get("iso_code")
    words = "Currency isocode given seems to be invalid"
    if code is None:
        raise MandatoryNotFound(located("iso_code", path))
    if not isinstance(code, str):
        raise wrong("iso_code", path, words, expected_data_type="string")
    if not _CODE.fullmatch(code):
        raise wrong("iso_code", path, words)
    known = state.people().company.currencies.get(code)
    if known is not None and not (known.is_base and may_be_base):
        raise DuplicateData(located("iso_code", path), "Duplicate value given for Isocode parameter")
    return code


def _fill_in(row: Currency, asked: dict[str, Any], path: str) -> None:
    """Name, symbol, rate and form of a currency; a new one needs the first two."""
    for name, longest in (("name", 60), ("symbol", 8)):
        if name in asked or getattr(row, name, None) is None:
            setattr(row, name, _word(asked.get(name), name, path, longest))
    if "exchange_rate" in asked:
        row.exchange_rate = _rate(_number(asked["exchange_rate"], path))
    if "is_active" in asked:
        row.is_active = a_flag(asked["is_active"], "is_active", path)
    if "prefix_symbol" in asked:
        row.prefix_symbol = a_flag(asked["prefix_symbol"], "prefix_symbol", path)
    if asked.get("format") is not None:
        _format(row, an_object(asked["format"], f"{path}.format"), f"{path}.format")
    row.modified_by = access.user().id
    row.modified_time = int(clock.now().timestamp())


def _word(given: Any, name: str, path: str, longest: int) -> str:
    if given is None:
        raise MandatoryNotFound(located(name, path))
    if not isinstance(given, str) or not 0 < len(given.strip()) <= longest or "\0" in given:
        raise wrong(name, path, f"Currency {name} given seems to be invalid")
    return given.strip()


def _number(given: Any, path: str) -> Decimal:
    """A rate comes as a string of digits with up to nine decimal places."""
    words = "Exchange rate given seems to be invalid"
    if not isinstance(given, str):
        raise wrong("exchange_rate", path, words, expected_data_type="string")
    try:
        rate = Decimal(given.strip())
    except InvalidOperation:
        raise wrong("exchange_rate", path, words) from None
    if not rate.is_finite() or not Decimal(0) < rate < 10**9 or rate != round(rate, RATE_PLACES):
        raise wrong("exchange_rate", path, words, maximum_decimal_place=RATE_PLACES)
    return rate


def _rate(rate: Decimal) -> str:
    return f"{rate:.{RATE_PLACES}f}"


def _format(row: Currency, asked: dict[str, Any], path: str) -> None:
    for key, words in (("thousand_separator", "Thousand"), ("decimal_separator", "Decimal")):
        if key in asked:
            if not isinstance(asked[key], str) or asked[key] not in SEPARATORS:
                raise wrong(key, path, f"{words} separator given seems to be invalid")
            setattr(row, key, asked[key])
    if row.thousand_separator == row.decimal_separator:
        words = "Thousand separator and Decimal separator should not be equal"
        raise NotAllowed(located("decimal_places", path), words)
    if "decimal_places" in asked:
        places = asked["decimal_places"]
        if not isinstance(places, str) or not _PLACES.fullmatch(places):
            raise wrong("decimal_places", path, "Decimal places given seems to be invalid")
        row.decimal_places = int(places)


def _shown(row: Currency) -> dict[str, Any]:
    """Exchange rate and decimal places really are strings (crm-api.md §5.11)."""
    people = state.people()
    zone = people.company.zone
    author = people.administrator().named()
    return {
        "id": str(row.id),
        "name": row.name,
        "iso_code": row.iso_code,
        "symbol": row.symbol,
        "is_base": row.is_base,
        "is_active": row.is_active,
        "exchange_rate": row.exchange_rate,
        "prefix_symbol": row.prefix_symbol,
        "format": {
            "decimal_separator": row.decimal_separator,
            "thousand_separator": row.thousand_separator,
            "decimal_places": str(row.decimal_places),
        },
        "created_time": shown_moment(row.created_time, zone),
        "modified_time": shown_moment(row.modified_time or row.created_time, zone),
        "created_by": people.named(row.created_by) or author,
        "modified_by": people.named(row.modified_by) or author,
    }
