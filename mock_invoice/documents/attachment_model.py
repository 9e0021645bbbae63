"""Files attached to documents; their bytes stand in the world's database, so that a copy of a world has them too."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, String, select
from sqlalchemy.orm import Mapped, deferred, mapped_column

from mock_invoice.database import Base, Key, Moment, db
from mock_invoice.documents.model import Document


class Attachment(Base):
    """A file of a document."""

    __table_args__ = (Index("ix_attachment_entity", "entity_id"),)

    organization_id: Mapped[int] = mapped_column(Key)
    entity_id: Mapped[int] = mapped_column(Key)
    file_name: Mapped[str] = mapped_column(String(255))
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    can_send_in_mail: Mapped[bool] = mapped_column(default=False)
    created_time: Mapped[datetime] = mapped_column(Moment)
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))


def attachments_of(document_id: int) -> list[Attachment]:
    statement = select(Attachment).where(Attachment.entity_id == document_id).order_by(Attachment.id)
    return list(db.session.scalars(statement))


def shown_attachments(document: Document) -> dict[str, Any]:
    """What a document shows of its files; the first of them is *the* attachment of the older keys."""
    files = attachments_of(document.id) if document.has_attachment else []
    shown = [
        {
            "document_id": str(one.id),
            "file_name": one.file_name,
            "file_type": one.file_name.rpartition(".")[2].lower(),
            "file_size": one.size,
            "can_send_in_mail": one.can_send_in_mail,
            "attachment_order": place,
        }
        for place, one in enumerate(files, start=1)
    ]
    return {
        "documents": shown,
        "has_attachment": bool(files),
        "attachment_name": files[0].file_name if files else "",
        "can_send_in_mail": any(one.can_send_in_mail for one in files),
    }
