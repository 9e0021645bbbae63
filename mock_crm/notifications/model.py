"""The table of notification channels."""

from sqlalchemy import BigInteger, Boolean, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mock_crm.database import Id, Model


class Channel(Model):
    """Who watches what, until when, and where he is called. `events` and `conditions` are JSON."""

    __tablename__ = "notification_channel"

    channel_id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(Id)
    events: Mapped[str] = mapped_column(Text)
    conditions: Mapped[str] = mapped_column(Text, default="[]")
    expiry: Mapped[int] = mapped_column(BigInteger)
    token: Mapped[str | None] = mapped_column(String(50))
    notify_url: Mapped[str] = mapped_column(Text)
    returns_values: Mapped[bool] = mapped_column(Boolean, default=False)
    hears_related: Mapped[bool] = mapped_column(Boolean, default=True)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}
