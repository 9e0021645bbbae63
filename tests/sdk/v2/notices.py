"""Notifications: a channel is opened, listed, changed and closed."""

from datetime import UTC, datetime, timedelta
from typing import Any

from stepping import World, is_a, same, step
from zcrmsdk.src.com.zoho.crm.api import notification

from v2.sdk import answer, nothing, params, text

CHANNEL = 1000000068002
ADDRESS = "http://127.0.0.1:9/told"


def _sent(**values: Any) -> notification.BodyWrapper:
    channel, wanted = notification.Notification(), notification.BodyWrapper()
    channel.set_channel_id(CHANNEL)
    channel.set_notify_url(ADDRESS)
    for name, value in values.items():
        getattr(channel, f"set_{name}")(value)
    wanted.set_watch([channel])
    return wanted


def _event(response: Any, status: int) -> notification.Notification:
    (outcome,) = answer(response, notification.ActionWrapper, status).get_watch()
    (event,) = is_a(outcome, notification.SuccessResponse).get_details()["events"]
    return is_a(event, notification.Notification)


@step
def a_channel_is_opened(world: World) -> None:
    expiry = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    wanted = _sent(events=["Leads.create"], channel_expiry=expiry, token="sesame")
    event = _event(notification.NotificationOperations().enable_notifications(wanted), 201)

    same((event.get_resource_name(), event.get_channel_id()), ("Leads", CHANNEL))
    same(event.get_channel_expiry(), expiry)


@step
def the_channels_are_listed(world: World) -> None:
    asked = params(notification.GetNotificationDetailsParam, channel_id=CHANNEL, module="Leads")
    found = answer(notification.NotificationOperations().get_notification_details(asked), notification.ResponseWrapper)
    (channel,) = found.get_watch()

    same((channel.get_channel_id(), channel.get_notify_url(), channel.get_token()), (CHANNEL, ADDRESS, "sesame"))


@step
def the_channel_is_changed(world: World) -> None:
    wanted = _sent(events=["Deals.edit"], token="open")

    same(_event(notification.NotificationOperations().update_notifications(wanted), 200).get_resource_name(), "Deals")


@step
def the_channel_is_closed(world: World) -> None:
    asked = params(notification.DisableNotificationsParam, channel_ids=CHANNEL)
    response = notification.NotificationOperations().disable_notifications(asked)
    (outcome,) = answer(response, notification.ActionWrapper).get_watch()

    same(
        text(is_a(outcome, notification.SuccessResponse).get_message()), "Successfully un-subscribed from actions-watch"
    )
    nothing(notification.NotificationOperations().get_notification_details())
