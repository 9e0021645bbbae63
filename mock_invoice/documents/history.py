"""Comments of documents and payments: what people wrote, and what happened to them (invoice-api.md §5.1)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from mock_invoice.access import current_organization, current_user
from mock_invoice.database import Base, Key, Moment, Record, db
from mock_invoice.envelope import spoken_times
from simulator import clock, ids

SYSTEM, INTERNAL = "system", "internal"


class Comment(Base):
    """One entry of a record's history."""

    __table_args__ = (
        Index("ix_comment_entity", "entity_id"),
        Index("ix_comment_customer", "customer_id", "id"),
    )

    organization_id: Mapped[int] = mapped_column(Key)
    entity: Mapped[str] = mapped_column(String(20))
    entity_id: Mapped[int] = mapped_column(Key)
    customer_id: Mapped[int] = mapped_column(Key)
    description: Mapped[str] = mapped_column(Text)
    comment_type: Mapped[str] = mapped_column(String(10))
    operation_type: Mapped[str] = mapped_column(String(20))
    #: Whether the customer would see it in his portal.
    is_shown_to_client: Mapped[bool] = mapped_column(default=False)
    commented_by_id: Mapped[int] = mapped_column(Key)
    commented_by: Mapped[str] = mapped_column(String(100))
    created_time: Mapped[datetime] = mapped_column(Moment)


def note(record: Any, entity: str, operation: str, text: str, comment_type: str = SYSTEM) -> Comment:
    """Adds an entry to the history of a document or payment."""
    user = current_user()
    comment = Comment(
        id=ids.new_id(), organization_id=record.organization_id, entity=entity, entity_id=record.id,
        customer_id=record.customer_id, description=text, comment_type=comment_type, operation_type=operation,
        is_shown_to_client=False, commented_by_id=user.id, commented_by=user.name, created_time=clock.now(),
    )  # fmt: skip
    db.session.add(comment)
    return comment


def forget(record: Record) -> None:
    """Drops the history of a record that is being deleted."""
    db.session.execute(delete(Comment).where(Comment.entity_id == record.id))


def comments_of(record_id: int) -> list[Comment]:
    return list(db.session.scalars(select(Comment).where(Comment.entity_id == record_id).order_by(Comment.id.desc())))


def shown_comment(comment: Comment, id_key: str) -> dict[str, Any]:
    zone = current_organization().time_zone
    return {
        "comment_id": str(comment.id),
        id_key: str(comment.entity_id),
        "description": comment.description,
        "commented_by_id": str(comment.commented_by_id),
        "commented_by": comment.commented_by,
        "comment_type": comment.comment_type,
        **spoken_times(comment.created_time, zone, clock.now()),
        "operation_type": comment.operation_type,
        "transaction_id": str(comment.entity_id),
        "transaction_type": comment.entity,
        "show_comment_to_clients": comment.is_shown_to_client,
    }
