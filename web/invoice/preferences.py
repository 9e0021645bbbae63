"""Settings → Organization: currencies, and users with their roles."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.i18n import _
from web.invoice.api import bp, delete, get, post, put
from web.invoice.inputs import Input, Section, showing
from web.invoice.saving import act, save_form, show_form

# Currencies


@bp.get("/settings/currencies")
def currencies() -> ResponseReturnValue:
    return render_template("invoice/currencies.html", found=get("/settings/currencies", per_page=200)["currencies"])


@bp.get("/settings/currencies/new")
def currencies_new() -> ResponseReturnValue:
    return show_form(_("New currency"), _currency_crumbs(), _currency_sections(), side="invoice.currencies")


@bp.post("/settings/currencies/new")
def currencies_create() -> ResponseReturnValue:
    return save_form(
        _("New currency"),
        _currency_crumbs(),
        _currency_sections(),
        side="invoice.currencies",
        send=lambda body: post("/settings/currencies", {key: value for key, value in body.items() if value}),
        then=lambda _answer: url_for("invoice.currencies"),
    )


@bp.get("/settings/currencies/<key:currency_id>/edit")
def currencies_edit(currency_id: str) -> ResponseReturnValue:
    found = get(f"/settings/currencies/{currency_id}")["currency"]
    sections = showing(_currency_sections(found), found)
    return show_form(found["currency_code"], _currency_crumbs(), sections, side="invoice.currencies")


@bp.post("/settings/currencies/<key:currency_id>/edit")
def currencies_update(currency_id: str) -> ResponseReturnValue:
    """Another rate holds from today on: documents keep the one they were written with."""
    found = get(f"/settings/currencies/{currency_id}")["currency"]
    return save_form(
        found["currency_code"],
        _currency_crumbs(),
        _currency_sections(found),
        side="invoice.currencies",
        send=lambda body: put(
            f"/settings/currencies/{currency_id}", {key: value for key, value in body.items() if value}
        ),
        then=lambda _answer: url_for("invoice.currencies"),
    )


@bp.post("/settings/currencies/<key:currency_id>/delete")
def currencies_delete(currency_id: str) -> ResponseReturnValue:
    return act(lambda: delete(f"/settings/currencies/{currency_id}"), url_for("invoice.currencies"))


def _currency_sections(known: dict[str, Any] | None = None) -> list[Section]:
    """The code of a currency stays, and the base currency is 1."""
    code = Input("currency_code", _("Currency code"), is_required=True, hint=_("Three capitals, such as EUR."))
    symbol = Input("currency_symbol", _("Symbol"), hint=_("Empty: the usual one.") if not known else "")
    rate = Input(
        "exchange_rate",
        _("Exchange rate"),
        "number",
        hint=_("What one unit is in the base currency, from today on.") if known else _("Empty: 1."),
    )
    is_base = bool(known and known["is_base_currency"])
    return [Section(_("Currency"), [*([] if known else [code]), symbol, *([] if is_base else [rate])])]


def _currency_crumbs() -> list[tuple[str, str]]:
    return [(_("Currencies"), url_for("invoice.currencies"))]


# Users and roles


@bp.get("/settings/users")
def users() -> ResponseReturnValue:
    return render_template("invoice/users.html", found=get("/users", per_page=200)["users"], roles=dict(_roles()))


@bp.get("/settings/users/new")
def users_new() -> ResponseReturnValue:
    return show_form(_("Invite a user"), _user_crumbs(), _user_sections(), side="invoice.users")


@bp.post("/settings/users/new")
def users_create() -> ResponseReturnValue:
    return save_form(
        _("Invite a user"),
        _user_crumbs(),
        _user_sections(),
        side="invoice.users",
        send=lambda body: post("/users", body),
        then=lambda _answer: url_for("invoice.users"),
    )


@bp.get("/settings/users/<key:user_id>/edit")
def users_edit(user_id: str) -> ResponseReturnValue:
    user = get(f"/users/{user_id}")["user"]
    return show_form(user["name"], _user_crumbs(), showing(_user_sections(is_new=False), user), side="invoice.users")


@bp.post("/settings/users/<key:user_id>/edit")
def users_update(user_id: str) -> ResponseReturnValue:
    return save_form(
        request.form.get("name", ""),
        _user_crumbs(),
        _user_sections(is_new=False),
        side="invoice.users",
        send=lambda body: put(f"/users/{user_id}", body),
        then=lambda _answer: url_for("invoice.users"),
    )


@bp.post("/settings/users/<key:user_id>/<any(active, inactive):status>")
def users_status(user_id: str, status: str) -> ResponseReturnValue:
    return act(lambda: post(f"/users/{user_id}/{status}"), url_for("invoice.users"))


def _user_sections(*, is_new: bool = True) -> list[Section]:
    """Who somebody is, is his email: it stays."""
    email = [Input("email", _("Email"), "email", is_required=True)] if is_new else []
    role = Input("user_role", _("Role"), "select", _roles(), is_required=True, value="staff")
    return [Section(_("User"), [Input("name", _("Name"), is_required=True), *email, role])]


def _user_crumbs() -> list[tuple[str, str]]:
    return [(_("Users and roles"), url_for("invoice.users"))]


def _roles() -> list[tuple[str, str]]:
    return [(one["role_id"], one["role_name"]) for one in get("/settings/roles")["roles"]]
