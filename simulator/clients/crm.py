"""Client of the Zoho CRM API v8 (crm-api.md)."""

from collections.abc import Iterator
from typing import Any

from simulator.clients.base import ApiClient, Page, Refusal, Rows, date_of, object_of
from simulator.http import Answer, Outbound, PassingPeerError

VERSION = "v8"
PAGE = 200


class CrmClient(ApiClient):
    """One method for each endpoint the connector, the web and the command line need."""

    def _check(self, answer: Answer) -> None:
        if answer.status in (204, 304) or answer.status < 300:
            return
        body = object_of(answer)
        if any(key in body for key in ("data", "watch", "custom_views", "pipeline", "recycle_bin", "merge")):
            return  # outcomes per record: the caller looks at each
        raise Refusal(
            answer.status, str(body.get("code", "")), str(body.get("message", "refused")), body.get("details") or {}
        )

    def _get(self, path: str, params: dict[str, Any] | None = None, headers: dict[str, str] | None = None) -> Any:
        """The body of a GET; an empty object where the CRM has nothing to tell (204, 304)."""
        answer = self.call("GET", f"/crm/{VERSION}{path}", params=params, headers=headers)
        return {} if answer.status in (204, 304) else object_of(answer)

    # records

    def get_records(
        self,
        module: str,
        fields: list[str],
        *,
        view: str | None = None,
        modified_since: str | None = None,
        page_token: str | None = None,
    ) -> dict[str, Any]:
        """One page of a module: `data` (maybe empty), `info` and the server's `date`."""
        params: dict[str, Any] = {"fields": ",".join(fields), "per_page": PAGE}
        if view:
            params["cvid"] = view
        if page_token:
            params["page_token"] = page_token
        headers = {"If-Modified-Since": modified_since} if modified_since else None
        answer = self.call("GET", f"/crm/{VERSION}/{module}", params=params, headers=headers)
        body = {} if answer.status in (204, 304) else object_of(answer)
        if body and ("data" not in body or "info" not in body):
            raise PassingPeerError(f"the list of {module} came without its records", may_have_worked=False)
        return {"data": body.get("data", []), "info": body.get("info", {}), "date": date_of(answer)}

    def iterate(self, module: str, fields: list[str], **options: Any) -> Rows:
        """All records, page by page."""
        return Rows(self._pages(module, fields, **options))

    def _pages(self, module: str, fields: list[str], **options: Any) -> Iterator[Page]:
        token: str | None = None
        while True:
            page = self.get_records(module, fields, page_token=token, **options)
            yield Page(page["data"], page["date"])
            token = page["info"].get("next_page_token")
            if not page["info"].get("more_records"):
                return

    def get_records_by_id(self, module: str, ids: list[str], fields: list[str]) -> list[dict[str, Any]]:
        """Up to 100 records by id; those that do not exist are left out."""
        records: list[dict[str, Any]] = self._get(
            f"/{module}", {"ids": ",".join(ids), "fields": ",".join(fields), "per_page": PAGE}
        ).get("data", [])
        return records

    def get_record(self, module: str, record_id: str) -> dict[str, Any] | None:
        found = self._get(f"/{module}/{record_id}").get("data")
        return found[0] if found else None

    def create_records(
        self, module: str, records: list[dict[str, Any]], *, repeatable: bool | None = None, **extra: Any
    ) -> list[dict[str, Any]]:
        """Up to 100 records; one outcome each, in order. `repeatable` where a unique field of theirs refuses a twin."""
        return self._outcomes("POST", f"/{module}", {"data": records, **extra}, repeatable)

    def update_records(self, module: str, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
        # The same values again make the same record, so an update may be repeated.
        return self._outcomes("PUT", f"/{module}", {"data": records}, repeatable=True)

    def merge_record(self, module: str, record_id: str, loser_id: str, taken: list[str]) -> None:
        """Merges one record into another, which takes these fields of it; the loser goes to the recycle bin.

        Raises:
            Refusal: the CRM does not merge these two.
        """
        loser = {"id": loser_id, "_fields": [{"api_name": name} for name in taken]}
        path = f"/crm/{VERSION}/{module}/{record_id}/actions/merge"
        answer = self.call("POST", path, json={"merge": [{"data": [loser]}]})
        outcome: dict[str, Any] = object_of(answer)["merge"][0]
        if outcome.get("code") != "SUCCESS":
            raise Refusal(answer.status, str(outcome.get("code")), str(outcome.get("message")), outcome.get("details"))

    def delete_records(self, module: str, ids: list[str]) -> list[dict[str, Any]]:
        """Up to 100 records into the recycle bin; one outcome each, in order."""
        answer = self.call("DELETE", f"/crm/{VERSION}/{module}", params={"ids": ",".join(ids)}, repeatable=True)
        outcomes: list[dict[str, Any]] = object_of(answer).get("data", [])
        return outcomes

    def _outcomes(
        self, method: str, path: str, body: dict[str, Any], repeatable: bool | None = None
    ) -> list[dict[str, Any]]:
        answer = self.call(method, f"/crm/{VERSION}{path}", json=body, repeatable=repeatable)
        outcomes: list[dict[str, Any]] = object_of(answer).get("data", [])
        if len(outcomes) != len(body["data"]):
            raise PassingPeerError("the answer does not tell the outcome of each record", may_have_worked=True)
        return outcomes

    def deleted_records(self, module: str, since: str | None = None) -> Iterator[dict[str, Any]]:
        """Records in the recycle bin or gone for good, newest first."""
        page = 1
        headers = {"If-Modified-Since": since} if since else None
        while True:
            body = self._get(f"/{module}/deleted", {"type": "all", "page": page, "per_page": PAGE}, headers)
            yield from body.get("data", [])
            if not body.get("info", {}).get("more_records"):
                return
            page += 1

    def restore_records(self, ids: list[str]) -> list[dict[str, Any]]:
        """Up to 100 records back from the recycle bin; one outcome each, in order."""
        path = f"/crm/{VERSION}/settings/recycle_bin/actions/restore"
        answer = self.call("POST", path, json={"ids": ids}, repeatable=True)
        outcomes: list[dict[str, Any]] = object_of(answer).get("recycle_bin", [])
        return outcomes

    def coql(self, query: str) -> list[dict[str, Any]]:
        """The rows of a query; at most 200 unless it says otherwise."""
        answer = self.call("POST", f"/crm/{VERSION}/coql", json={"select_query": query}, repeatable=True)
        found: list[dict[str, Any]] = [] if answer.status == 204 else object_of(answer).get("data", [])
        return found

    def search(self, module: str, **params: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._get(f"/{module}/search", params).get("data", [])
        return found

    def related(self, module: str, record_id: str, related_list: str, fields: list[str]) -> list[dict[str, Any]]:
        """The first page of what hangs on a record."""
        path = f"/{module}/{record_id}/{related_list}"
        found: list[dict[str, Any]] = self._get(path, {"fields": ",".join(fields), "per_page": PAGE}).get("data", [])
        return found

    # metadata

    def modules(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._get("/settings/modules").get("modules", [])
        return found

    def fields(self, module: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._get("/settings/fields", {"module": module}).get("fields", [])
        return found

    def custom_views(self, module: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._get("/settings/custom_views", {"module": module, "per_page": PAGE}).get(
            "custom_views", []
        )
        return found

    def custom_view(self, module: str, view_id: str) -> dict[str, Any] | None:
        found = self._get(f"/settings/custom_views/{view_id}", {"module": module}).get("custom_views")
        return found[0] if found else None

    def layouts(self, module: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._get("/settings/layouts", {"module": module}).get("layouts", [])
        return found

    def org(self) -> dict[str, Any]:
        found: dict[str, Any] = self._get("/org")["org"][0]
        return found

    def current_user(self) -> dict[str, Any]:
        found: dict[str, Any] = self._get("/users", {"type": "CurrentUser"})["users"][0]
        return found

    def user(self, user_id: str) -> dict[str, Any] | None:
        found = self._get(f"/users/{user_id}").get("users")
        return found[0] if found else None

    def active_users(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._get("/users", {"type": "ActiveUsers", "per_page": PAGE})["users"]
        return found

    def profile(self, profile_id: str) -> dict[str, Any] | None:
        found = self._get(f"/settings/profiles/{profile_id}").get("profiles")
        return found[0] if found else None

    def has_custom_modules(self) -> bool:
        """Whether the company uses custom modules (a door of the simulator's own)."""
        return bool(self._get("/settings/custom_modules")["custom_modules"]["enabled"])

    def add_stages(self, stages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Adds stages to the potentials' pipeline (a door of the simulator's own)."""
        answer = self.call("POST", f"/crm/{VERSION}/settings/pipeline/stages", json={"stages": stages})
        found: list[dict[str, Any]] = object_of(answer).get("stages", [])
        return found

    # notifications

    def watch(self, channel: dict[str, Any]) -> dict[str, Any]:
        """Opens a notification channel, or renews it (crm-api.md §7.1)."""
        for method in ("PUT", "POST"):
            answer = self.call(method, f"/crm/{VERSION}/actions/watch", json={"watch": [channel]}, repeatable=True)
            outcome: dict[str, Any] = object_of(answer)["watch"][0]
            if outcome.get("code") == "SUCCESS":
                return outcome
        raise Refusal(answer.status, str(outcome.get("code")), str(outcome.get("message")), outcome.get("details"))

    def unwatch(self, channel_id: str) -> None:
        self.call("DELETE", f"/crm/{VERSION}/actions/watch", params={"channel_ids": channel_id})


def exchange_zsc_key(outbound: Outbound, url: str, email: str, zsc_key: str, organization: str) -> dict[str, Any]:
    """Trades an email and a ZSC key for tokens of that user (requirement K4).

    Raises:
        Refusal: with the CRM's own word for what is wrong as its code.
    """
    body = {"email": email, "zsc_key": zsc_key, "product": "ZohoInvoice", "organization": organization}
    answer = outbound.call("POST", f"{url}/oauth/v2/zsc", json=body, repeatable=True)
    found = object_of(answer)
    if answer.status >= 300:
        raise Refusal(answer.status, str(found.get("error")), str(found.get("message")), found)
    return found
