"""Notification channels and the calls they are owed (crm-api.md §7.1)."""

from typing import Any

import pytest
from sqlalchemy import select

from simulator import wire
from simulator.database import session
from simulator.outbox import outbox
from tests.crm.api import SALES, STANDARD, SUPPORT, Crm

HOOK = "http://127.0.0.1:9/hook?x=1"
PATH = "/actions/watch"


def watch(crm: Crm, *events: str, method: str = "POST", **more: Any) -> Any:
    channel = {"channel_id": "1001", "events": list(events), "notify_url": HOOK, "token": "secret", **more}
    return crm.call(method, PATH, {"watch": [channel]})


def owed(crm: Crm) -> list[dict[str, Any]]:
    """The bodies of the calls that are owed, the oldest first."""
    with crm.app.extensions["worlds"].transaction(crm.world, reads_only=True):
        rows = session().execute(select(outbox.c.body).order_by(outbox.c.id)).all()
    return [wire.loads(row[0]) for row in rows]


def potential(crm: Crm, **values: Any) -> str:
    return crm.add("Deals", **{"Deal_Name": "Big", "Stage": "Qualification", **values})


def test_a_channel_is_opened_with_an_entry_for_each_module(crm: Crm):
    answer = watch(crm, "Potentials.all", "Accounts.edit", "Accounts.create")

    assert answer.status == 201
    assert answer.outcome["message"] == "Successfully subscribed for actions-watch of the given module"
    events = answer.details["events"]
    assert [event["resource_name"] for event in events] == ["Deals", "Accounts"]
    assert events[0].keys() == {"channel_expiry", "resource_uri", "resource_id", "resource_name", "channel_id"}


@pytest.mark.requirement("G7")
def test_one_call_is_owed_for_each_api_call_module_and_channel(crm: Crm):
    watch(crm, "Deals.all")

    answer = crm.create("Deals", *[{"Deal_Name": name, "Stage": "Qualification"} for name in "abc"])

    (body,) = owed(crm)
    assert body["ids"] == [outcome["details"]["id"] for outcome in answer.outcomes]
    assert body == {
        "server_time": body["server_time"],
        "query_params": {"x": "1"},
        "module": "Deals",
        "resource_uri": "http://crm.test/crm/v2/Deals",
        "ids": body["ids"],
        "affected_fields": [],
        "operation": "insert",
        "channel_id": "1001",
        "token": "secret",
    }


@pytest.mark.requirement("G7")
def test_an_edit_names_the_fields_that_changed(crm: Crm):
    made = potential(crm, Amount=10)
    watch(crm, "Deals.edit", return_affected_field_values=True)

    crm.put(f"/Deals/{made}", {"data": [{"Stage": "Closed Won", "Amount": 10}]})

    (body,) = owed(crm)
    assert (body["operation"], body["ids"]) == ("update", [made])
    assert body["affected_fields"] == [{made: ["Expected_Revenue", "Probability", "Stage"]}]
    values = {"Expected_Revenue": 10, "Probability": 100, "Stage": "Closed Won"}
    assert body["affected_values"] == [{"record_id": made, "values": values}]


def test_a_delete_is_told(crm: Crm):
    made = potential(crm)
    watch(crm, "Deals.delete")

    crm.delete(f"/Deals/{made}")

    (body,) = owed(crm)
    assert (body["operation"], body["ids"]) == ("delete", [made])


def test_an_upsert_tells_of_inserts_and_updates_apart(crm: Crm):
    potential(crm)
    watch(crm, "Deals.all")

    crm.post("/Deals/upsert", {"data": [{"Deal_Name": name, "Stage": "Closed Won"} for name in ("Big", "New")]})

    assert [body["operation"] for body in owed(crm)] == ["insert", "update"]


@pytest.mark.parametrize(
    ("event", "heard"), [("create", ["insert"]), ("edit", ["update"]), ("delete", ["delete"]), ("all", None)]
)
def test_a_channel_hears_of_what_it_watches_only(crm: Crm, event: str, heard: list[str] | None):
    watch(crm, f"Deals.{event}")

    made = potential(crm)
    crm.put(f"/Deals/{made}", {"data": [{"Amount": 5}]})
    crm.delete(f"/Deals/{made}")
    crm.add("Accounts", Account_Name="Acme")

    assert [body["operation"] for body in owed(crm)] == (heard or ["insert", "update", "delete"])


def test_what_is_refused_or_rolled_back_is_not_told(crm: Crm):
    watch(crm, "Deals.all")

    crm.create("Deals", {"Deal_Name": "No stage"})
    crm.put("/Deals", {"data": [{"id": "123", "Amount": 1}]})
    crm.delete("/Deals/123")

    assert owed(crm) == []


