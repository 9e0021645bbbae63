"""Notifications: a channel is opened, tells of changes, is changed and closed."""

import json
import queue
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from stepping import World, is_a, same, step
from zohocrmsdk.src.com.zoho.crm.api import notifications
from zohocrmsdk.src.com.zoho.crm.api.record import RecordOperations

from v8.sdk import answer, create, nothing, params, record, text

CHANNEL = "1000000068001"
SECONDS = 20


class _Listener(BaseHTTPRequestHandler):
    """Keeps what is posted to it."""

    told: "queue.Queue[Any]" = queue.Queue()

    def do_POST(self) -> None:
        self.told.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Keeps the scenario's lines of JSON alone."""


def _sent(**values: Any) -> notifications.BodyWrapper:
    channel = notifications.Notification()
    channel.set_channel_id(CHANNEL)
    for name, value in values.items():
        getattr(channel, f"set_{name}")(value)
    wanted = notifications.BodyWrapper()
    wanted.set_watch([channel])
    return wanted


def _event(response: Any, status: int) -> notifications.Event:
    (outcome,) = answer(response, notifications.ActionWrapper, status).get_watch()
    (event,) = is_a(outcome, notifications.SuccessResponse).get_details()["events"]
    return is_a(event, notifications.Event)


@step
def a_channel_is_opened(world: World) -> None:
    server = HTTPServer(("127.0.0.1", 0), _Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    world["listener"] = f"http://127.0.0.1:{server.server_port}/told"
    expiry = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    wanted = _sent(events=["Leads.all"], channel_expiry=expiry, token="sesame", notify_url=world["listener"])
    event = _event(notifications.NotificationsOperations().enable_notifications(wanted), 201)

    same((event.get_resource_name(), event.get_channel_id()), ("Leads", CHANNEL))
    same(event.get_channel_expiry(), expiry)


@step
def the_channel_tells_of_a_new_record(world: World) -> None:
    (made,) = create("Leads", record(Last_Name="Heard", Company="Told"))
    told = _Listener.told.get(timeout=SECONDS)

    same((told["module"], told["operation"], told["ids"]), ("Leads", "insert", [str(made)]))
    same((told["channel_id"], told["token"]), (CHANNEL, "sesame"))
    RecordOperations("Leads").delete_record(made)
    same(_Listener.told.get(timeout=SECONDS)["operation"], "delete")


@step
def the_channels_are_listed(world: World) -> None:
    asked = params(notifications.GetNotificationsParam, channel_id=int(CHANNEL), module="Leads")
    found = answer(notifications.NotificationsOperations().get_notifications(asked), notifications.ResponseWrapper)
    (channel,) = found.get_watch()

    same((is_a(channel, notifications.Notification).get_channel_id(), channel.get_events()), (CHANNEL, ["Leads.all"]))
    same((channel.get_notify_url(), channel.get_token()), (world["listener"], "sesame"))
    is_a(channel.get_channel_expiry(), datetime)


@step
def the_channel_is_changed(world: World) -> None:
    wanted = _sent(events=["Deals.edit"], token="open", notify_url=world["listener"])
    event = _event(notifications.NotificationsOperations().update_notifications(wanted), 200)

    same(event.get_resource_name(), "Deals")


@step
def the_channel_is_closed(world: World) -> None:
    asked = params(notifications.DeleteNotificationParam, channel_ids=CHANNEL)
    response = notifications.NotificationsOperations().delete_notification(asked)
    (outcome,) = answer(response, notifications.ActionWrapper).get_watch()

    same(
        text(is_a(outcome, notifications.SuccessResponse).get_message()),
        "Successfully un-subscribed from actions-watch",
    )
    nothing(notifications.NotificationsOperations().get_notifications())
