"""The world that the table is about: something of each kind in it, names for it, and people who may little."""

import json
from collections.abc import Mapping
from typing import Any

from werkzeug.test import TestResponse

from mock_crm.database import db
from simulator import wire
from simulator.worlds import SURVIVING_TABLES
from tests.crm.api import STANDARD, Crm
from tests.crm.conftest import credentials
from tests.crm.endpoints.rows import NOBODY, Call
from tests.crm.lived_in import LivedIn
from tests.support.answers import named

SNAPSHOT = "table"
#: A user whose profile has no box ticked.
IDLE = "gus@zylker.example"


class Place:
    """A world that can be called as anybody in it, and brought back to what it was."""

    def __init__(self, crm: Crm, names: Mapping[str, str]) -> None:
        self.crm = crm
        self.names = dict(names)
        self._tokens: dict[str, str] = {}
        self.scopeless = crm.with_scopes("ZohoCRM.nothing.READ").token
        self._worlds = crm.app.extensions["worlds"]
        self._worlds.swap(self._worlds.prepare(crm.world, "snapshot", SNAPSHOT))
        self._untouched = self._content()
        self._is_changed = False

    def tidy_up(self) -> None:
        """Brings the world back to what it was, when something was done in it."""
        if self._is_changed:
            self._worlds.swap(self._worlds.prepare(self.crm.world, "restore", SNAPSHOT))
        self._is_changed = False

    @property
    def changes(self) -> dict[str, Any]:
        """Rows that came, went or are others than they were, by table."""
        now = self._content()
        found = {name: rows ^ self._untouched[name] for name, rows in now.items() if rows != self._untouched[name]}
        self._is_changed = bool(found)
        return found

    def _content(self) -> dict[str, frozenset[Any]]:
        """All there is in the world, but for the evidence of calls and who may call."""
        tables = [table for table in db.metadata.sorted_tables if table.name not in SURVIVING_TABLES]
        with self._worlds.transaction(self.crm.world, reads_only=True):
            return {table.name: frozenset(map(tuple, db.session.execute(table.select()))) for table in tables}

    def token_of(self, email: str) -> str:
        if email not in self._tokens:
            self._tokens[email] = self.crm.sign_in(email)
        return self._tokens[email]

    def send(self, method: str, call: Call, token: str, names: Mapping[str, str]) -> tuple[int, Any]:
        """One call, with the names in it replaced: its status, and its body as JSON where it is."""
        sent = {"Authorization": f"Zoho-oauthtoken {token}"} if token else {}
        sent |= {name: named(text, names) for name, text in (call.headers or {}).items()}
        address = _full(named(call.at, names))
        if call.file:
            cut = b'--cut\r\nContent-Disposition: form-data; name="file"; filename="file.zip"\r\n\r\n'
            body: Any = cut + call.file + b"\r\n--cut--\r\n"
            sent["Content-Type"] = "multipart/form-data; boundary=cut"
        elif call.form is not None:
            body = {name: named(text, names) for name, text in call.form.items()}
        else:
            body = json.dumps(named(call.body, names)).encode() if call.body is not None else None
        answer = self.crm.client.open(address, method=method, headers=sent, data=body)
        if method != "GET" and answer.status_code < 400:
            self._is_changed = True
        return answer.status_code, _read(answer)


def _full(at: str) -> str:
    if at.startswith("/oauth/"):
        return at
    return f"/crm/bulk/v8{at.removeprefix('/bulk')}" if at.startswith("/bulk/") else f"/crm/v8{at}"


def _read(answer: TestResponse) -> Any:
    if not answer.data:
        return None
    is_json = answer.mimetype == "application/json" or answer.data[:1] in (b"{", b"[")
    return wire.loads(answer.data) if is_json else answer.data


def outcome_id(body: Any) -> str | None:
    """The id that an outcome tells of."""
    if isinstance(body, dict) and "details" not in body:
        body = next((one[0] for one in body.values() if isinstance(one, list) and one), None)
    details = body.get("details") if isinstance(body, dict) else None
    return str(details["id"]) if isinstance(details, dict) and "id" in details else None