def test_a_channel_can_ask_for_certain_fields(crm: Crm):
    made = potential(crm)
    selection = {"group_operator": "or", "group": [{"field": {"api_name": "Stage"}}]}
    condition = {"type": "field_selection", "module": {"api_name": "Deals"}, "field_selection": selection}
    watch(crm, "Deals.edit", notification_condition=[condition])

    crm.put(f"/Deals/{made}", {"data": [{"Amount": 5}]})
    assert owed(crm) == []
    crm.put(f"/Deals/{made}", {"data": [{"Stage": "Closed Won"}]})
    assert len(owed(crm)) == 1


@pytest.mark.requirement("G10")
def test_a_channel_ends_after_an_hour_unless_it_says_otherwise(crm: Crm):
    watch(crm, "Deals.all")
    crm.advance(minutes=59)
    potential(crm)
    crm.advance(minutes=2)
    later = crm.as_("asha.rao@zylker.example")
    potential(later)

    assert len(owed(crm)) == 1
    assert later.get(PATH).status == 204


@pytest.mark.requirement("G10")
@pytest.mark.parametrize(("days", "hours"), [(6, 6 * 24), (8, 1)], ids=["within a week", "beyond a week"])
def test_a_channel_lasts_a_week_at_most(crm: Crm, days: int, hours: int):
    from datetime import datetime, timedelta

    now = datetime.fromisoformat(crm.record("Accounts", crm.add("Accounts", Account_Name="A"))["Modified_Time"])

    answer = watch(crm, "Deals.all", channel_expiry=(now + timedelta(days=days)).isoformat())

    ends = datetime.fromisoformat(answer.details["events"][0]["channel_expiry"])
    assert abs(ends - now - timedelta(hours=hours)) < timedelta(minutes=1)


def test_a_channel_can_be_listed_changed_and_closed(crm: Crm):
    assert crm.get(PATH).status == 204
    watch(crm, "Deals.all")

    changed = watch(crm, "Accounts.create", method="PUT", token="other")
    (channel,) = crm.get(f"{PATH}?channel_id=1001").body["watch"]
    closed = crm.delete(f"{PATH}?channel_ids=1001")

    assert changed.outcome["message"] == "Successfully updated the subscribe details"
    assert (channel["events"], channel["token"], channel["notify_url"]) == (["Accounts.create"], "other", HOOK)
    assert closed.outcome["message"] == "Successfully un-subscribed from actions-watch"
    assert closed.details.keys() == {"resource_uri", "resource_id", "channel_id"}
    assert crm.get(PATH).status == 204


def test_events_can_be_taken_out_of_a_channel(crm: Crm):
    watch(crm, "Deals.all", "Accounts.all")

    watch(crm, "Deals.all", method="PATCH", _delete_events=True)

    (channel,) = crm.get(PATH).body["watch"]
    assert channel["events"] == ["Accounts.all"]


def test_unknown_channels_and_those_of_others_are_not_subscribed(crm: Crm):
    watch(crm.as_(STANDARD), "Deals.all")

    assert crm.get(PATH).status == 204
    for answer in (
        crm.delete(f"{PATH}?channel_ids=1001"),
        watch(crm, "Deals.all", method="PUT"),
        watch(crm, "Deals.all", method="PATCH"),
    ):
        assert (answer.status, answer.code) == (400, "NOT_SUBSCRIBED")
    assert watch(crm, "Deals.all").code == "INVALID_DATA"


def test_a_channel_hears_only_while_its_user_may_see_the_module(crm: Crm):
    watch(crm.as_(SALES), "Deals.all")
    potential(crm)
    crm.allow("Sales", Crm_Implied_View_Potentials=False)
    potential(crm)
    crm.allow("Sales", Crm_Implied_View_Potentials=True)
    crm.put(f"/users/{crm.user(SALES)}", {"users": [{"status": "inactive"}]})
    potential(crm)

    assert len(owed(crm)) == 1
    assert watch(crm.as_(SUPPORT), "Deals.all", channel_id=5).code == "NO_PERMISSION"


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"channel_id": None}, "MANDATORY_NOT_FOUND", "channel_id"),
        ({"channel_id": "x"}, "INVALID_DATA", "channel_id"),
        ({"events": []}, "MANDATORY_NOT_FOUND", "events"),
        ({"events": "Deals.all"}, "INVALID_DATA", "events"),
        ({"events": ["Deals"]}, "INVALID_DATA", "events"),
        ({"events": ["Nope.all"]}, "INVALID_DATA", "events"),
        ({"events": ["Deals.read"]}, "INVALID_DATA", "events"),
        ({"events": [5]}, "INVALID_DATA", "events"),
        ({"notify_url": None}, "MANDATORY_NOT_FOUND", "notify_url"),
        ({"notify_url": "ftp://127.0.0.1/"}, "INVALID_DATA", "notify_url"),
        ({"notify_url": "http://elsewhere.example/"}, "INVALID_DATA", "notify_url"),
        ({"notify_url": "http://127.0.0.1:99999/"}, "INVALID_DATA", "notify_url"),
        ({"notify_url": "http://user@127.0.0.1/"}, "INVALID_DATA", "notify_url"),
        ({"notify_url": "http://[::1"}, "INVALID_DATA", "notify_url"),
        ({"notify_url": 5}, "INVALID_DATA", "notify_url"),
        ({"token": "x" * 51}, "INVALID_DATA", "token"),
        ({"channel_expiry": "soon"}, "INVALID_DATA", "channel_expiry"),
        ({"channel_expiry": "2001-01-01T00:00:00Z"}, "INVALID_DATA", "channel_expiry"),
        ({"notification_condition": 5}, "INVALID_DATA", "notification_condition"),
        ({"notification_condition": [{}]}, "INVALID_DATA", "notification_condition"),
    ],
)
def test_a_channel_that_makes_no_sense_is_refused(crm: Crm, given: dict[str, Any], code: str, field: str):
    answer = crm.post(PATH, {"watch": [{"channel_id": "1", "events": ["Deals.all"], "notify_url": HOOK, **given}]})

    assert (answer.status, answer.code, answer.details["api_name"]) == (400, code, field)


