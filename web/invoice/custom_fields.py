"""Custom fields: Settings → Preferences of each kind of record (C9), and how they stand on the record's form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from web.i18n import _
from web.invoice.api import bp, delete, get, post
from web.invoice.inputs import Input, Section
from web.invoice.saving import act, save_form, show_form

#: As many custom fields as a kind of record may have (guide: Mapping Fields).
FIELDS_AT_MOST = 10
DATA_TYPES = (
    ("text", _("Text")),
    ("multiline", _("Text, several lines")),
    ("number", _("Number")),
    ("decimal", _("Decimal")),
    ("amount", _("Amount")),
    ("date", _("Date")),
    ("check_box", _("Checkbox")),
    ("dropdown", _("Dropdown")),
    ("email", _("Email")),
    ("url", _("URL")),
    ("phone", _("Phone")),
)
INPUT_KINDS = {
    "multiline": "area",
    "check_box": "check",
    "dropdown": "select",
    "date": "date",
    "email": "email",
    "url": "text",
    "phone": "tel",
    "text": "text",
}


@dataclass(frozen=True)
class Holder:
    """A kind of record that has custom fields: the part of the address, the API's word for it, and ours."""

    key: str
    module: str
    title: str

    @property
    def endpoint(self) -> str:
        return f"invoice.preferences_{self.key}"

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        return [(self.title, url_for(self.endpoint))]


HOLDERS = (
    Holder("contacts", "contact", _("Contacts")),
    Holder("items", "item", _("Items")),
    Holder("estimates", "estimate", _("Estimates")),
    Holder("salesorders", "salesorder", _("Sales orders")),
    Holder("invoices", "invoice", _("Invoices")),
)


# On the forms of records


def custom_inputs(module: str) -> list[Input]:
    """The inputs of a kind's fields; below `custom`, so that none is taken for one of the vendor's."""
    return [
        Input(
            f"custom.{one['api_name']}",
            one["label"],
            INPUT_KINDS.get(one["data_type"], "number"),
            [(str(option), str(option)) for option in one.get("options") or ()],
        )
        for one in get("/settings/customfields", module=module)["customfields"]
        if not one.get("is_hidden")
    ]


def custom_section(module: str) -> list[Section]:
    """The section of a form in which they stand; none where there are none."""
    inputs = custom_inputs(module)
    return [Section(_("Custom fields"), inputs)] if inputs else []


def custom_values(record: Mapping[str, Any]) -> dict[str, Any]:
    """What a record has in them, by their names."""
    return {one["api_name"]: one["value"] for one in record.get("custom_fields") or ()}


def custom_body(values: Mapping[str, Any]) -> dict[str, Any]:
    """What was entered in them as the API takes it."""
    entries = [{"api_name": name, "value": value} for name, value in values.items()]
    return {"custom_fields": entries} if entries else {}


# Settings


def _list(holder: Holder) -> ResponseReturnValue:
    found = get("/settings/customfields", module=holder.module)["customfields"]
    shown = [one for one in found if not one["is_hidden"]]
    return render_template(
        "invoice/custom_fields.html", holder=holder, found=shown, types=dict(DATA_TYPES), most=FIELDS_AT_MOST
    )


def _new(holder: Holder) -> ResponseReturnValue:
    return show_form(_("New custom field"), holder.crumbs, _sections(holder), side=holder.endpoint)


def _create(holder: Holder) -> ResponseReturnValue:
    """The eleventh is refused by Invoice, in its own words."""

    def send(body: dict[str, Any]) -> dict[str, Any]:
        options = [one.strip() for one in body["options"].splitlines() if one.strip()]
        return post("/settings/customfields", {**body, "module": holder.module, "options": options})

    return save_form(
        _("New custom field"),
        holder.crumbs,
        _sections(holder),
        side=holder.endpoint,
        send=send,
        then=lambda _answer: url_for(holder.endpoint),
    )


def _delete(holder: Holder, field_id: str) -> ResponseReturnValue:
    return act(lambda: delete(f"/settings/customfields/{field_id}"), url_for(holder.endpoint))


def _sections(holder: Holder) -> list[Section]:
    return [
        Section(
            _("Custom field of %(records)s", records=holder.title.lower()),
            [
                Input("label", _("Label name"), is_required=True),
                Input("data_type", _("Data type"), "select", DATA_TYPES, is_required=True, value="text"),
                Input("options", _("Options of a dropdown"), "area", hint=_("One on each line.")),
                Input("show_on_pdf", _("Show in all PDFs"), "check"),
            ],
        )
    ]


_ROUTES: tuple[tuple[str, str, str, Callable[..., ResponseReturnValue]], ...] = (
    ("", "", "GET", _list),
    ("_new", "/new", "GET", _new),
    ("_create", "/new", "POST", _create),
    ("_delete", "/<key:field_id>/delete", "POST", _delete),
)
for _holder in HOLDERS:
    for _name, _path, _method, _view in _ROUTES:
        bp.add_url_rule(
            f"/settings/preferences/{_holder.key}{_path}",
            f"preferences_{_holder.key}{_name}",
            partial(_view, _holder),
            methods=[_method],
        )
