"""The integration with Zoho CRM as far as Invoice knows it: the import hook a connector registered (§8.7).

Registering is ours: the vendor's integration settings have no public API. The imports are the vendor's.
"""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app
from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import String

from mock_invoice.access import current_organization, needs
from mock_invoice.database import Base, Key, db
from mock_invoice.envelope import success
from mock_invoice.errors import ImportRefused, InvalidValue, MissingValue, NotConnected
from mock_invoice.fields import BodySchema, Text
from mock_invoice.openapi.words import DONE, sent, told
from mock_invoice.parsing import json_body
from simulator import ids
from simulator.app import reads_only
from simulator.http import Outbound, PeerError
from simulator.openapi import documented, no_part
from simulator.shapes import ID, an_object

bp = Blueprint("integrations", __name__)

IMPORT_ATTEMPTS = 2
USELESS = "The connector to Zoho CRM answered something that cannot be used."


class CrmHook(Base):
    """Where to ask for one CRM record to be imported; one per organization."""

    organization_id: Mapped[int] = mapped_column(Key, unique=True)
    hook_url: Mapped[str] = mapped_column(String(500))
    secret: Mapped[str] = mapped_column(String(200))


class HookSchema(BodySchema):
    hook_url = Text(500)
    secret = Text(200)


HOOK = HookSchema()


def _hook() -> CrmHook | None:
    statement = select(CrmHook).where(CrmHook.organization_id == current_organization().id)
    return db.session.scalars(statement).first()


def _shown(hook: CrmHook | None) -> dict[str, Any]:
    """The secret is never shown again."""
    return {"is_connected": hook is not None, "hook_url": hook.hook_url if hook else ""}


@bp.get("/settings/integrations/zohocrm")
@documented(_200=told(zohocrm="CrmHook"))
@needs("settings.READ")
def show_hook() -> Response:
    return success(zohocrm=_shown(_hook()))


@bp.put("/settings/integrations/zohocrm")
@documented(body=sent(HOOK, "hook_url", "secret"), _200=told(zohocrm="CrmHook"))
@needs("settings.UPDATE", admin=True)
def register_hook() -> Response:
    """Sets where imports are asked for; the connector calls this when it connects."""
    body = HOOK.load(json_body())
    for key in ("hook_url", "secret"):
        if not body.get(key):
            raise MissingValue(key)
    url = urlsplit(body["hook_url"])
    if url.scheme not in ("http", "https") or not url.hostname or url.username or url.query or url.fragment:
        raise InvalidValue("hook_url")
    hook = _hook()
    if hook is None:
        hook = CrmHook(id=ids.new_id(), organization_id=current_organization().id)
        db.session.add(hook)
    hook.hook_url, hook.secret = body["hook_url"].rstrip("/"), body["secret"]
    db.session.flush()
    return success("The integration has been saved.", zohocrm=_shown(hook))


@bp.delete("/settings/integrations/zohocrm")
@documented(_200=DONE)
@needs("settings.DELETE", admin=True)
def forget_hook() -> Response:
    if (hook := _hook()) is not None:
        db.session.delete(hook)
    return success("The integration has been removed.")


@bp.post("/crm/<any(account,contact):kind>/<record_id>/import")
@documented(_200=told(data=an_object(contact_id=ID)))
@needs("contacts.CREATE")
@reads_only
def import_contact(kind: str, record_id: str) -> Response:
    """The API twin of "Fetch this contact from Zoho CRM"."""
    return success(data=_ask(kind, record_id, "contact_id"))


@bp.post("/crm/vendor/<record_id>/import")
@no_part
@needs("contacts.CREATE")
@reads_only
def import_vendor(record_id: str) -> Response:
    """The integration of the guide knows no vendors, so there is no such synchronization to import by."""
    _checked(record_id, "crm_vendor_id")
    if _hook() is None:
        raise NotConnected
    raise ImportRefused("Vendors are not synchronized with Zoho CRM.")


@bp.post("/crm/item/<record_id>/import")
@documented(_200=told(data=an_object(item_id=ID)))
@needs("settings.CREATE")
@reads_only
def import_item(record_id: str) -> Response:
    return success(data=_ask("item", record_id, "item_id"))


def _checked(record_id: str, name: str) -> str:
    if not record_id.isascii() or not record_id.isalnum() or len(record_id) > 30:
        raise InvalidValue(name)
    return record_id


def _ask(kind: str, record_id: str, key: str) -> dict[str, str]:
    """Has the connector import one record. No transaction is open meanwhile, for the connector writes here.

    Raises:
        NotConnected: nobody registered a hook.
        ImportRefused: the connector did not do it, does not answer, or does not say what it made.
    """
    _checked(record_id, f"crm_{kind}_id")
    hook = _hook()
    if hook is None:
        raise NotConnected
    url, secret = f"{hook.hook_url}/{kind}/{record_id}", hook.secret
    db.session.rollback()
    outbound: Outbound = current_app.extensions["outbound"]
    try:
        answer = outbound.call("POST", url, headers={"Authorization": secret}, json={}, attempts=IMPORT_ATTEMPTS)
        content = answer.json()
    except PeerError as error:
        raise ImportRefused(f"The connector to Zoho CRM does not answer: {error}.") from None
    if not isinstance(content, dict):
        raise ImportRefused(USELESS)
    if answer.status >= 300:
        raise ImportRefused(str(content.get("message") or f"The connector answered HTTP {answer.status}."))
    found = content.get("data", content)
    made = found.get(key) if isinstance(found, dict) else None
    if not isinstance(made, str | int) or not str(made).isdigit():
        raise ImportRefused(USELESS)
    return {key: str(made)}
