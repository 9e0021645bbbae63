"""What stands around every page: the switch, the side, the date and the person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, g, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.routing import BaseConverter

from web import session
from web.formats import day
from web.i18n import _

#: Blueprint -> product whose accent and side the page has.
PRODUCTS = {
    "crm": _("CRM"),
    "invoice": _("Invoice"),
    "integration": _("Integration"),
    "control_room": _("Control room"),
}

#: Product -> where it starts, and the key that leads there after `g`.
STARTS = {
    "crm": ("crm.start", "c"),
    "invoice": ("invoice.start", "i"),
    "integration": ("integration.dashboard", "n"),
    "control_room": ("control_room.worlds", "r"),
}

#: Product -> groups of (heading, [(label, endpoint, icon)]).
SIDES: dict[str, list[tuple[str | None, list[tuple[str, str, str]]]]] = {
    "crm": [
        (
            None,
            [
                (_("Home"), "crm.start", "chart"),
                (_("Leads"), "crm.leads", "person"),
                (_("Accounts"), "crm.accounts", "building"),
                (_("Contacts"), "crm.contacts", "person"),
                (_("Potentials"), "crm.potentials", "target"),
                (_("Products"), "crm.products", "box"),
                (_("Quotes"), "crm.quotes", "estimate"),
                (_("Invoices"), "crm.invoices", "document"),
                (_("Recycle bin"), "crm.recycle_bin", "bin"),
            ],
        ),
        (
            _("Setup"),
            [
                (_("Modules and Fields"), "crm.setup_modules", "sliders"),
                (_("Currencies"), "crm.setup_currencies", "money"),
                (_("Users"), "crm.setup_users", "person"),
                (_("Security Control"), "crm.setup_profiles", "lock"),
                (_("APIs"), "crm.zsc_key", "key"),
            ],
        ),
    ],
    "invoice": [
        (
            None,
            [
                (_("Contacts"), "invoice.contacts", "person"),
                (_("Items"), "invoice.items", "box"),
                (_("Estimates"), "invoice.estimates", "estimate"),
                (_("Sales orders"), "invoice.salesorders", "box"),
                (_("Invoices"), "invoice.invoices", "document"),
                (_("Recurring invoices"), "invoice.recurringinvoices", "sync"),
                (_("Payments"), "invoice.payments", "money"),
                (_("Credit notes"), "invoice.creditnotes", "document"),
                (_("Sent mails"), "invoice.outbox", "mail"),
            ],
        ),
        (
            _("Settings: Preferences"),
            [
                (_("Contacts"), "invoice.preferences_contacts", "sliders"),
                (_("Items"), "invoice.preferences_items", "sliders"),
                (_("Estimates"), "invoice.preferences_estimates", "sliders"),
                (_("Sales orders"), "invoice.preferences_salesorders", "sliders"),
                (_("Invoices"), "invoice.preferences_invoices", "sliders"),
            ],
        ),
        (
            _("Settings: Organization"),
            [
                (_("Currencies"), "invoice.currencies", "money"),
                (_("Users and roles"), "invoice.users", "person"),
            ],
        ),
        (_("Settings: Integrations"), [(_("Zoho Apps"), "invoice.zoho_apps", "plug")]),
    ],
    "integration": [
        (
            None,
            [
                (_("Dashboard"), "integration.dashboard", "chart"),
                (_("Potentials"), "integration.potentials", "target"),
                (_("Linked records"), "integration.links", "sync"),
                (_("Sync history"), "integration.runs", "clock"),
                (_("Outbox"), "integration.mails", "document"),
                (_("Settings"), "integration.settings", "sliders"),
            ],
        ),
    ],
    "control_room": [
        (
            None,
            [
                (_("Worlds"), "control_room.worlds", "building"),
                (_("Clock"), "control_room.clock", "clock"),
                (_("Faults"), "control_room.faults", "warning"),
                (_("Journal"), "control_room.journal", "document"),
                (_("Pause points"), "control_room.pause", "target"),
                (_("Notices"), "control_room.outbox", "sync"),
                (_("Mails"), "control_room.mails", "mail"),
                (_("Lessons"), "lessons.show", "check"),
            ],
        ),
    ],
}

#: What can be seen without being signed in.
OPEN_ENDPOINTS = {"signin.show", "signin.enter", "signin.leave", "asset", "static", "showcase.show", None}


@dataclass(frozen=True)
class Link:
    """An entry of the switch or the side."""

    label: str
    url: str
    is_current: bool
    icon: str = ""
    key: str = ""


class KeyConverter(BaseConverter):
    """An id in an address: letters and digits only, so that it cannot lead an API's address elsewhere."""

    regex = "[A-Za-z0-9_-]{1,64}"


class Frame:
    """The frame of the page under way; asks for nothing before the template does."""

    @property
    def product(self) -> str:
        return str(g.get("product") or (request.blueprint or "").split(".")[0])

    @property
    def switch(self) -> list[Link]:
        """The products; a record page names its twin in `g.twins`, so the switch keeps its place."""
        twins: dict[str, str] = g.get("twins", {})
        return [
            Link(
                label,
                twins.get(product) or url_for(STARTS[product][0]),
                product == self.product,
                key=STARTS[product][1],
            )
            for product, label in PRODUCTS.items()
        ]

    @property
    def side(self) -> list[tuple[str | None, list[Link]]]:
        here = str(g.get("side") or request.endpoint or "")
        return [
            (
                heading,
                [Link(label, url_for(endpoint), _belongs(here, endpoint), icon) for label, endpoint, icon in links],
            )
            for heading, links in SIDES.get(self.product, [])
        ]

    @property
    def person(self) -> Any:
        return session.person_or_none()

    @property
    def world(self) -> str:
        return session.world()

    @property
    def today(self) -> dict[str, Any] | None:
        """The simulated date, and whether it differs from today's."""
        clock = session.clock()
        if not clock:
            return None
        now, real = datetime.fromisoformat(clock["now"]), datetime.fromisoformat(clock["real_now"])
        return {
            "day": day(now.date()),
            "iso": now.isoformat(),
            "is_shifted": now.date() != real.date(),
            "real_day": day(real.date()),
            "is_frozen": bool(clock.get("frozen")),
        }


def _belongs(here: str, endpoint: str) -> bool:
    """A record page belongs to its list (crm.accounts_record), a wizard step to the settings."""
    return here == endpoint or here.startswith(f"{endpoint}_")


def page_address(**changes: Any) -> str:
    """This page's address with some of its query changed; None takes a part away."""
    query: dict[str, Any] = {**request.args.to_dict(), **changes}
    kept = {key: value for key, value in query.items() if value not in (None, "")}
    return url_for(str(request.endpoint), **{**(request.view_args or {}), **kept})


def register(app: Flask) -> None:
    """Gives the templates the frame, and lets nobody in who has not signed in."""
    app.url_map.converters["key"] = KeyConverter
    app.jinja_env.globals["page_address"] = page_address

    @app.context_processor
    def frame() -> dict[str, Frame]:
        return {"frame": Frame()}

    @app.before_request
    def ask_who() -> ResponseReturnValue | None:
        if request.endpoint not in OPEN_ENDPOINTS and not request.path.startswith("/_sim"):
            session.person()
        return None
