"""What goes wrong reaches the client as code and message."""

from stepping import World, same, step

from with_zohobooks.client import api, model, refused


@step
def an_unknown_record_is_not_found(world: World) -> None:
    same(refused(1002, api(world, "estimates").get, "410000000000999999"), "Quote does not exist.")


@step
def an_unknown_filter_is_refused(world: World) -> None:
    same(
        refused(2, api(world, "invoices").get_invoices, {"filter_by": "Status.Nonsense"}),
        "Invalid value passed for filter_by",
    )


@step
def a_contact_needs_a_name_that_is_not_too_long(world: World) -> None:
    refused(4, api(world, "contacts").create, model("Contact", company_name="Nameless"))
    same(
        refused(15, api(world, "contacts").create, model("Contact", contact_name="x" * 201)),
        'Please ensure that the "contact_name" has less than 200 characters.',
    )


@step
def an_invoice_needs_lines(world: World) -> None:
    refused(4, api(world, "invoices").create, model("Invoice", customer_id=world["acme"]))


@step
def an_item_that_was_sold_cannot_be_deleted(world: World) -> None:
    refused(90004, api(world, "items").delete_item, world["desk"])


@step
def what_this_service_does_not_have_is_an_invalid_address(world: World) -> None:
    same(refused(5, api(world, "bills").get_bills), "Invalid URL Passed")
