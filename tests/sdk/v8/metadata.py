"""Modules, fields, layouts, views, related lists and pipelines."""

from stepping import World, is_a, same, step
from zohocrmsdk.src.com.zoho.crm.api import custom_views, fields, layouts, modules, pipeline, related_lists

from v8.sdk import answer, params, text


def _fields(module: str) -> dict[str, fields.Fields]:
    response = fields.FieldsOperations().get_fields(params(fields.GetFieldsParam, module=module))
    return {
        is_a(one, fields.Fields).get_api_name(): one for one in answer(response, fields.ResponseWrapper).get_fields()
    }


@step
def the_modules_are_listed(world: World) -> None:
    found = answer(modules.ModulesOperations().get_modules(), modules.ResponseWrapper).get_modules()
    by_name = {is_a(module, modules.Modules).get_api_name(): module for module in found}

    assert {"Leads", "Accounts", "Contacts", "Deals", "Products", "Quotes", "Invoices", "Notes"} <= set(by_name)
    same(text(by_name["Deals"].get_generated_type()), "default")
    same(by_name["Deals"].get_api_supported(), True)
    same(text(by_name["Accounts"].get_status()), "visible")


@step
def one_module_is_read_by_its_name(world: World) -> None:
    response = modules.ModulesOperations().get_module_by_api_name("Contacts")
    (module,) = answer(response, modules.ResponseWrapper).get_modules()

    same((module.get_singular_label(), module.get_display_field()["api_name"]), ("Contact", "Full_Name"))
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
    assert "Closed Won" in [
        is_a(o, fields.PickListValue).get_display_value() for o in known["Stage"].get_pick_list_values()
    ]


@step
def a_lookup_field_names_its_module(world: World) -> None:
    lookup = _fields("Contacts")["Account_Name"].get_lookup()

    same(is_a(lookup, fields.Lookup).get_module().get_api_name(), "Accounts")


@step
def one_field_is_read_by_its_id(world: World) -> None:
    wanted = _fields("Accounts")["Annual_Revenue"]
    response = fields.FieldsOperations().get_field(wanted.get_id(), params(fields.GetFieldParam, module="Accounts"))
    (found,) = answer(response, fields.ResponseWrapper).get_fields()

    same((found.get_api_name(), found.get_json_type()), ("Annual_Revenue", "double"))


@step
def a_custom_field_is_added(world: World) -> None:
    field = fields.Fields()
    field.set_field_label("Customer Code")
    field.set_data_type("text")
    field.set_length(20)
    body = fields.BodyWrapper()
    body.set_fields([field])
    response = fields.FieldsOperations().create_field(body, params(fields.CreateFieldParam, module="Accounts"))
    (outcome,) = answer(response, fields.ActionWrapper, 201).get_fields()

    same(text(is_a(outcome, fields.SuccessResponse).get_code()), "SUCCESS")
    same(_fields("Accounts")["Customer_Code"].get_custom_field(), True)


@step
def the_layouts_of_a_module_are_listed(world: World) -> None:
    response = layouts.LayoutsOperations().get_layouts(params(layouts.GetLayoutsParam, module="Deals"))
    (layout,) = answer(response, layouts.ResponseWrapper).get_layouts()

    same(is_a(layout, layouts.Layouts).get_name(), "Standard")
    shown = [field.get_api_name() for section in layout.get_sections() for field in section.get_fields()]
    assert {"Deal_Name", "Stage", "Amount"} <= set(shown), shown
    world["deals_layout"] = layout.get_id()


@step
def one_layout_is_read_by_its_id(world: World) -> None:
    asked = params(layouts.GetLayoutParam, module="Deals")
    (found,) = answer(
        layouts.LayoutsOperations().get_layout(world["deals_layout"], asked), layouts.ResponseWrapper
    ).get_layouts()

    same((found.get_id(), found.get_visible()), (world["deals_layout"], True))


@step
def the_pipeline_has_its_stages(world: World) -> None:
    response = pipeline.PipelineOperations(world["deals_layout"]).get_pipelines()
    (found,) = answer(response, pipeline.ResponseWrapper).get_pipeline()
    stages = [is_a(stage, pipeline.Maps).get_display_value() for stage in found.get_maps()]

    same(found.get_default(), True)
    assert {"Qualification", "Closed Won", "Closed Lost"} <= set(stages), stages


@step
def the_views_of_a_module_are_listed(world: World) -> None:
    response = custom_views.CustomViewsOperations().get_custom_views(
        params(custom_views.GetCustomViewsParam, module="Accounts", per_page=200)
    )
    found = answer(response, custom_views.ResponseWrapper)
    views = {is_a(view, custom_views.CustomViews).get_system_name(): view for view in found.get_custom_views()}

    same(views["ALLVIEWS"].get_system_defined(), True)
    same(found.get_info().get_default(), views["ALLVIEWS"].get_id())
    world["all_accounts"], world["my_accounts"] = views["ALLVIEWS"].get_id(), views["MYVIEWS"].get_id()


@step
def a_view_is_read_with_its_criteria(world: World) -> None:
    response = custom_views.CustomViewsOperations().get_custom_view(
        world["my_accounts"], params(custom_views.GetCustomViewParam, module="Accounts")
    )
    (view,) = answer(response, custom_views.ResponseWrapper).get_custom_views()

    criteria = is_a(view.get_criteria(), custom_views.Criteria)
    same((text(criteria.get_comparator()), criteria.get_field().get_api_name()), ("equal", "Owner"))
    assert "Account_Name" in [field.get_api_name() for field in view.get_fields()]


@step
def the_related_lists_of_a_module_are_listed(world: World) -> None:
    asked = params(related_lists.GetRelatedListsParam, module="Accounts")
    found = answer(related_lists.RelatedListsOperations().get_related_lists(asked), related_lists.ResponseWrapper)
    lists = {is_a(one, related_lists.RelatedList).get_api_name(): one for one in found.get_related_lists()}

    assert {"Contacts", "Deals", "Notes", "Attachments"} <= set(lists), lists.keys()
    same(lists["Contacts"].get_href(), "Accounts/{ENTITYID}/Contacts")
    same(lists["Contacts"].get_module().get_api_name(), "Contacts")
