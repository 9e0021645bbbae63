"""Items and taxes."""

from stepping import World, same, step

from with_zohobooks.client import api, model, refused


@step
def taxes_are_listed(world: World) -> None:
    taxes = {one.get_tax_name(): one for one in api(world, "settings").get_taxes().get_taxes()}

    same(taxes["Sales Tax"].get_tax_percentage(), 8.25)
    world["sales_tax"] = taxes["Sales Tax"].get_tax_id()


@step
def a_tax_is_made_changed_and_read(world: World) -> None:
    settings = api(world, "settings")
    made = settings.create_tax(model("Tax", tax_name="City", tax_percentage=1.5, tax_type="tax"))
    settings.update_tax(made.get_tax_id(), model("Tax", tax_name="City tax", tax_percentage=2.5))

    found = settings.get_tax(made.get_tax_id())
    same((found.get_tax_name(), found.get_tax_percentage(), found.get_tax_type()), ("City tax", 2.5, "tax"))
    world["city_tax"] = found.get_tax_id()


@step
def two_taxes_become_a_group(world: World) -> None:
    both = ",".join((world["sales_tax"], world["city_tax"]))
    made = api(world, "settings").create_tax_group(model("TaxGroup", tax_group_name="Town", taxes=both))

    # The client keeps the last of a group's taxes only.
    assert made.get_taxes().get_tax_percentage() in (2.5, 8.25)
    same(api(world, "settings").get_tax_group(made.get_tax_group_id()).get_tax_group_name(), "Town")


@step
def items_are_made(world: World) -> None:
    items = api(world, "items")
    desk = items.create(model("Item", name="Desk", rate=249.99, description="Oak"))
    chair = items.create(model("Item", name="Chair", rate=80))

    same((desk.get_rate(), desk.get_description(), desk.get_status()), (249.99, "Oak", "active"))
    world["desk"], world["chair"] = desk.get_item_id(), chair.get_item_id()


@step
def items_are_listed(world: World) -> None:
    found = api(world, "items").list_items()

    same([one.get_name() for one in found.get_items()], ["Chair", "Desk"])
    same(found.get_page_context().get_report_name(), "Items")


@step
def an_item_is_changed_and_read(world: World) -> None:
    api(world, "items").update(world["chair"], model("Item", name="Chair", rate=79.5))

    same(api(world, "items").get(world["chair"]).get_rate(), 79.5)


@step
def an_item_is_put_aside_and_taken_back(world: World) -> None:
    same(api(world, "items").mark_item_as_inactive(world["chair"]), "The item has been marked as inactive.")
    same(api(world, "items").mark_item_as_active(world["chair"]), "The item has been marked as active.")


@step
def an_item_is_deleted(world: World) -> None:
    lamp = api(world, "items").create(model("Item", name="Lamp", rate=20)).get_item_id()

    same(api(world, "items").delete_item(lamp), "The item has been deleted.")
    same(refused(1002, api(world, "items").get, lamp), "Item does not exist.")
