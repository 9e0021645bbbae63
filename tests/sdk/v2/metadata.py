"""Modules, fields, layouts, views and related lists, in the shapes of version 2."""

from stepping import World, is_a, same, step
from zcrmsdk.src.com.zoho.crm.api import custom_views, fields, layouts, modules, related_lists

from v2.sdk import answer, text


def _fields(module: str) -> dict[str, fields.Field]:
    found = answer(fields.FieldsOperations(module).get_fields(), fields.ResponseWrapper).get_fields()
    return {is_a(one, fields.Field).get_api_name(): one for one in found}


@step
def the_modules_are_listed(world: World) -> None:
    found = answer(modules.ModulesOperations().get_modules(), modules.ResponseWrapper).get_modules()
    by_name = {is_a(module, modules.Module).get_api_name(): module for module in found}

    assert {"Leads", "Accounts", "Contacts", "Deals", "Products", "Quotes", "Invoices", "Notes"} <= set(by_name)
    same((text(by_name["Deals"].get_generated_type()), by_name["Deals"].get_api_supported()), ("default", True))


@step
def one_module_is_read_by_its_name(world: World) -> None:
    (module,) = answer(modules.ModulesOperations().get_module("Contacts"), modules.ResponseWrapper).get_modules()

    same((module.get_singular_label(), module.get_display_field()), ("Contact", "Full_Name"))
    is_a(module.get_id(), int)


@step
def the_fields_of_a_module_have_their_types(world: World) -> None:
    known = _fields("Deals")

    types = {name: known[name].get_data_type() for name in ("Deal_Name", "Stage", "Amount", "Closing_Date", "Owner")}
    same(
        types,
        {
            "Deal_Name": "text",
            "Stage": "picklist",
            "Amount": "currency",
            "Closing_Date": "date",
            "Owner": "ownerlookup",
        },
    )
    same((known["Deal_Name"].get_system_mandatory(), known["Deal_Name"].get_length()), (True, 120))
    options = [is_a(one, fields.PickListValue).get_display_value() for one in known["Stage"].get_pick_list_values()]
    assert "Closed Won" in options, options


@step
def a_lookup_field_names_its_module_in_text(world: World) -> None:
    lookup = _fields("Contacts")["Account_Name"].get_lookup()

    same(is_a(lookup, fields.Module).get_module(), "Accounts")


@step
def one_field_is_read_by_its_id(world: World) -> None:
    wanted = _fields("Accounts")["Annual_Revenue"]
    response = fields.FieldsOperations("Accounts").get_field(wanted.get_id())
    (found,) = answer(response, fields.ResponseWrapper).get_fields()

    same((found.get_api_name(), found.get_json_type()), ("Annual_Revenue", "double"))


@step
def the_layouts_of_a_module_are_listed(world: World) -> None:
    (layout,) = answer(layouts.LayoutsOperations("Deals").get_layouts(), layouts.ResponseWrapper).get_layouts()

    same(is_a(layout, layouts.Layout).get_name(), "Standard")
    shown = [field.get_api_name() for section in layout.get_sections() for field in section.get_fields()]
    assert {"Deal_Name", "Stage", "Amount"} <= set(shown), shown
    world["deals_layout"] = layout.get_id()


@step
def one_layout_is_read_by_its_id(world: World) -> None:
    response = layouts.LayoutsOperations("Deals").get_layout(world["deals_layout"])
    (found,) = answer(response, layouts.ResponseWrapper).get_layouts()

    same((found.get_id(), found.get_visible()), (world["deals_layout"], True))


@step
def the_views_of_a_module_are_listed(world: World) -> None:
    found = answer(custom_views.CustomViewsOperations("Accounts").get_custom_views(), custom_views.ResponseWrapper)
    views = {is_a(view, custom_views.CustomView).get_system_name(): view for view in found.get_custom_views()}

    same(views["ALLVIEWS"].get_system_defined(), True)
    same(found.get_info().get_default(), str(views["ALLVIEWS"].get_id()))
    world["all_accounts"], world["my_accounts"] = views["ALLVIEWS"].get_id(), views["MYVIEWS"].get_id()


@step
def a_view_is_read_with_criteria_in_text(world: World) -> None:
    response = custom_views.CustomViewsOperations("Accounts").get_custom_view(world["my_accounts"])
    (view,) = answer(response, custom_views.ResponseWrapper).get_custom_views()

    criteria = is_a(view.get_criteria(), custom_views.Criteria)
    same((text(criteria.get_comparator()), criteria.get_field()), ("equal", "Owner"))
    assert "Account_Name" in view.get_fields(), view.get_fields()


@step
def the_related_lists_of_a_module_are_listed(world: World) -> None:
    response = related_lists.RelatedListsOperations("Accounts").get_related_lists()
    found = answer(response, related_lists.ResponseWrapper).get_related_lists()
    lists = {is_a(one, related_lists.RelatedList).get_api_name(): one for one in found}

    assert {"Contacts", "Deals", "Notes", "Attachments"} <= set(lists), lists.keys()
    same((lists["Contacts"].get_module(), lists["Contacts"].get_href()), ("Contacts", "Accounts/{ENTITYID}/Contacts"))
