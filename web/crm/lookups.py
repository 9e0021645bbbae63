"""Lookups of a form: records are found by what somebody types of their name."""

from typing import Any

from flask import render_template, request

from web.crm.blueprint import API, bp
from web.crm.forms import Input, Option
from web.crm.modules import MODULES, Module
from web.i18n import _
from web.session import crm

SHORTEST = 2
OFFERED = 20
#: What tells records of one name apart.
BESIDE = {"accounts": ("Billing_City", "Phone"), "contacts": ("Email", "Account_Name"), "potentials": ("Stage",)}


@bp.get("/suggest/<any(accounts, contacts, potentials, products, quotes, leads, invoices):key>")
def suggest(key: str) -> str:
    """The names that begin or hold what was typed, as options of a list; `of` says in which field it stands."""
    typed = request.args.get(request.args.get("of", ""), "").strip()
    names = sorted({_name(MODULES[key], record) for record in _found(MODULES[key], typed)})
    return render_template("crm/_suggestions.html", names=names)


def resolve(one: Input) -> tuple[str, str, list[Option]]:
    """The record a lookup's name belongs to.

    Returns:
        its id; else "", what is wrong, and the records of this name to choose from.
    """
    module = MODULES[one.module]
    same = [record for record in _found(module, one.value) if _key(_name(module, record)) == _key(one.value)]
    if len(same) == 1:
        return str(same[0]["id"]), "", []
    if not same:
        return "", _("There is no %(one)s of this name.", one=module.one), []
    return (
        "",
        _("Several have this name: choose one."),
        [(str(record["id"]), _told_apart(module, record)) for record in same],
    )


def _found(module: Module, typed: str) -> list[dict[str, Any]]:
    if len(typed) < SHORTEST:
        return []
    fields = ",".join((module.name_field, *BESIDE.get(module.key, ())))
    answer = crm().get(f"{API}/{module.api_name}/search", word=typed, fields=fields, per_page=200)
    found: list[dict[str, Any]] = (answer or {}).get("data", [])
    return [record for record in found if _key(typed) in _key(_name(module, record))][:OFFERED]


def _name(module: Module, record: dict[str, Any]) -> str:
    return str(record.get(module.name_field) or "")


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()


def _told_apart(module: Module, record: dict[str, Any]) -> str:
    parts = [record.get(field) for field in BESIDE.get(module.key, ())]
    words = [str(part["name"] if isinstance(part, dict) else part) for part in parts if part]
    return ", ".join((_name(module, record), *words))
