"""Setup, General, Company Settings: whether the CRM has several currencies, and which (requirement C10)."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.crm.blueprint import API, bp, outcome
from web.errors import NotAllowed, NotFound, Refused
from web.i18n import _
from web.session import crm

PATH = "/setup/company-settings/currencies"
CURRENCIES = f"{API}/org/currencies"
FIELDS = ("iso_code", "name", "symbol", "exchange_rate")


@bp.get(PATH)
def setup_currencies() -> ResponseReturnValue:
    organization = _organization()
    if not organization["mc_status"]:
        home = {
            "iso_code": organization["iso_code"],
            "name": organization["currency"],
            "symbol": organization["currency_symbol"],
        }
        return _switch(home)
    return render_template("crm/setup_currencies.html", currencies=crm().get(CURRENCIES)["currencies"])


@bp.post(f"{PATH}/enable")
def setup_currencies_enable() -> ResponseReturnValue:
    """Several currencies once and for all: the currency given is the base of the others."""
    base = _entered()
    try:
        outcome({"data": [crm().post(f"{CURRENCIES}/actions/enable", {"base_currency": base})["base_currency"]]})
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        return _switch(base, refused.message), 422
    flash(_("Multicurrency is enabled. %(code)s is the base currency.", code=base.get("iso_code")), "good")
    return redirect(url_for("crm.setup_currencies"), 303)


@bp.get(f"{PATH}/new")
def setup_currencies_new() -> ResponseReturnValue:
    return _form({})


@bp.post(f"{PATH}/new")
def setup_currencies_create() -> ResponseReturnValue:
    return _save("POST", CURRENCIES, _entered(), None)


@bp.get(f"{PATH}/<key:currency_id>")
def setup_currencies_edit(currency_id: str) -> ResponseReturnValue:
    known = _find(currency_id)
    return _form(known, known)


@bp.post(f"{PATH}/<key:currency_id>")
def setup_currencies_update(currency_id: str) -> ResponseReturnValue:
    known = _find(currency_id)
    entered: dict[str, Any] = {key: value for key, value in _entered().items() if key != "iso_code"}
    if not known["is_base"]:
        entered["is_active"] = "is_active" in request.form
    return _save("PUT", f"{CURRENCIES}/{currency_id}", entered, known)


def _save(method: str, path: str, currency: dict[str, Any], known: dict[str, Any] | None) -> ResponseReturnValue:
    try:
        outcome({"data": crm().call(method, path, {}, {"currencies": [currency]})["currencies"]})
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        name = str(refused.details.get("api_name") or "")
        return _form({**(known or {}), **currency}, known, {name: refused.message}), 422
    flash(_("Saved."), "good")
    return redirect(url_for("crm.setup_currencies"), 303)


def _entered() -> dict[str, str]:
    """What was filled in; the rest is left out, for the CRM to ask for."""
    given = {name: request.form.get(name, "").strip() for name in FIELDS}
    return {name: value for name, value in given.items() if value}


def _organization() -> dict[str, Any]:
    found: dict[str, Any] = crm().get(f"{API}/org")["org"][0]
    return found


def _find(currency_id: str) -> dict[str, Any]:
    answer = crm().get(f"{CURRENCIES}/{currency_id}")
    if not answer:
        abort(404)
    found: dict[str, Any] = answer["currencies"][0]
    return found


def _switch(base: dict[str, Any], problem: str = "") -> str:
    return render_template("crm/setup_currencies_off.html", base=base, problem=problem)


def _form(entered: dict[str, Any], known: dict[str, Any] | None = None, errors: dict[str, str] | None = None) -> str:
    errors = errors or {}
    problem = next((words for name, words in errors.items() if name not in FIELDS), "")
    return render_template(
        "crm/setup_currency.html", entered=entered, known=known, errors=errors, problem=problem, base=_base(known)
    )


def _base(known: dict[str, Any] | None) -> str:
    """The code of the base currency, which rates are said in."""
    return str((known if known and known["is_base"] else _organization())["iso_code"])
