"""The picture of an item."""

import io

from mock_invoice.documents.attachment_model import attachments_of

PNG = b"\x89PNG\r\n\x1a\n"


def upload(invoice, item_id, name="desk.png", content=PNG, mimetype="image/png"):
    headers = {"Authorization": f"Zoho-oauthtoken {invoice.token}"}
    data = {"image": (io.BytesIO(content), name, mimetype)}
    return invoice.raw("POST", f"/books/v3/items/{item_id}/image", data=data, headers=headers)


def test_a_picture_takes_the_place_of_the_one_before(invoice):
    item_id = invoice.add_item()["item_id"]
    assert upload(invoice, item_id).get_json()["code"] == 0

    assert upload(invoice, item_id, "new.png", PNG + b"2").status_code == 200

    assert [row["image_name"] for row in invoice.get("/items")["items"]] == ["new.png"]
    headers = {"Authorization": f"Zoho-oauthtoken {invoice.token}"}
    assert invoice.raw("GET", f"/invoice/v3/items/{item_id}/image", headers=headers).data == PNG + b"2"


def test_what_is_no_picture_is_refused(invoice):
    item_id = invoice.add_item()["item_id"]

    assert upload(invoice, item_id, "desk.txt", b"words", "text/plain").get_json()["message"] == (
        "Invalid value passed for image"
    )
    assert invoice.refused("POST", f"/items/{item_id}/image") == (400, 4, "Invalid value passed for image")
    assert invoice.refused("GET", f"/items/{item_id}/image") == (404, 1002, "Image does not exist.")
    assert invoice.refused("DELETE", f"/items/{item_id}/image") == (404, 1002, "Image does not exist.")


def test_a_deleted_item_takes_its_picture_along(invoice):
    item_id = invoice.add_item()["item_id"]
    upload(invoice, item_id)

    invoice.delete(f"/items/{item_id}")

    with invoice.app.extensions["worlds"].transaction(invoice.world):
        assert attachments_of(int(item_id)) == []
