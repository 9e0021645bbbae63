"""Rows of the organization, its currencies and its ZSC key (crm-api.md §2.6, §5.10, §5.11)."""

from tests.crm.endpoints.rows import (
    EVERYBODY,
    NO_ID,
    NO_INPUT,
    NOTHING_MANDATORY,
    Own,
    Row,
    empty,
    flat,
    gives,
    lacking,
    looks,
    told,
    without,
)
from tests.support.answers import Fits

MANAGE_CURRENCIES = "Crm_Implied_Manage_Currencies"
DEVELOPER_SPACE = "Crm_Implied_Developer_Space"
IN_PATH = {"resource_path_index": 2}
CURRENCIES, ENABLE = "/org/currencies", "/org/currencies/actions/enable"
POUND = {"name": "Pound", "symbol": "£", "iso_code": "GBP", "exchange_rate": "0.8"}
RATE = {"expected_data_type": "string", "api_name": "exchange_rate", "json_path": "$.currencies[0].exchange_rate"}
RERATED = looks(f"{CURRENCIES}/$euro", {"currencies.0.exchange_rate": "0.950000000"})
DOLLAR = {"name": "Dollar", "symbol": "$$", "iso_code": "USD"}
NO_BASE = flat("MANDATORY_NOT_FOUND", {"api_name": "base_currency", "json_path": "$.base_currency"}, body={})
#: Another company has not enabled currencies.
NOT_ENABLED = flat("CURRENCIES_NOT_ENABLED", {}, 403)
NOT_ENABLED_YET = told("currencies", "FEATURE_NOT_ENABLED", {})

