"""Rows of items (invoice-api.md §4)."""

from tests.invoice.endpoints.furniture import PICTURE
from tests.invoice.endpoints.rows import (
    ANY_STATUS,
    BAD_PAGE,
    IN_USE,
    INVALID,
    MISSING,
    NO_ID,
    NO_INPUT,
    NO_OBJECT,
    NOTHING_MANDATORY,
    UNKNOWN_ID,
    Own,
    Row,
    about,
    absent,
    bad,
    bad_parameter,
    but,
    gives,
    gone,
    looks,
    makes,
    nowhere,
    refusal,
    says,
    without,
    without_parameter,
)
from tests.support.answers import Answer

ONE = "/items/$item"
SPARE = "/items/$spare_item"
CODE = {"X-Unique-Identifier-Key": "cf_code", "X-Unique-Identifier-Value": "C-1"}
NO_KEY = refusal(400, INVALID, "Invalid value passed for X-Unique-Identifier-Key")
TAKEN = refusal(400, 1001, 'Item "Desk" already exists.')
NO_IMAGE = refusal(404, UNKNOWN_ID, "Image does not exist.")

ROWS = (
    Row(
        "GET /items",
        "/items?name_startswith=De",
        works=gives(
            {
                "items.*.item_id": ["$item"],
                "items.0.rate": 100,
                "page_context.report_name": "Items",
                "page_context.applied_filter": "Status.All",
                "page_context.sort_column": "name",
            }
        ),
        missing=NOTHING_MANDATORY,
        wrong=(
            BAD_PAGE,
            bad_parameter("filter_by"),
            bad_parameter("sort_order", "up"),
            bad_parameter("rate_less_than"),
        ),
        unknown=NO_ID,
        elsewhere=Own(200, {"items": []}),
    ),
    Row(
        "POST /items",
        "/items",
        body={"name": "Stool", "rate": "19.9", "sku": "ST-1"},
        works=makes("The item has been added.", {"item.item_id": "$made", "item.status": "active", "item.sku": "ST-1"}),
        then=looks("/items/$made", {"item.name": "Stool", "item.product_type": "goods"}),
        missing=(without("name"), without("rate")),
        wrong=(bad("rate", "much"), bad("name", []), bad("product_type", "magic"), bad("tax_id"), NO_OBJECT),
        unknown=(nowhere("tax_id", "Tax"), nowhere("tax_exemption_id", "Tax exemption")),
        status=but(TAKEN, body={"name": "Desk", "rate": 1}),
        elsewhere=Own(201, {"item.name": "Stool"}),
    ),
    Row(
        "PUT /items",
        "/items",
        body={"description": "Bright"},
        headers=CODE,
        works=says("Item details have been saved.", {"item.item_id": "$spare_item", "item.description": "Bright"}),
        then=looks(SPARE, {"item.description": "Bright", "item.name": "Lamp"}),
        missing=but(NO_KEY, headers={}),
        wrong=(bad("rate", "much"), bad("description", [])),
        unknown=but(
            refusal(404, UNKNOWN_ID, "Item does not exist."), headers={**CODE, "X-Unique-Identifier-Value": "C-0"}
        ),
        status=but(TAKEN, body={"name": "Desk"}),
        elsewhere=NO_KEY,
    ),
    Row(
        "GET /items/{item_id}",
        ONE,
        works=gives({"item.item_id": "$item", "item.name": "Desk", "item.rate": 100, "item.unit": "hour"}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent("Item"),
        status=ANY_STATUS,
    ),
    Row(
        "PUT /items/{item_id}",
        SPARE,
        body={"rate": 25},
        works=says("Item details have been saved.", {"item.rate": 25}),
        then=looks(SPARE, {"item.rate": 25, "item.name": "Lamp", "item.custom_field_hash.cf_code": "C-1"}),
        missing=but(refusal(400, MISSING, "Invalid value passed for name"), body={"name": ""}),
        wrong=(bad("rate", "much"), bad("tax_id"), NO_OBJECT),
        unknown=(*absent("Item"), nowhere("tax_id", "Tax")),
        status=but(TAKEN, body={"name": "Desk"}),
    ),
    Row(
        "DELETE /items/{item_id}",
        SPARE,
        works=says("The item has been deleted."),
        then=gone(SPARE, "Item"),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=absent("Item"),
        status=about(
            SPARE,
            ONE,
            refusal(400, IN_USE, '"Desk" cannot be deleted as it is used in transactions. Mark the item as inactive.'),
        ),
    ),
    *(
        Row(
            f"POST /items/{{item_id}}/{status}",
            f"/items/{one}/{status}",
            works=says(f"The item has been marked as {status}."),
            then=looks(f"/items/{one}", {"item.status": status}),
            missing=NO_INPUT,
            wrong=NO_INPUT,
            unknown=absent("Item"),
            status=ANY_STATUS,
        )
        for status, one in (("active", "$inactive_item"), ("inactive", "$item"))
    ),
    Row(
        "GET /itemdetails",
        "/itemdetails?item_ids=$item,$spare_item",
        works=gives({"items.*.name": ["Desk", "Lamp"], "items.1.custom_field_hash.cf_code": "C-1"}),
        missing=without_parameter("item_ids"),
        wrong=bad_parameter("item_ids"),
        status=ANY_STATUS,
        unknown=bad_parameter("item_ids", "$nobody"),
    ),
    Row(
        "PUT /item/{item_id}/customfields",
        "/item/$spare_item/customfields",
        body=[{"customfield_id": "$code_of_item", "value": "C-9"}],
        works=says("Custom Fields Updated Successfully"),
        then=looks(SPARE, {"item.custom_field_hash.cf_code": "C-9"}),
        missing=but(refusal(400, INVALID, "Invalid value passed for JSONString"), body=None),
        wrong=(bad("0.customfield_id"), bad("0.value", {}, "Code")),
        unknown=(
            *absent("Item"),
            but(refusal(400, INVALID, "Invalid value passed for custom_fields"), body=[{"label": "No", "value": "1"}]),
        ),
        status=ANY_STATUS,
    ),
    Row(
        "GET /items/{item_id}/image",
        f"{SPARE}/image",
        works=Answer(200, {"": PICTURE}),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=(*absent("Item"), about(SPARE, ONE, NO_IMAGE)),
        status=ANY_STATUS,
    ),
    Row(
        "POST /items/{item_id}/image",
        f"{ONE}/image",
        file=("image", PICTURE),
        works=says("The image has been uploaded."),
        then=(looks(ONE, {"item.image_name": "terms.png"}), looks(f"{ONE}/image", {"": PICTURE})),
        missing=but(refusal(400, MISSING, "Invalid value passed for image"), file=None),
        wrong=but(refusal(400, INVALID, "Invalid value passed for image"), file=("image", b"text", "text/plain")),
        unknown=absent("Item"),
        status=ANY_STATUS,
    ),
    Row(
        "DELETE /items/{item_id}/image",
        f"{SPARE}/image",
        works=says("The image has been deleted."),
        then=gone(f"{SPARE}/image", "Image"),
        missing=NO_INPUT,
        wrong=NO_INPUT,
        unknown=(*absent("Item"), about(SPARE, ONE, NO_IMAGE)),
        status=ANY_STATUS,
    ),
)
