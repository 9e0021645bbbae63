"""Rows of settings that come in numbers: currencies, taxes, terms, units, custom fields (invoice-api.md §8.2, §8.3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.invoice.endpoints.rows import (
    BAD_PAGE,
    IN_USE,
    MISSING,
    NO_ID,
    NO_INPUT,
    NO_OBJECT,
    NO_STATUS,
    NOTHING_MANDATORY,
    Case,
    Cases,
    Own,
    Row,
    about,
    absent,
    bad,
    bad_parameter,
    but,
    gives,
    gone,
    looks,
    makes,
    nowhere,
    refusal,
    says,
    without,
)
from tests.support.answers import Has, Lacks


@dataclass(frozen=True)
class Setting:
    """A kind of setting: where it is, what one is called, and how it is written.

    Attributes:
        key: of a list; `one` is the key of a single one.
        said: what is answered to a create, an update and a delete.
        new: a body for a new one, all of whose `mandatory` keys are needed.
        change: a body for an update; `cleared` is one that lacks something, None where nothing is mandatory then.
        used: who cannot be deleted, and the words.
        listed: what the list shows at another organization.
    """

    path: str
    key: str
    one: str
    id_key: str
    thing: str
    name: str
    said: tuple[str, str, str]
    new: Mapping[str, Any]
    mandatory: tuple[str, ...]
    wrong: tuple[tuple[str, Any], ...]
    change: Mapping[str, Any]
    cleared: tuple[Mapping[str, Any], str, int] | None = None
    used: tuple[tuple[str, str], ...] = ()
    clash: tuple[Mapping[str, Any], str] | None = None
    unknown: tuple[Case, ...] = ()
    pages: bool = True
    parameters: tuple[Case, ...] = ()
    listed: Mapping[str, Any] = field(default_factory=dict)
    calls: tuple[str, ...] = ("list", "get", "post", "put", "delete")

    @property
    def own(self) -> str:
        return f"${self.name}"


def rows_of(kind: Setting) -> Iterator[Row]:
    path, one = f"/settings/{kind.path}", f"/settings/{kind.path}/{kind.own}"
    ids = path.count("$")
    plain = path.replace("$franc", "{currency_id}")
    operation = f"{plain}/{{{_part(kind)}}}"
    things = ("Currency",) * ids
    first = next(iter(kind.new))
    wrong: Cases = (*kind.parameters, *((BAD_PAGE,) if kind.pages else ())) or NO_INPUT
    clash = but(refusal(400, 90_014, kind.clash[1]), body=kind.clash[0]) if kind.clash else NO_STATUS
    if "list" in kind.calls:
        yield Row(
            f"GET {plain}",
            path,
            works=gives({f"{kind.key}.*.{kind.id_key}": Has(kind.own)}),
            missing=NO_INPUT if wrong == NO_INPUT else NOTHING_MANDATORY,
            wrong=wrong,
            unknown=absent(*things) if ids else NO_ID,
            elsewhere="as what is unknown" if ids else Own(200, kind.listed or {kind.key: []}),
        )
    if "get" in kind.calls:
        yield Row(
            f"GET {operation}",
            one,
            works=gives({f"{kind.one}.{kind.id_key}": kind.own}),
            missing=NO_INPUT,
            wrong=NO_INPUT,
            unknown=absent(*things, kind.thing),
        )
    yield Row(
        f"POST {plain}",
        path,
        body=dict(kind.new),
        works=makes(kind.said[0], {f"{kind.one}.{kind.id_key}": "$made", f"{kind.one}.{first}": kind.new[first]}),
        then=looks(path, {f"{kind.key}.*.{kind.id_key}": Has("$made")})
        if "list" in kind.calls
        else looks(f"{path}/$made", {f"{kind.one}.{kind.id_key}": "$made"}),
        missing=tuple(without(key) for key in kind.mandatory),
        wrong=(*(bad(key, value) for key, value in kind.wrong), NO_OBJECT),
        unknown=(*absent(*things), *kind.unknown) or NO_ID,
        status=clash,
        elsewhere="as what is unknown" if ids or kind.unknown else Own(201, {f"{kind.one}.{first}": kind.new[first]}),
    )
    if "put" in kind.calls:
        changed = {f"{kind.one}.{key}": value for key, value in kind.change.items() if not isinstance(value, list)}
        yield Row(
            f"PUT {operation}",
            one,
            body=dict(kind.change),
            works=says(kind.said[1], changed),
            then=looks(one, changed)
            if "get" in kind.calls
            else looks(path, {f"{kind.key}.*.{next(iter(kind.change))}": Has(next(iter(kind.change.values())))}),
            missing=but(refusal(400, kind.cleared[2], kind.cleared[1]), body=kind.cleared[0])
            if kind.cleared
            else NOTHING_MANDATORY,
            wrong=(*(bad(key, value) for key, value in kind.wrong), NO_OBJECT),
            unknown=absent(*things, kind.thing),
            status=clash,
        )
    if "delete" in kind.calls:
        yield Row(
            f"DELETE {operation}",
            one,
            works=says(kind.said[2]),
            then=gone(one, kind.thing)
            if "get" in kind.calls
            else looks(path, {f"{kind.key}.*.{kind.id_key}": Lacks(kind.own)}),
            missing=NO_INPUT,
            wrong=NO_INPUT,
            unknown=absent(*things, kind.thing),
            status=tuple(about(kind.own, f"${other}", refusal(400, IN_USE, words)) for other, words in kind.used)
            or NO_STATUS,
        )


def _part(kind: Setting) -> str:
    """The name of the id in the path."""
    return {"franc": "currency_id", "rate": "rate_id", "code_of_contact": "field_id"}.get(kind.name, f"{kind.name}_id")


def _no(name: str, code: int = MISSING) -> tuple[Mapping[str, Any], str, int]:
    return {name: ""}, f"Invalid value passed for {name}", code


USED_CURRENCIES = (("dollar", "USD"), ("yen", "JPY"))

SETTINGS = (
    Setting(
        "currencies", "currencies", "currency", "currency_id", "Currency", "franc",
        ("The currency has been added.", "Currency information has been saved.", "The currency has been deleted."),
        new={"currency_code": "SEK", "exchange_rate": Decimal("0.1")},
        mandatory=("currency_code",),
        wrong=(("currency_code", "sek"), ("exchange_rate", "much"), ("price_precision", "few")),
        change={"currency_name": "Swiss money", "currency_symbol": "Fr."},
        used=tuple((name, f"{code} cannot be deleted, as it is in use.") for name, code in USED_CURRENCIES),
        parameters=(bad_parameter("filter_by"),),
        listed={"currencies.*.currency_id": Lacks("$franc")},
    ),
    Setting(
        "currencies/$franc/exchangerates", "exchange_rates", "exchange_rate", "exchange_rate_id", "Exchange rate",
        "rate",
        (
            "The exchange rate has been added.", "The exchange rate has been updated.",
            "Exchange rate successfully deleted",
        ),
        new={"effective_date": "2021-01-01", "rate": Decimal("1.06")},
        mandatory=("effective_date", "rate"),
        wrong=(("effective_date", "soon"), ("rate", "much"), ("rate", 0)),
        change={"rate": Decimal("1.07")},
        clash=({"effective_date": "2020-02-02", "rate": 1}, 'The exchange rate "2020-02-02" already exists.'),
        parameters=(bad_parameter("from_date", "soon"),),
    ),
    Setting(
        "taxes", "taxes", "tax", "tax_id", "Tax", "tax",
        ("The tax has been added.", "Tax information has been saved.", "The record has been deleted."),
        new={"tax_name": "Duty", "tax_percentage": 3, "tax_authority_id": "$authority"},
        mandatory=("tax_name", "tax_percentage"),
        wrong=(("tax_name", []), ("tax_percentage", "much"), ("tax_percentage", 101), ("tax_type", "fine")),
        change={"tax_name": "Levy six", "tax_percentage": 6},
        used=(
            ("used_tax", "Levy 10 cannot be deleted, as it is in a tax group."),
            ("part_tax", "Levy 7 cannot be deleted, as it is in a tax group."),
        ),
        clash=({"tax_name": "Levy 7", "tax_percentage": 1}, 'The tax "Levy 7" already exists.'),
        unknown=(nowhere("tax_authority_id", "Tax authority"),),
        parameters=(bad_parameter("filter_by"),),
        listed={"taxes.*.tax_id": Lacks("$tax")},
    ),
    Setting(
        "taxgroups", "tax_groups", "tax_group", "tax_group_id", "Tax group", "group",
        ("The tax group has been added.", "Tax group information has been saved.", "The tax group has been deleted."),
        new={"tax_group_name": "Three", "taxes": "$tax,$part_tax"},
        mandatory=("tax_group_name", "taxes"),
        wrong=(("tax_group_name", []), ("taxes", "x"), ("taxes", "$tax,$tax")),
        change={"tax_group_name": "Both of them"},
        cleared=_no("tax_group_name"),
        used=(("used_group", "All cannot be deleted, as it is in use."),),
        clash=({"tax_group_name": "All", "taxes": "$tax"}, 'The tax "All" already exists.'),
        unknown=(nowhere("taxes", "Tax"),),
    ),
    Setting(
        "taxexemptions", "tax_exemptions", "tax_exemption", "tax_exemption_id", "Tax exemption", "exemption",
        ("The tax exemption has been added.", "The tax exemption has been updated.", "The record has been deleted."),
        new={"tax_exemption_code": "SCHOOL", "type": "customer"},
        mandatory=("tax_exemption_code", "type"),
        wrong=(("tax_exemption_code", []), ("type", "friend")),
        change={"description": "For good causes"},
        cleared=_no("tax_exemption_code"),
        used=(("used_exemption", "R cannot be deleted, as it is in use."),),
        clash=({"tax_exemption_code": "R", "type": "item"}, 'The tax exemption "R" already exists.'),
    ),
    Setting(
        "taxauthorities", "tax_authorities", "tax_authority", "tax_authority_id", "Tax authority", "authority",
        ("The tax authority has been added.", "The tax authority has been updated.", "The record has been deleted."),
        new={"tax_authority_name": "City", "description": "Takes a share"},
        mandatory=("tax_authority_name",),
        wrong=(("tax_authority_name", []), ("description", {})),
        change={"registration_number_label": "No."},
        cleared=_no("tax_authority_name"),
        used=(("used_authority", "Customs cannot be deleted, as it is in use."),),
        clash=({"tax_authority_name": "Customs"}, 'The tax authority "Customs" already exists.'),
    ),
    Setting(
        "paymentterms", "payment_terms", "payment_term", "payment_terms_id", "Payment term", "term",
        ("The payment term has been added.", "The payment term has been saved.", "The payment term has been deleted."),
        new={"payment_terms_label": "Net 90", "payment_terms": 90},
        mandatory=("payment_terms_label", "payment_terms"),
        wrong=(("payment_terms_label", []), ("payment_terms", "soon")),
        change={"payment_terms_label": "Net 11", "payment_terms": 11},
        cleared=_no("payment_terms_label"),
        clash=({"payment_terms_label": "Net 30", "payment_terms": 1}, 'The payment term "Net 30" already exists.'),
        pages=False,
        listed={"payment_terms.*.payment_terms_id": Lacks("$term")},
        calls=("list", "post", "put", "delete"),
    ),
    Setting(
        "units", "units", "unit", "unit_id", "Unit", "unit",
        ("The unit has been added.", "", "The record has been deleted."),
        new={"unit": "barrel"},
        mandatory=("unit",),
        wrong=(("unit", []),),
        change={},
        used=(("used_unit", "hour cannot be deleted, as items are counted in it."),),
        clash=({"unit": "hour"}, 'The unit "hour" already exists.'),
        pages=False,
        calls=("list", "post", "delete"),
    ),
    Setting(
        "substatuses", "sub_statuses", "sub_status", "status_id", "Sub-status", "sub_status",
        ("The sub-status has been added.", "", "The record has been deleted."),
        new={"display_name": "Shipped", "parent_status": "open"},
        mandatory=("display_name", "parent_status"),
        wrong=(("display_name", []), ("display_name", "!"), ("parent_status", "closed")),
        change={},
        used=(("used_sub_status", "On hold cannot be deleted, as sales orders have it."),),
        clash=({"display_name": "on hold", "parent_status": "open"}, 'The sub-status "on hold" already exists.'),
        pages=False,
        calls=("list", "post", "delete"),
    ),
    Setting(
        "customfields", "customfields", "customfield", "customfield_id", "Custom field", "code_of_contact",
        ("The custom field has been added.", "The custom field has been saved.", "The custom field has been deleted."),
        new={"label": "Colour", "module": "contact", "data_type": "text"},
        mandatory=("module", "label"),
        wrong=(("label", []), ("module", "world"), ("data_type", "picture"), ("options", "x")),
        change={"label": "Our code", "show_on_pdf": True},
        clash=(
            {"label": "Shade", "module": "contact", "api_name": "cf_other"}, 'The custom field "Shade" already exists.',
        ),
        pages=False,
        parameters=(bad_parameter("module"),),
    ),
)  # fmt: skip

ROWS = tuple(row for kind in SETTINGS for row in rows_of(kind))