def test_addresses_that_the_configuration_names_are_allowed(crm: Crm):
    assert watch(crm, "Deals.all", notify_url="http://connector.test/notifications").status == 201


def test_several_channels_have_an_outcome_each(crm: Crm):
    fine = {"channel_id": 1, "events": ["Deals.all"], "notify_url": HOOK}

    answer = crm.post(PATH, {"watch": [fine, {"channel_id": 2}, 5]})

    assert answer.status == 207
    assert [outcome["code"] for outcome in answer.outcomes] == ["SUCCESS", "MANDATORY_NOT_FOUND", "INVALID_DATA"]


def test_channels_are_closed_by_their_ids(crm: Crm):
    assert crm.delete(PATH).details == {"param_name": "channel_ids"}


def fields_condition(operator: str, *members: Any, module: str = "Deals") -> dict[str, Any]:
    group = [{"field": {"api_name": member}} if isinstance(member, str) else member for member in members]
    selection = {"group_operator": operator, "group": group}
    return {"type": "field_selection", "module": {"api_name": module}, "field_selection": selection}


@pytest.mark.parametrize(
    ("changes", "is_told"),
    [
        ({"Stage": "Closed Won"}, True),
        ({"Type": "New Business"}, False),
        ({"Type": "New Business", "Next_Step": "Call"}, True),
        ({"Amount": 7}, False),
    ],
    ids=["the one", "half of both", "both", "another"],
)
def test_fields_of_a_condition_are_joined_by_and_and_or(crm: Crm, changes: dict[str, Any], is_told: bool):
    made = potential(crm)
    both = {"group_operator": "and", "group": [{"field": {"api_name": name}} for name in ("Type", "Next_Step")]}
    watch(crm, "Deals.edit", notification_condition=[fields_condition("or", "Stage", both)])

    crm.put(f"/Deals/{made}", {"data": [changes]})

    assert len(owed(crm)) == is_told


def test_a_condition_holds_for_edits_of_its_module_only(crm: Crm):
    account = crm.add("Accounts", Account_Name="Acme")
    watch(crm, "Deals.all", "Accounts.all", notification_condition=[fields_condition("or", "Stage")])

    made = potential(crm)
    crm.put(f"/Accounts/{account}", {"data": [{"Phone": "1"}]})
    crm.delete(f"/Deals/{made}")

    assert [(body["module"], body["operation"]) for body in owed(crm)] == [
        ("Deals", "insert"),
        ("Accounts", "update"),
        ("Deals", "delete"),
    ]


@pytest.mark.parametrize(
    "condition",
    [
        {**fields_condition("or", "Stage"), "type": "other"},
        {"module": {"api_name": "Deals"}, "field_selection": {}},
        fields_condition("xor", "Stage"),
        fields_condition("or", "Nope"),
        fields_condition("or", "Stage", module="Nope"),
        fields_condition("or"),
        fields_condition("or", *["Stage"] * 11),
        fields_condition("or", 5),
    ],
    ids=["type", "no type", "operator", "field", "module", "empty", "too many", "no object"],
)
def test_a_condition_that_makes_no_sense_is_refused(crm: Crm, condition: Any):
    answer = watch(crm, "Deals.all", notification_condition=[condition])

    assert (answer.code, answer.details["api_name"]) == ("INVALID_DATA", "notification_condition")


