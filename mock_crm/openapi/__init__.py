"""What the CRM's routes say of themselves in its OpenAPI document, for each version."""

from collections.abc import Mapping
from typing import Any

from werkzeug.routing import Rule

from mock_crm.openapi import acts_shapes, common_shapes, jobs_shapes, organization_shapes, settings_shapes, views_shapes
from mock_crm.versions import SERVED, Version
from simulator.openapi import Book, doc_of
from simulator.shapes import ID, Shape

VERSIONS = tuple(SERVED)

_INTRO = (
    "A local stand-in for the API of Zoho CRM. A token comes from POST /oauth/v2/token and goes out as "
    "`Authorization: Zoho-oauthtoken <token>`. Ids are strings of digits. An empty list is answered 204."
)
_NAME: Shape = {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_]*$"}
_IDS = (
    *("record_id", "layout_id", "view_id", "profile_id", "role_id", "user_id", "currency_id", "tag_id", "note_id"),
    *("attachment_id", "related_id", "job_id", "pipeline_id", "stage_id"),
)
_VALUES: Mapping[str, Shape] = {
    "module": {**_NAME, "description": "A module's api name.", "examples": ["Accounts"]},
    "related_name": {**_NAME, "description": "A related list's api name.", "examples": ["Contacts"]},
    "name": {**_NAME, "description": "The module's api name, or its id.", "examples": ["Accounts"]},
    "field_id": {"type": "string", "pattern": "^[A-Za-z0-9_]+$", "description": "The field's id, or its api name."},
    "api_name": _NAME,
    **dict.fromkeys(_IDS, ID),
}


def book_of(version: str) -> Book:
    """The document's common part, for one version of the API."""
    return Book(
        title="Zoho CRM, simulated",
        intro=_INTRO,
        version=version,
        path_of=lambda rule: _path_of(rule, version),
        values=_VALUES,
        components=_components(SERVED[version]),
        needs_of=_needs_of,
        refusals=_refusals,
        security={"type": "apiKey", "in": "header", "name": "Authorization"},
        is_open=lambda view: not hasattr(view, "rule"),
        area_of=lambda blueprint: AREAS.get(blueprint, blueprint.replace("_", " ").capitalize()),
        versions=VERSIONS,
    )


def _components(version: Version) -> dict[str, Shape]:
    parts = (common_shapes, settings_shapes, views_shapes, organization_shapes, acts_shapes, jobs_shapes)
    return {name: shape for part in parts for name, shape in part.shapes(version).items()}


def _path_of(rule: Rule, version: str) -> str | None:
    """Everything but our own control routes and what serves this document."""
    return None if rule.rule.startswith("/_sim/") else rule.rule.replace("<version>", version)


def shortened(path: str) -> str:
    """An address as the table in the README shows it."""
    return path.replace(f"/crm/{VERSIONS[-1]}", "").replace(f"/crm/bulk/{VERSIONS[-1]}", "/bulk")


#: The heading each blueprint stands under.
AREAS: Mapping[str, str] = {
    "accounts": "Tokens",
    "zsc_exchange": "ZSC key",
    "zsc": "ZSC key",
    "users": "Users",
    "user_search": "Users",
    "company": "Organization",
    "currencies": "Currencies",
    "profiles": "Profiles",
    "roles": "Roles",
    "modules": "Modules",
    "custom_modules": "Modules",
    "metadata": "Fields",
    "field_creating": "Fields",
    "field_changing": "Fields",
    "layouts": "Layouts",
    "pipeline": "Pipelines and stages",
    "custom_views": "Custom views",
    "watch": "Notifications",
    "converting": "Leads",
    "bulk_upload": "Bulk write",
    "bulk_read": "Bulk read",
    "bulk_write": "Bulk write",
    "composite": "Composite",
    "features": "Features and limits",
    "apis": "Features and limits",
    "coql": "COQL",
    "finding": "Search, count, deleted",
    "recycle_bin": "Recycle bin",
    "tags": "Tags",
    "cloning": "Clone and merge",
    "merging": "Clone and merge",
    "mass": "Many records at once",
    "contact_roles": "Related lists",
    "related": "Related lists",
    "notes": "Notes",
    "attachments": "Attachments and photos",
    "photos": "Attachments and photos",
    "records": "Records",
}

#: What of the vendor's API is not here, by area; it is refused as an unknown address, module or type, never imitated.
NOT_EMULATED: Mapping[str, str] = {
    "Activities": "Tasks, Events, Calls and the old Activities module",
    "Attachments and photos": "the photos of users and of the organization, files of fields (`/files`)",
    "Automation": "workflow rules, approvals, blueprints, assignment rules, scoring, cadences",
    "Bulk read": "calendars (`ics`)",
    "Bulk write": "several resources in one job, such as children in files of their own",
    "COQL": "subqueries",
    "Custom views": "favourites, cross-filters",
    "Email": "sending mail, templates, drafts",
    "Fields": "formulas, roll-up summaries, subforms of one's own, consents, linking modules, "
    "global picklists, uniqueness by case",
    "Layouts": "more than the Standard layout, layout rules, validation rules, map dependencies",
    "Leads": "mapping of custom fields at conversion, conversion in bulk",
    "Modules": "team modules, tabs and their groups",
    "Organization": "changing its details, business hours, fiscal year, holidays, sandboxes",
    "Other modules": "Campaigns, Cases, Solutions, Vendors, Price_Books, Purchase_Orders, Forecasts",
    "Records": "external ids (`X-EXTERNAL`), sharing of single records, locking, timelines, Zia, GDPR consent",
    "Territories": "territories and what is shared by them",
    "Tokens": "the registration of clients, the device flow, data centres other than one",
    "Users": "groups, reporting lines, unavailability, shifts, transfer and deletion as jobs",
    "Variables": "CRM variables, functions, widgets, audit log",
}


def _needs_of(view: Any) -> str:
    rule = getattr(view, "rule", None)
    if rule is None:
        return ""
    scopes = " and ".join(scope if scope.startswith("Zoho") else f"ZohoCRM.{scope}" for scope in rule.scopes)
    permission = f" Permission: {rule.permission}." if rule.permission else ""
    return f"Scope: {scopes or 'none'}.{permission}"


def _refusals(view: Any) -> Mapping[int, str]:
    """What every call may be refused with; those that need no token say it themselves."""
    if not hasattr(view, "rule"):
        return {}
    too_large = {413: "Error"} if doc_of(view).body is not None else {}
    return {400: "Refused", 401: "Error", 403: "Refused", **too_large, 429: "Error"}
