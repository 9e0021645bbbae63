"""When channels end: from then on their owner hears of nothing until he opens them again."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import select

from mock_crm.database import db
from mock_crm.notifications.model import Channel
from simulator import clock
from simulator.due import Due


def due_events(until: datetime) -> Iterator[Due]:
    now = int(clock.now().timestamp())
    live = select(Channel.channel_id, Channel.expiry).where(Channel.expiry > now, Channel.expiry <= until.timestamp())
    for channel in db.session.execute(live.order_by(Channel.expiry, Channel.channel_id)):
        at = datetime.fromtimestamp(channel.expiry, UTC)
        yield Due(at, "channel_end", f"Notification channel {channel.channel_id} of Zoho CRM ends")