@pytest.mark.parametrize(
    ("wish", "heard"), [({}, 1), ({"notify_on_related_action": True}, 1), ({"notify_on_related_action": False}, 0)]
)
def test_who_does_not_want_to_hears_nothing_of_records_made_on_the_way(crm: Crm, wish: dict[str, bool], heard: int):
    watch(crm, "Accounts.all", **wish)

    crm.add("Contacts", Last_Name="Doe", Account_Name={"name": "Made on the way"})
    assert len(owed(crm)) == heard
    crm.add("Accounts", Account_Name="By itself")
    assert len(owed(crm)) == heard + 1


@pytest.mark.parametrize("name", ["notify_on_related_action", "return_affected_field_values"])
def test_flags_are_true_or_false(crm: Crm, name: str):
    assert watch(crm, "Deals.all", **{name: "yes"}).details["api_name"] == name


def test_a_channel_is_shown_as_it_was_opened_with_an_entry_for_each_module(crm: Crm):
    condition = fields_condition("or", "Stage")
    watch(crm, "Deals.all", "Accounts.edit", "Deals.edit", notification_condition=[condition], channel_id=7)
    watch(crm, "Contacts.all", channel_id=8, notify_on_related_action=False, return_affected_field_values=True)

    deals, accounts, contacts = crm.get(PATH).body["watch"]

    assert (deals["resource_name"], deals["events"]) == ("Deals", ["Deals.all", "Deals.edit"])
    (shown,) = deals["notification_condition"]
    assert shown["field_selection"]["group"][0]["field"]["api_name"] == "Stage"
    assert (accounts["events"], accounts["notification_condition"]) == (["Accounts.edit"], None)
    assert (deals["notify_on_related_action"], contacts["notify_on_related_action"]) == (True, False)
    assert (deals["return_affected_field_values"], contacts["return_affected_field_values"]) == (False, True)
    assert [entry["channel_id"] for entry in crm.get(f"{PATH}?module=Contacts").body["watch"]] == ["8"]
    page = crm.get(f"{PATH}?per_page=2&page=2").body
    assert (len(page["watch"]), page["info"]) == (1, {"per_page": 2, "count": 1, "page": 2, "more_records": False})
    assert crm.get(f"{PATH}?channel_id=x").code == "INVALID_DATA"
    assert crm.get(f"{PATH}?channel_id=9").status == 204
    assert crm.get(f"{PATH}?module=Nope").code == "INVALID_MODULE"


def test_a_part_of_all_events_can_be_taken_out(crm: Crm):
    watch(crm, "Deals.all", "Accounts.edit")

    taken = watch(crm, "Deals.edit", "Accounts.all", method="PATCH", _delete_events=True)

    assert taken.outcome["message"] == "Successfully un-subscribed from actions-watch"
    (channel,) = crm.get(PATH).body["watch"]
    assert channel["events"] == ["Deals.create", "Deals.delete"]
    assert watch(crm, "Deals.all", method="PATCH", _delete_events=True).status == 200
    assert crm.get(PATH).status == 204


def test_a_channel_is_renewed_and_keeps_what_is_not_said(crm: Crm):
    from datetime import datetime, timedelta

    watch(crm, "Deals.edit", notification_condition=[fields_condition("or", "Stage")], notify_on_related_action=False)
    (before,) = crm.get(PATH).body["watch"]
    expiry = (datetime.fromisoformat(before["channel_expiry"]) + timedelta(days=2)).isoformat()

    answer = crm.call("PATCH", PATH, {"watch": [{"channel_id": "1001", "channel_expiry": expiry, "token": "new"}]})

    assert answer.outcome["message"] == "Successfully updated the subscribe details"
    (after,) = crm.get(PATH).body["watch"]
    assert after == {**before, "channel_expiry": expiry, "token": "new"}
    crm.advance(days=1)
    assert len(crm.as_("asha.rao@zylker.example").get(PATH).body["watch"]) == 1


def test_one_call_is_told_of_once_even_where_it_is_written_in_parts(crm: Crm):
    made = potential(crm)
    watch(crm, "Deals.all", return_affected_field_values=True)

    crm.put("/Deals", {"data": [{"id": made, "Amount": 5}, {"id": made, "Next_Step": "Call"}]})

    (body,) = owed(crm)
    assert body["ids"] == [made]
    assert body["affected_fields"] == [{made: ["Amount", "Expected_Revenue", "Next_Step"]}]


def test_calls_of_a_channel_stand_in_one_queue_in_order(crm: Crm):
    watch(crm, "Deals.all", channel_id=5)
    watch(crm, "Accounts.all", channel_id=6)

    made = potential(crm)
    crm.add("Accounts", Account_Name="Acme")
    crm.delete(f"/Deals/{made}")

    with crm.app.extensions["worlds"].transaction(crm.world, reads_only=True):
        queues = session().execute(select(outbox.c.queue).order_by(outbox.c.id)).scalars().all()
    assert queues == ["channel-5", "channel-6", "channel-5"]
