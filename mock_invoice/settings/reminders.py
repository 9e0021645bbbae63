"""Payment reminders, automatic and manual (invoice-api.md §8.5). They are kept; none is ever sent by itself."""

from typing import Any

from flask import Blueprint, Response

from mock_invoice.access import needs
from mock_invoice.envelope import success
from mock_invoice.errors import InvalidValue, NotFound
from mock_invoice.fields import BodySchema, Choice, Flag, Text, Whole
from mock_invoice.openapi.words import DONE, sent, told
from mock_invoice.parsing import json_body
from mock_invoice.settings.stored import store, stored
from simulator.openapi import documented
from simulator.shapes import array_of

bp = Blueprint("reminders", __name__)

WHEN = ("days_before_due_date", "days_after_due_date")
SUBJECT = "Payment of %Balance% is outstanding for %InvoiceNumber%"
BODY = "Dear %CustomerName%,<br><br>%InvoiceNumber% is due on %DueDate%.<br><br>Regards,<br>%UserName%"
#: As they are in a fresh organization; their ids are their places. [DESIGN]
AUTOMATIC: dict[str, dict[str, Any]] = {
    str(place): {
        "is_enabled": False,
        "type": "days_after_due_date",
        "number_of_days": days,
        "address_type": "remind_customer",
        "subject": SUBJECT,
        "body": BODY,
        "order": place,
    }
    for place, days in enumerate((7, 14, 30), start=1)
}
MANUAL: dict[str, dict[str, Any]] = {
    str(place): {"type": kind, "subject": SUBJECT, "body": BODY, "cc_me": False}
    for place, kind in enumerate(("overdue_invoices", "open_invoices"), start=1)
}


#: What may stand in the texts, by what it is about.
PLACEHOLDERS = {
    about: [{"name": name, "value": f"%{value}%"} for name, value in names.items()]
    for about, names in {
        "Invoice": {"Number": "InvoiceNumber", "Date": "InvoiceDate", "Due date": "DueDate", "Balance": "Balance"},
        "Customer": {"Name": "CustomerName"},
        "Organization": {"Company": "CompanyName", "User": "UserName"},
    }.items()
}


class ReminderSchema(BodySchema):
    is_enabled = Flag()
    type = Choice(WHEN)
    number_of_days = Whole(most=365)
    address_type = Choice(("remind_me", "remind_customer", "remind_customer_and_cc_me"))
    subject = Text(1000)
    body = Text(20_000)


class ManualSchema(BodySchema):
    subject = Text(1000)
    body = Text(20_000)
    cc_me = Flag()


REMINDER, MANUAL_REMINDER = ReminderSchema(), ManualSchema()


def _all(group: str, defaults: dict[str, dict[str, Any]], id_key: str) -> dict[str, dict[str, Any]]:
    changed = stored(group)
    return {one: {id_key: one, **facts, **changed.get(one, {})} for one, facts in defaults.items()}


def _one(found: dict[str, dict[str, Any]], reminder_id: str) -> dict[str, Any]:
    if reminder_id not in found:
        raise NotFound("Reminder")
    return found[reminder_id]


def _automatic() -> dict[str, dict[str, Any]]:
    return _all("autoreminders", AUTOMATIC, "autoreminder_id")


def automatic_reminders() -> list[dict[str, Any]]:
    return list(_automatic().values())


def _manual() -> dict[str, dict[str, Any]]:
    return _all("manualreminders", MANUAL, "manualreminder_id")


def _change(group: str, reminder_id: str, body: dict[str, Any]) -> None:
    for key in ("subject", "body", "type", "address_type"):
        if body.get(key) == "":
            raise InvalidValue(key)
    store(group, {reminder_id: {**stored(group).get(reminder_id, {}), **body}})


@bp.get("/settings/autoreminders")
@documented(_200=told(autoreminders=array_of("AutoReminder")))
@needs("settings.READ")
def list_automatic() -> Response:
    return success(autoreminders=automatic_reminders())


@bp.get("/settings/autoreminders/<reminder_id>")
@documented(_200=told(autoreminder="AutoReminder", placeholders="Placeholders"))
@needs("settings.READ")
def get_automatic(reminder_id: str) -> Response:
    return success(autoreminder=_one(_automatic(), reminder_id), placeholders=PLACEHOLDERS)


@bp.put("/settings/autoreminders/<reminder_id>")
@documented(body=sent(REMINDER), _200=told(autoreminder="AutoReminder"))
@needs("settings.UPDATE", admin=True)
def save_automatic(reminder_id: str) -> Response:
    _one(_automatic(), reminder_id)
    _change("autoreminders", reminder_id, REMINDER.load(json_body()))
    return success("Payment reminder has been saved.", autoreminder=_automatic()[reminder_id])


@bp.post("/settings/autoreminders/<reminder_id>/<any(enable,disable):action>")
@documented(_200=DONE)
@needs("settings.CREATE", admin=True)
def switch_automatic(reminder_id: str, action: str) -> Response:
    _one(_automatic(), reminder_id)
    _change("autoreminders", reminder_id, {"is_enabled": action == "enable"})
    return success(f"Payment reminder has been {action}d.")


@bp.get("/settings/manualreminders")
@documented(_200=told(manualreminders=array_of("ManualReminder")))
@needs("settings.READ")
def list_manual() -> Response:
    return success(manualreminders=list(_manual().values()))


@bp.get("/settings/manualreminders/<reminder_id>")
@documented(_200=told(manualreminder="ManualReminder", placeholders="Placeholders"))
@needs("settings.READ")
def get_manual(reminder_id: str) -> Response:
    return success(manualreminder=_one(_manual(), reminder_id), placeholders=PLACEHOLDERS)


@bp.put("/settings/manualreminders/<reminder_id>")
@documented(body=sent(MANUAL_REMINDER), _200=told(manualreminder="ManualReminder"))
@needs("settings.UPDATE", admin=True)
def save_manual(reminder_id: str) -> Response:
    _one(_manual(), reminder_id)
    _change("manualreminders", reminder_id, MANUAL_REMINDER.load(json_body()))
    return success("Payment reminder has been saved.", manualreminder=_manual()[reminder_id])
