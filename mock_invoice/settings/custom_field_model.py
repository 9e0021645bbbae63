"""The tables of custom fields and of the values that records have in them."""

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from mock_invoice.database import Base, Json, Key, db

VALUE_LIMIT = 500


class CustomField(Base):
    """The definition of a field that an organization added to a kind of record."""

    __table_args__ = (Index("uq_custom_field_name", "organization_id", "entity", "api_name", unique=True),)

    organization_id: Mapped[int] = mapped_column(Key, ForeignKey("organization.id"))
    entity: Mapped[str] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(String(100))
    api_name: Mapped[str] = mapped_column(String(100))
    data_type: Mapped[str] = mapped_column(String(20), default="text")
    index: Mapped[int] = mapped_column("position")
    options: Mapped[list[str]] = mapped_column(Json)
    is_unique: Mapped[bool] = mapped_column(default=False)
    is_hidden: Mapped[bool] = mapped_column(default=False)
    show_on_pdf: Mapped[bool] = mapped_column(default=False)


class CustomFieldValue(db.Model):  # type: ignore[name-defined]
    """One record's value in one field.

    Rows are replaced, never changed in place, and only together with their holder, whose version is checked. A value
    of a unique field stands in `unique_key` too, where an index lets it in once.
    """

    __table_args__ = (
        Index(
            "uq_custom_field_value",
            "field_id",
            "unique_key",
            unique=True,
            sqlite_where=text("unique_key IS NOT NULL"),
        ),
        Index("ix_custom_field_value", "field_id", "value"),
    )

    holder_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    field_id: Mapped[int] = mapped_column(Key, ForeignKey("custom_field.id", ondelete="CASCADE"), primary_key=True)
    entity: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(Text)
    unique_key: Mapped[str | None] = mapped_column(String(VALUE_LIMIT))
