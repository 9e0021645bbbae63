"""The doors of the documents themselves, the same for all kinds: list, get, create, update, upsert, delete."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response

from mock_invoice import tables
from mock_invoice.access import needs
from mock_invoice.documents import mail_doors
from mock_invoice.documents.kinds import DocumentKind
from mock_invoice.documents.paper_doors import on_paper, paper_answer
from mock_invoice.envelope import created, success
from mock_invoice.fields import BodySchema
from mock_invoice.lists import Listing, answer_list
from mock_invoice.openapi.parameters import ACCEPT, OWN_NUMBER, PRINT, SEND, UPSERTED, of_list
from mock_invoice.openapi.words import DONE, also_as_file, also_on_paper, page, sent, told
from mock_invoice.parsing import flag, json_body, offers
from mock_invoice.upsert import holder_by_header
from simulator.openapi import Parameter, documented
from simulator.shapes import Shape


@dataclass(frozen=True)
class Writing:
    """How documents of a kind are listed and written.

    Attributes:
        answer_list: how the list is answered, where it can do more than others.
        list_takes, list_answer: what such a list takes besides, and its answer.
        create: takes what the schema loaded, `own_number` and the `options`; gives the document and its custom fields.
        options: what else a call says about a new document, out of its body or its address.
        takes: the same as parameters of the address.
        said: what the vendor answers to a create, an update and a delete.
    """

    listing: Listing
    schema: BodySchema
    create: Callable[..., tuple[Any, Any]]
    options: Callable[[dict[str, Any]], dict[str, Any]]
    update: Callable[[Any, dict[str, Any]], Any]
    delete: Callable[[Any], None]
    said: tuple[str, str, str]
    takes: tuple[Parameter, ...] = (SEND,)
    answer_list: Callable[[Listing], Response] = answer_list
    list_takes: tuple[Parameter, ...] = ()
    list_answer: Shape | None = None


def sending(body: dict[str, Any]) -> dict[str, Any]:
    """The option of most kinds: `send`, which mails the new document at once."""
    return {"send": flag("send", body)}


def create_document(kind: DocumentKind, writing: Writing, body: dict[str, Any]) -> Response:
    loaded, options = writing.schema.load(body), writing.options(body)
    own_number = flag("ignore_auto_number_generation", body)
    document, custom_fields = writing.create(loaded, own_number=own_number, **options)
    if options.get("send"):
        mail_doors.send_new(kind, document)
    return created(writing.said[0], kind.module, document.id, **kind.shown(document, custom_fields))


def add(bp: Blueprint, kind: DocumentKind, writing: Writing) -> None:
    path, shown = f"/{kind.module}", told(**{kind.entity: kind.shape})

    @bp.get(path)
    @offers(*tables.FORMATS)
    @documented(
        *of_list(writing.listing),
        *writing.list_takes,
        _200=also_as_file(writing.list_answer or page(kind.module, kind.row_shape, "ListContext")),
    )
    @needs(f"{kind.module}.READ")
    def list_documents() -> Response:
        return writing.answer_list(writing.listing)

    @bp.get(f"{path}/<document_id>")
    @on_paper
    @documented(ACCEPT, PRINT, _200=also_on_paper(shown))
    @needs(f"{kind.module}.READ")
    def get_document(document_id: str) -> Response:
        document = kind.find(document_id)
        return paper_answer(kind, document) or success(**kind.shown(document))

    @bp.post(path)
    @documented(*writing.takes, OWN_NUMBER, body=sent(writing.schema, "customer_id", "line_items"), _201=shown)
    @needs(f"{kind.module}.CREATE")
    def add_document() -> Response:
        return create_document(kind, writing, json_body())

    @bp.put(f"{path}/<document_id>")
    @documented(body=sent(writing.schema), _200=shown)
    @needs(f"{kind.module}.UPDATE")
    def save_document(document_id: str) -> Response:
        return _update(document_id, json_body())

    @bp.put(path)
    @documented(*UPSERTED, *writing.takes, OWN_NUMBER, body=sent(writing.schema), _200=shown, _201=shown)
    @needs(f"{kind.module}.UPDATE")
    def upsert_document() -> Response:
        body = json_body()
        holder_id = holder_by_header(kind.entity, body, kind.thing)
        return create_document(kind, writing, body) if holder_id is None else _update(holder_id, body)

    def _update(document_id: str | int, body: dict[str, Any]) -> Response:
        document = kind.find(document_id)
        writing.update(document, writing.schema.load(body))
        return success(writing.said[1], **kind.shown(document))

    @bp.delete(f"{path}/<document_id>")
    @documented(_200=DONE)
    @needs(f"{kind.module}.DELETE")
    def remove_document(document_id: str) -> Response:
        writing.delete(kind.find(document_id))
        return success(writing.said[2])