def furnish(crm: Crm) -> dict[str, str]:
    """Puts into the demo company what the table calls for; the names of it all."""
    lived = LivedIn(crm)
    ids = lived.ids
    names = {
        name: ids[kind][0]
        for name, kind in {
            **{word.lower(): f"record_id {word}s" for word in ("Account", "Contact", "Deal", "Product", "Quote")},
            **{"lead": "record_id Leads", "note": "note_id Accounts", "attachment": "attachment_id Accounts"},
            **{"user": "user_id", "profile": "own profile_id", "invited": "invited", "currency": "currency_id"},
            **{"view": "own view_id Accounts", "field": "own field_id Accounts", "layout": "layout_id Accounts"},
            **{"deals_layout": "layout_id Deals", "pipeline": "pipeline_id", "tag": "tag_id Accounts"},
            **{"stage": "stage_id", "gone": "record_id in bin", "parent": "record_id related", "child": "related_id"},
            **{"updating": "job_id of mass_update", "deleting": "job_id of mass_delete", "org": "X-CRM-ORG"},
            **{"giving": "job_id of mass_change_owner", "reading": "job_id of read", "writing": "job_id of write"},
            **{"file": "file_id", "zsc_key": "zsc_key", "box": "box"},
        }.items()
    }
    names |= {
        f"{name}2": ids[f"record_id {name.capitalize()}s"][1]
        for name in ("account", "contact", "deal", "lead", "product")
    }
    names |= {
        "nobody": NOBODY,
        "unread": crm.view("Accounts", "Unread Accounts"),
        "tag2": ids["tag_id Accounts"][1],
        "gone2": ids["record_id in bin"][1],
    }
    names |= credentials(crm.world) | {"token": crm.token, "spare": crm.sign_in(STANDARD)}
    names["euro"], names["standard"] = ids["currency_id"][-1], crm.user(STANDARD)
    names["standard_profile"], names["stage2"] = crm.profile("Standard"), ids["stage_id"][1]
    names |= {"first_pipeline": ids["pipeline_id"][1], "system_view": crm.view("Accounts", "All Accounts")}
    return names | _more(crm, names)


def _more(crm: Crm, names: Mapping[str, str]) -> dict[str, str]:
    """What only the table needs: all of it is made here, so that no other world has the same."""
    made = {}
    made["administrators"] = crm.profile("Administrator")
    role = crm.get("/settings/roles").body["roles"][-1]["id"]
    made["manager"] = role
    made["role"] = _id(crm.post("/settings/roles", {"roles": [{"name": "Seller", "reporting_to": {"id": role}}]}))
    made["contact_role"] = _id(crm.post("/Contacts/roles", {"contact_roles": [{"name": "Referee"}]}))
    crm.put(f"/Deals/{names['deal']}/Contact_Roles/{names['contact']}", {"data": [{"Contact_Role": "Referee"}]})
    crm.put(f"/Deals/{names['deal']}/Products/{names['product']}", {"data": [{}]})
    photo = crm.upload(f"/Accounts/{names['account']}/photo", PICTURE, "photo.png")
    assert photo.status == 200, photo.body
    module = {"plural_label": "Trips", "singular_label": "Trip", "profiles": [{"id": crm.profile("Administrator")}]}
    made["module"] = _id(crm.post("/settings/modules", {"modules": [module]}))
    stage = {"display_value": "Sounding", "actual_value": "Sounding", "probability": 5, "forecast_type": "Open"}
    made["own_stage"] = _id(crm.post("/settings/pipeline/stages", {"stages": [stage]}))
    idle = {"profiles": [{"name": "Idle"}]}
    made["idle_profile"] = _id(crm.post(f"/settings/profiles/{crm.profile('Support')}/actions/clone", idle))
    boxes = crm.get(f"/settings/profiles/{made['idle_profile']}").body["profiles"][0]["permissions_details"]
    crm.allow("Idle", **{box["name"]: False for box in boxes})
    gus = {"email": IDLE, "last_name": "Gus", "profile": made["idle_profile"], "role": made["role"]}
    made["idle"] = _id(crm.post("/users", {"users": [gus]}))
    assert crm.post(f"/users/{made['idle']}/actions/accept_invitation").status == 200
    return made


def _id(answer: Any) -> str:
    found = outcome_id(answer.body)
    assert found is not None, answer.body
    return found


PICTURE = b"\x89PNG\r\n\x1a\n"
