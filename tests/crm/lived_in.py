"""A lived-in world with something of each kind in it."""

import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from tests.crm.api import ADMIN, STANDARD, Answer, Crm

SNAPSHOT = "full"
HEARD = "http://localhost:9/heard"
RECORDS = ("Leads", "Accounts", "Contacts", "Deals", "Products", "Quotes", "Invoices")


class LivedIn:
    """A world of the demo company with notes, tags, jobs and so on; `reset` brings all of it back.

    Attributes:
        ids: what there is, by kind; records by their module.
        mandatory: fields that a new record of a module needs, with values.
    """

    def __init__(self, crm: Crm) -> None:
        self.crm = crm
        self.ids: dict[str, list[str]] = {}
        self.mandatory: dict[str, dict[str, Any]] = {}
        self._of_settings()
        self._of_modules()
        self._of_acts()
        self._swap("snapshot")

    def _swap(self, kind: str) -> None:
        worlds = self.crm.app.extensions["worlds"]
        worlds.swap(worlds.prepare(self.crm.world, kind, SNAPSHOT))

    def reset(self) -> None:
        self._swap("restore")

    def _list(self, path: str, key: str) -> list[Any]:
        answer = self.crm.get(path)
        assert answer.status in (200, 204), answer.body
        return list(answer.body[key]) if answer.body else []

    def _keep(self, kind: str, found: Sequence[Any]) -> None:
        self.ids[kind] = [str(one["id"]) for one in found]

    def _of_settings(self) -> None:
        base = {"name": "Dollar", "symbol": "$", "iso_code": "USD"}
        assert self.crm.post("/org/currencies/actions/enable", {"base_currency": base}).status == 200
        euro = {"name": "Euro", "symbol": "€", "iso_code": "EUR", "exchange_rate": "0.9"}
        assert self.crm.post("/org/currencies", {"currencies": [euro]}).status == 200
        key = self.crm.post("/settings/zsc_key").body["zsc_key"]["key"]
        self.ids["zsc_key"], self.ids["email"] = [key], [ADMIN]
        self._people()
        modules = [one for one in self._list("/settings/modules", "modules") if one["api_name"] in RECORDS]
        self._keep("module_id", modules)
        self._keep("user_id", self._list("/users", "users"))
        self._keep("currency_id", self._list("/org/currencies", "currencies"))
        self._keep("profile_id", self._list("/settings/profiles", "profiles"))
        self._keep("role_id", self._list("/settings/roles", "roles"))
        self._keep("role_id of contacts", self._list("/Contacts/roles", "contact_roles"))
        profile = self._list(f"/settings/profiles/{self.crm.profile('Standard')}", "profiles")[0]
        self._keep("box", profile["permissions_details"])
        layout = self._list("/settings/layouts?module=Deals", "layouts")[0]["id"]
        pipelines = self._list(f"/settings/pipeline?layout_id={layout}", "pipeline")
        second = {"display_value": "Second", "maps": [{"id": one["id"]} for one in pipelines[0]["maps"]]}
        made = _made(self.crm.post(f"/settings/pipeline?layout_id={layout}", {"pipeline": [second]}))
        self._keep("pipeline_id", [*made, *pipelines])
        self._keep("stage_id", pipelines[0]["maps"])

    def _people(self) -> None:
        """Somebody who did not confirm yet, and a profile and a role that may be deleted."""
        profile = self.crm.profile("Standard")
        cloned = {"profiles": [{"name": "Guests"}]}
        self._keep("own profile_id", _made(self.crm.post(f"/settings/profiles/{profile}/actions/clone", cloned)))
        role = self._list("/settings/roles", "roles")[-1]["id"]
        invited = {"email": "fay@zylker.example", "last_name": "Fay", "profile": profile, "role": role}
        self._keep("invited", _made(self.crm.post("/users", {"users": [invited]})))

    def _of_modules(self) -> None:
        for module in RECORDS:
            named = f"?module={module}"
            fields = self._list(f"/settings/fields{named}", "fields")
            layouts = self._list(f"/settings/layouts{named}", "layouts")
            self._keep(f"record_id {module}", self._list(f"/{module}?fields=id&per_page=20", "data"))
            self._keep(f"field_id {module}", fields)
            self._keep(f"option {module}", [option for field in fields for option in field["pick_list_values"]])
            self._keep(f"layout_id {module}", layouts)
            self._keep(f"section {module}", layouts[0]["sections"])
            self._keep(f"view_id {module}", self._list(f"/settings/custom_views{named}", "custom_views"))
            related = self._list(f"/settings/related_lists{named}", "related_lists")
            self.ids[f"related_name {module}"] = [one["api_name"] for one in related]
            self.mandatory[module] = {field["api_name"]: _value(field) for field in fields if field["system_mandatory"]}
        for module, items in (("Quotes", "Quoted_Items"), ("Invoices", "Invoiced_Items")):
            self.mandatory[module]["Account_Name"] = {"id": self.ids["record_id Accounts"][0]}
            self.mandatory[module][items] = [{"Product_Name": {"id": self.ids["record_id Products"][0]}, "Quantity": 1}]

    def _of_acts(self) -> None:
        for module in RECORDS:
            tags = {"tags": [{"name": "Red"}, {"name": "Blue"}]}
            self._keep(f"tag_id {module}", _made(self.crm.post(f"/settings/tags?module={module}", tags)))
            first = self.ids[f"record_id {module}"][:1]
            self.ids[f"record_id noted {module}"] = first
            record = f"/{module}/{first[0]}"
            self.crm.post(f"{record}/actions/add_tags", {"tags": [{"name": "Red"}]})
            notes = self.crm.post(f"{record}/Notes", {"data": [{"Note_Content": "Seen"}]})
            self._keep(f"note_id {module}", _made(notes))
            self._keep(f"attachment_id {module}", _made(self.crm.upload(f"{record}/Attachments", b"x")))
        for module in RECORDS:
            view = {"name": "Mine", "fields": [{"api_name": "id"}]}
            views = self.crm.post(f"/settings/custom_views?module={module}", {"custom_views": [view]})
            self._keep(f"own view_id {module}", _made(views))
            field = {"field_label": "Own", "data_type": "text"}
            self._keep(
                f"own field_id {module}", _made(self.crm.post(f"/settings/fields?module={module}", {"fields": [field]}))
            )
        self._of_relations()
        self._of_jobs()

    def _of_relations(self) -> None:
        for account in self.ids["record_id Accounts"]:
            contacts = self._list(f"/Accounts/{account}/Contacts?fields=id", "data")
            if contacts:
                self.ids["record_id related"] = [account]
                self._keep("related_id", contacts)

    def _of_jobs(self) -> None:
        gone = [self.crm.add("Leads", Last_Name=name, Company="Gone Ltd") for name in ("Gone", "Lost")]
        self.crm.delete(f"/Leads?ids={','.join(gone)}")
        self.ids["record_id in bin"] = gone
        channel = {"channel_id": "1001", "events": ["Deals.all"], "notify_url": HEARD}
        self.crm.post("/actions/watch", {"watch": [channel]})
        self.ids["channel_id"] = ["1001"]
        doomed = {"comparator": "equal", "field": {"api_name": "Last_Name"}, "value": "Doomed"}
        view = {"name": "Doomed", "fields": [{"api_name": "id"}], "criteria": doomed}
        cvid = _made(self.crm.post("/settings/custom_views?module=Leads", {"custom_views": [view]}))[0]["id"]
        self.crm.add("Leads", Last_Name="Doomed", Company="Gone Ltd")
        owner = {"id": self.crm.user(STANDARD)}
        for act, more in (("update", {"data": [{"City": "Rome"}]}), ("change_owner", {"owner": owner}), ("delete", {})):
            answer = self.crm.post(f"/Leads/actions/mass_{act}", {"cvid": cvid, **more})
            self.ids[f"job_id of mass_{act}"] = [answer.details["job_id"]]
        self._of_bulk()

    def _of_bulk(self) -> None:
        org = self.crm.get("/org").body["org"][0]["zgid"]
        sent = {"Authorization": f"Zoho-oauthtoken {self.crm.token}", "feature": "bulk-write", "X-CRM-ORG": org}
        file = {"file": (io.BytesIO(zipped()), "Accounts.zip")}
        answer = self.crm.client.post("/crm/v8/upload", headers=sent, data=file)
        assert answer.status_code == 200, answer.data
        self.ids["file_id"], self.ids["X-CRM-ORG"] = [answer.json["details"]["file_id"]], [org]
        self._job("read", {"query": {"module": {"api_name": "Accounts"}}})
        resource = {"type": "data", "module": {"api_name": "Accounts"}, "file_id": self.ids["file_id"][0]}
        self._job("write", {"operation": "insert", "resource": [resource]})
        self.crm.app.extensions["bulk_worker"].work(self.crm.world)

    def _job(self, kind: str, body: Any) -> None:
        sent = {"Authorization": f"Zoho-oauthtoken {self.crm.token}"}
        answer = self.crm.client.post(f"/crm/bulk/v8/{kind}", headers=sent, json=body)
        assert answer.status_code == 201, answer.data
        outcome = answer.json["data"][0] if kind == "read" else answer.json
        self.ids[f"job_id of {kind}"] = [outcome["details"]["id"]]

    def one_of(self, kind: str, given: Any, module: str = "") -> Any:
        """Something of a kind that is there, chosen by what was generated; that itself, now and then."""
        number = zlib.crc32(repr(given).encode())
        found = self.ids.get(f"{kind} {module}") or self.ids.get(kind)
        return given if number % 8 == 0 or not found else found[number // 8 % len(found)]


def zipped() -> bytes:
    """What a bulk write takes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("Accounts.csv", "Account_Name\nOne\n")
    return out.getvalue()


def _made(answer: Answer) -> list[dict[str, Any]]:
    """What each outcome says of what was made."""
    assert answer.status in (200, 201), answer.body
    return [outcome["details"] for outcome in answer.outcomes]


def _value(field: Mapping[str, Any]) -> Any:
    """A value that fits a field."""
    options = [one["actual_value"] for one in field["pick_list_values"]]
    fitting = {"email": "a@b.example", "date": "2026-01-31", "integer": 1, "currency": 1, "double": 1}
    return options[0] if options else fitting.get(field["data_type"], "New")
