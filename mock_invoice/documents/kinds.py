"""What the shared doors of documents need to know of a kind (invoice-api.md §5.1, §6.1, §7)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mock_invoice.documents.model import Document
from mock_invoice.find import find


@dataclass(frozen=True)
class DocumentKind:
    """A kind of document."""

    #: As custom fields, mails and comments call it; also the key of one document in an answer.
    entity: str
    #: The path, the key of a list and the scope.
    module: str
    #: As messages call it when they say that it is not there.
    thing: str
    #: As people read it, on mails and paper.
    label: str
    #: What the vendor answers when it was mailed.
    mailed: str
    model: Any
    detail: Callable[..., dict[str, Any]]
    #: Makes a draft that is mailed a sent one; leaves others alone.
    mark_sent: Callable[[Any], None]
    #: Statuses in which the document is closed to edits.
    closed: frozenset[str]
    #: The day of the organization, for statuses that follow from it.
    status: Callable[[Any], str]
    has_reminders: bool = False

    @property
    def id_key(self) -> str:
        return f"{self.entity}_id"

    @property
    def shape(self) -> str:
        """The name of its schema in the OpenAPI document: `SalesOrder`."""
        return str(self.model.__name__)

    @property
    def row_shape(self) -> str:
        return f"{self.shape}Row"

    def find(self, document_id: str | int) -> Document:
        found: Document = find(self.model, document_id, self.thing)
        return found

    def shown(self, document: Document, *more: Any) -> dict[str, Any]:
        """One document as an answer has it, under the name of its kind."""
        return {self.entity: self.detail(document, *more)}

    def find_many(self, document_ids: list[int]) -> list[Document]:
        return [self.find(one) for one in document_ids]
