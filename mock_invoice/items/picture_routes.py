"""The picture of an item, one each. Zoho Inventory has it; a client asks for it in Books too. [CLI]"""

from flask import Blueprint, Response

from mock_invoice.access import needs
from mock_invoice.database import db
from mock_invoice.documents.attachment_model import Attachment, attachments_of
from mock_invoice.envelope import success
from mock_invoice.errors import InvalidValue, MissingValue, NotFound
from mock_invoice.find import find
from mock_invoice.items.model import Item
from mock_invoice.items.rules import THING, drop_picture
from mock_invoice.openapi.words import DONE, files_sent
from mock_invoice.uploads import uploads
from simulator import clock, ids
from simulator.openapi import Content, documented
from simulator.shapes import BINARY

bp = Blueprint("item_pictures", __name__)
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


@bp.get("/items/<item_id>/image")
@documented(_200=Content(dict.fromkeys(PICTURES, BINARY)))
@needs("settings.READ")
def get_picture(item_id: str) -> Response:
    for one in attachments_of(find(Item, item_id, THING).id):
        answer = Response(one.content, mimetype=one.content_type)
        answer.headers.set("Content-Disposition", "attachment", filename=one.file_name)
        return answer
    raise NotFound("Image")


@bp.post("/items/<item_id>/image")
@documented(body=files_sent("image"), _200=DONE)
@needs("settings.CREATE")
def add_picture(item_id: str) -> Response:
    """Takes the place of the one that was there. The messages are [MEM]."""
    item, files = find(Item, item_id, THING), uploads("image")
    if not files:
        raise MissingValue("image")
    name, content_type, content = files[0]
    if content_type not in PICTURES:
        raise InvalidValue("image")
    drop_picture(item)
    item.image_name = name
    item.touch()
    db.session.add(
        Attachment(
            id=ids.new_id(),
            organization_id=item.organization_id,
            entity_id=item.id,
            file_name=name,
            content_type=content_type,
            size=len(content),
            content=content,
            created_time=clock.now(),
        )
    )
    db.session.flush()
    return success("The image has been uploaded.")


@bp.delete("/items/<item_id>/image")
@documented(_200=DONE)
@needs("settings.DELETE")
def remove_picture(item_id: str) -> Response:
    item = find(Item, item_id, THING)
    if not item.image_name:
        raise NotFound("Image")
    drop_picture(item)
    item.touch()
    return success("The image has been deleted.")