ROWS = (
    Row(
        "GET /org",
        "/org",
        works=gives(200, {"org.*.company_name": ["Zylker"], "org.0.iso_code": "USD", "org.0.mc_status": True}),
        missing=NOTHING_MANDATORY,
        wrong=NO_INPUT,
        unknown=NO_ID,
        denied=EVERYBODY,
        elsewhere=Own(200, {"org.0.mc_status": False}),
    ),
    Row(
        "GET /org/currencies",
        CURRENCIES,
        works=gives(200, {"currencies.*.iso_code": ["USD", "EUR"], "currencies.*.is_base": [True, False]}),
        missing=NOTHING_MANDATORY,
        wrong=NO_INPUT,
        unknown=NO_ID,
        denied=EVERYBODY,
        elsewhere=NOT_ENABLED,
    ),
    Row(
        "GET /org/currencies/{currency_id}",
        f"{CURRENCIES}/$euro",
        works=gives(200, {"currencies.*.id": ["$euro"], "currencies.0.format.decimal_places": "2"}),
        missing=NOTHING_MANDATORY,
        wrong=empty(at=f"{CURRENCIES}/x"),
        unknown=empty(at=f"{CURRENCIES}/$nobody"),
        denied=EVERYBODY,
        elsewhere=NOT_ENABLED,
    ),
    Row(
        "POST /org/currencies",
        CURRENCIES,
        body={"currencies": [POUND]},
        works=gives(200, {"currencies.0.code": "SUCCESS"}),
        then=looks(f"{CURRENCIES}/$made", {"currencies.0.iso_code": "GBP"}),
        missing=lacking("currencies", "exchange_rate", body={"currencies": [{**POUND, "exchange_rate": None}]}),
        wrong=told("currencies", "INVALID_DATA", RATE, body={"currencies": [{**POUND, "exchange_rate": 0.8}]}),
        unknown=NO_ID,
        denied=MANAGE_CURRENCIES,
        elsewhere=NOT_ENABLED_YET,
    ),
    Row(
        "PUT /org/currencies",
        CURRENCIES,
        body={"currencies": [{"id": "$euro", "exchange_rate": "0.95"}]},
        works=gives(200, {"currencies.0.code": "SUCCESS", "currencies.0.details": {"id": "$euro"}}),
        then=RERATED,
        missing=lacking("currencies", "id", body={"currencies": [{"exchange_rate": "0.95"}]}),
        wrong=told("currencies", "INVALID_DATA", RATE, body={"currencies": [{"id": "$euro", "exchange_rate": 1}]}),
        unknown=told(
            "currencies",
            "INVALID_DATA",
            {"api_name": "id", "json_path": "$.currencies[0].id"},
            body={"currencies": [{"id": "$nobody", "exchange_rate": "0.95"}]},
        ),
        denied=MANAGE_CURRENCIES,
        elsewhere=NOT_ENABLED_YET,
    ),
    Row(
        "PUT /org/currencies/{currency_id}",
        f"{CURRENCIES}/$euro",
        body={"currencies": [{"exchange_rate": "0.95"}]},
        works=gives(200, {"currencies.0.code": "SUCCESS", "currencies.0.details": {"id": "$euro"}}),
        then=RERATED,
        missing=without("currencies"),
        wrong=told("currencies", "INVALID_DATA", RATE, body={"currencies": [{"exchange_rate": 1}]}),
        unknown=flat("INVALID_DATA", IN_PATH, at=f"{CURRENCIES}/$nobody"),
        denied=MANAGE_CURRENCIES,
    ),
    Row(
        "POST /org/currencies/actions/enable",
        ENABLE,
        body={"base_currency": DOLLAR},
        # Enabled already here; in the other company it is done (`elsewhere`).
        works=gives(400, {"base_currency.code": "ALREADY_ENABLED", "base_currency.details": {}}),
        missing=NO_BASE,
        wrong=flat(
            "INVALID_DATA",
            {"expected_data_type": "jsonobject", "json_path": "$.base_currency"},
            body={"base_currency": 5},
        ),
        unknown=NO_ID,
        denied=MANAGE_CURRENCIES,
        elsewhere=Own(200, {"base_currency.code": "SUCCESS"}),
    ),
    Row(
        "PUT /org/currencies/actions/enable",
        ENABLE,
        body={"base_currency": {"name": "Greenback"}},
        works=gives(200, {"base_currency.code": "SUCCESS"}),
        then=looks("/org", {"org.0.currency": "Greenback"}),
        missing=NO_BASE,
        wrong=flat(
            "INVALID_DATA",
            {"expected_data_type": "jsonobject", "json_path": "$.base_currency"},
            body={"base_currency": 5},
        ),
        unknown=NO_ID,
        denied=MANAGE_CURRENCIES,
        elsewhere=Own(400, {"base_currency.code": "FEATURE_NOT_ENABLED"}),
    ),
    Row(
        "GET /settings/zsc_key",
        "/settings/zsc_key",
        works=gives(200, {"zsc_key.generated_by.name": "Asha Rao", "zsc_key.key": None, "zsc_key.connections": []}),
        missing=NOTHING_MANDATORY,
        wrong=NO_INPUT,
        unknown=NO_ID,
        denied=DEVELOPER_SPACE,
        elsewhere=Own(200, {"zsc_key": None}),
    ),
    Row(
        "POST /settings/zsc_key",
        "/settings/zsc_key",
        works=gives(201, {"zsc_key.key": Fits(lambda key: isinstance(key, str) and len(key) == 32)}),
        missing=NOTHING_MANDATORY,
        wrong=NO_INPUT,
        unknown=NO_ID,
        denied=DEVELOPER_SPACE,
        elsewhere=Own(201),
    ),
    Row(
        "DELETE /settings/zsc_key",
        "/settings/zsc_key",
        works=gives(204, {"": None}),
        then=looks("/settings/zsc_key", {"zsc_key": None}),
        missing=NOTHING_MANDATORY,
        wrong=NO_INPUT,
        unknown=NO_ID,
        denied=DEVELOPER_SPACE,
        elsewhere=Own(204),
    ),
    Row(
        "GET /settings/integrations",
        "/settings/integrations",
        works=gives(200, {"integrations": []}),
        missing=NOTHING_MANDATORY,
        wrong=NO_INPUT,
        unknown=NO_ID,
        denied=EVERYBODY,
        elsewhere=Own(200, {"integrations": []}),
    ),
)
