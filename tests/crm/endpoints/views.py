"""Rows of custom views, pipelines and stages (crm-api.md §5.4, §5.5)."""

from tests.crm.endpoints.rows import EVERYBODY, Own, Row, empty, flat, gives, lacking, looks, told, without, wrong_type
from tests.support.answers import Has, Lacks

CUSTOMIZE = "Crm_Implied_Customize_Zoho_CRM"
OF_ACCOUNTS = "?module=Accounts"
VIEWS = "/settings/custom_views"
VIEW = f"{VIEWS}/$view{OF_ACCOUNTS}"
KEY = "custom_views"
RENAMED = looks(VIEW, {"custom_views.0.name": "Ours"})
SORTED = looks(VIEW, {"custom_views.0.sort_by.api_name": "Account_Name", "custom_views.0.sort_order": "asc"})
SORT = {"sort_by": {"api_name": "Account_Name"}, "sort_order": "asc"}
WRONG_ORDER = {
    "api_name": "sort_order",
    "json_path": "$.custom_views[0].sort_order",
    "supported_values": ["asc", "desc"],
}
NO_MODULE = flat("REQUIRED_PARAM_MISSING", {"param_name": "module"}, at=VIEWS)
BAD_MODULE = flat("INVALID_MODULE", {}, at=f"{VIEWS}?module=Nope")
NOBODY = {"id": "$nobody"}

OF_VIEWS = (
    Row(
        "GET /settings/custom_views",
        f"{VIEWS}{OF_ACCOUNTS}",
        works=gives(200, {"custom_views.*.id": Has("$view"), "info.default": "$system_view", "info.page": 1}),
        missing=NO_MODULE,
        wrong=flat("INVALID_DATA", {"param_name": "page"}, at=f"{VIEWS}{OF_ACCOUNTS}&page=x"),
        unknown=BAD_MODULE,
        denied=EVERYBODY,
        elsewhere=Own(200, {"custom_views.*.id": Lacks("$view")}),
    ),
    Row(
        "POST /settings/custom_views",
        f"{VIEWS}{OF_ACCOUNTS}",
        body={KEY: [{"name": "Big ones", "fields": [{"api_name": "Account_Name"}]}]},
        works=gives(201, {"custom_views.0.code": "SUCCESS", "custom_views.0.message": "custom view created"}),
        then=looks(f"{VIEWS}/$made{OF_ACCOUNTS}", {"custom_views.0.name": "Big ones"}),
        missing=lacking(KEY, "name", body={KEY: [{"fields": [{"api_name": "Account_Name"}]}]}),
        wrong=wrong_type(KEY, "name", "text", body={KEY: [{"name": 5}]}),
        unknown=BAD_MODULE,
        denied=EVERYBODY,
        elsewhere=Own(201),
    ),
    Row(
        "PUT /settings/custom_views",
        f"{VIEWS}{OF_ACCOUNTS}",
        body={KEY: [{"id": "$view", "name": "Ours"}]},
        works=gives(200, {"custom_views.0.code": "SUCCESS", "custom_views.0.details": {"id": "$view"}}),
        then=RENAMED,
        missing=lacking(KEY, "id", body={KEY: [{"name": "Ours"}]}),
        wrong=wrong_type(KEY, "name", "text", body={KEY: [{"id": "$view", "name": 5}]}),
        unknown=told(KEY, "INVALID_DATA", NOBODY, body={KEY: [{"id": "$nobody", "name": "Ours"}]}),
        denied=EVERYBODY,
    ),
    Row(
        "DELETE /settings/custom_views",
        f"{VIEWS}{OF_ACCOUNTS}&ids=$view",
        works=gives(200, {"custom_views.0.code": "SUCCESS", "custom_views.0.details": {"id": "$view"}}),
        then=looks(VIEW, status=204),
        missing=flat("REQUIRED_PARAM_MISSING", {"param_name": "ids"}, at=f"{VIEWS}{OF_ACCOUNTS}"),
        wrong=flat("UNABLE_TO_PARSE_DATA_TYPE", {}, at=f"{VIEWS}{OF_ACCOUNTS}&ids=x"),
        unknown=told(KEY, "INVALID_DATA", NOBODY, at=f"{VIEWS}{OF_ACCOUNTS}&ids=$nobody"),
        denied=EVERYBODY,
    ),
    Row(
        "GET /settings/custom_views/{view_id}",
        VIEW,
        works=gives(200, {"custom_views.*.id": ["$view"], "custom_views.0.fields.*.api_name": ["id"]}),
        missing=flat("REQUIRED_PARAM_MISSING", {"param_name": "module"}, at=f"{VIEWS}/$view"),
        wrong=flat("INVALID_DATA", {"id": "x"}, at=f"{VIEWS}/x{OF_ACCOUNTS}"),
        unknown=empty(at=f"{VIEWS}/$nobody{OF_ACCOUNTS}"),
        denied=EVERYBODY,
    ),
    Row(
        "PUT /settings/custom_views/{view_id}",
        VIEW,
        body={KEY: [{"name": "Ours"}]},
        works=gives(200, {"custom_views.0.code": "SUCCESS", "custom_views.0.details": {"id": "$view"}}),
        then=RENAMED,
        missing=without(KEY),
        wrong=wrong_type(KEY, "name", "text", body={KEY: [{"name": 5}]}),
        unknown=told(KEY, "INVALID_DATA", NOBODY, at=f"{VIEWS}/$nobody{OF_ACCOUNTS}"),
        denied=EVERYBODY,
    ),
    Row(
        "DELETE /settings/custom_views/{view_id}",
        VIEW,
        works=gives(200, {"custom_views.0.code": "SUCCESS", "custom_views.0.details": {"id": "$view"}}),
        then=looks(VIEW, status=204),
        missing=flat("REQUIRED_PARAM_MISSING", {"param_name": "module"}, at=f"{VIEWS}/$view"),
        wrong=told(KEY, "INVALID_DATA", {"id": "x"}, at=f"{VIEWS}/x{OF_ACCOUNTS}"),
        unknown=told(KEY, "INVALID_DATA", NOBODY, at=f"{VIEWS}/$nobody{OF_ACCOUNTS}"),
        denied=EVERYBODY,
    ),
    Row(
        "PUT /settings/custom_views/actions/change_sort",
        f"{VIEWS}/actions/change_sort{OF_ACCOUNTS}",
        body={KEY: [{"id": "$view", **SORT}]},
        works=gives(200, {"custom_views.0.code": "SUCCESS", "custom_views.0.details": {"id": "$view"}}),
        then=SORTED,
        missing=lacking(KEY, "sort_by", body={KEY: [{"id": "$view"}]}),
        wrong=told(KEY, "INVALID_DATA", WRONG_ORDER, body={KEY: [{"id": "$view", **SORT, "sort_order": 5}]}),
        unknown=told(KEY, "INVALID_DATA", NOBODY, body={KEY: [{"id": "$nobody", **SORT}]}),
        denied=EVERYBODY,
    ),
    Row(
        "PUT /settings/custom_views/{view_id}/actions/change_sort",
        f"{VIEWS}/$view/actions/change_sort{OF_ACCOUNTS}",
        body={KEY: [SORT]},
        works=gives(200, {"custom_views.0.code": "SUCCESS", "custom_views.0.details": {"id": "$view"}}),
        then=SORTED,
        missing=lacking(KEY, "sort_by", body={KEY: [{}]}),
        wrong=told(KEY, "INVALID_DATA", WRONG_ORDER, body={KEY: [{**SORT, "sort_order": 5}]}),
        unknown=told(KEY, "INVALID_DATA", NOBODY, at=f"{VIEWS}/$nobody/actions/change_sort{OF_ACCOUNTS}"),
        denied=EVERYBODY,
    ),
)

PIPELINES = "/settings/pipeline"
OF_LAYOUT = "?layout_id=$deals_layout"
PIPELINE = f"{PIPELINES}/$pipeline{OF_LAYOUT}"
NO_LAYOUT = {"param": "layout_id"}
WRONG_LAYOUT = {"param_name": "layout_id"}
STAGE = {"display_value": "Testing", "probability": 15, "forecast_type": "Open"}
PIPELINE_ID = {"api_name": "id", "json_path": "$.pipeline[0].id"}
TRANSFER = {
    "pipeline": {"from": "$pipeline", "to": "$first_pipeline"},
    "stages": [{"from": "$stage", "to": "$stage"}],
}
RENAMED_PIPELINE = looks(PIPELINE, {"pipeline.0.display_value": "Third"})


def changes_pipelines(method: str) -> Row:
    return Row(
        f"{method} /settings/pipeline",
        f"{PIPELINES}{OF_LAYOUT}",
        body={"pipeline": [{"id": "$pipeline", "display_value": "Third"}]},
        works=gives(200, {"pipeline.0.code": "SUCCESS", "pipeline.0.details": {"id": "$pipeline"}}),
        then=RENAMED_PIPELINE,
        missing=lacking("pipeline", "id", body={"pipeline": [{"display_value": "Third"}]}),
        wrong=wrong_type(
            "pipeline", "display_value", "text", body={"pipeline": [{"id": "$pipeline", "display_value": 5}]}
        ),
        unknown=told(
            "pipeline",
            "INVALID_DATA",
            PIPELINE_ID,
            body={"pipeline": [{"id": "$nobody", "display_value": "Third"}]},
        ),
        denied=CUSTOMIZE,
    )


def changes_pipeline(method: str) -> Row:
    return Row(
        f"{method} /settings/pipeline/{{pipeline_id}}",
        PIPELINE,
        body={"pipeline": [{"display_value": "Third"}]},
        works=gives(200, {"pipeline.0.code": "SUCCESS", "pipeline.0.details": {"id": "$pipeline"}}),
        then=RENAMED_PIPELINE,
        missing=without("pipeline"),
        wrong=wrong_type("pipeline", "display_value", "text", body={"pipeline": [{"display_value": 5}]}),
        unknown=flat("INVALID_DATA", {"resource_path_index": 2}, at=f"{PIPELINES}/$nobody{OF_LAYOUT}"),
        denied=CUSTOMIZE,
    )


OF_PIPELINES = (
    Row(
        "GET /settings/pipeline",
        f"{PIPELINES}{OF_LAYOUT}",
        works=gives(200, {"pipeline.*.id": Has("$pipeline"), "pipeline.0.maps.*.id": Has("$stage")}),
        missing=flat("REQUIRED_PARAM_MISSING", NO_LAYOUT, at=PIPELINES),
        wrong=flat("INVALID_DATA", WRONG_LAYOUT, at=f"{PIPELINES}?layout_id=x"),
        unknown=flat("INVALID_DATA", WRONG_LAYOUT, at=f"{PIPELINES}?layout_id=$nobody"),
        denied=EVERYBODY,
        elsewhere=Own(200, {"pipeline.*.id": Lacks("$pipeline")}),
    ),
    Row(
        "GET /settings/pipeline/{pipeline_id}",
        PIPELINE,
        works=gives(200, {"pipeline.*.id": ["$pipeline"], "pipeline.0.display_value": "Second"}),
        missing=flat("REQUIRED_PARAM_MISSING", NO_LAYOUT, at=f"{PIPELINES}/$pipeline"),
        wrong=flat("INVALID_DATA", WRONG_LAYOUT, at=f"{PIPELINES}/$pipeline?layout_id=x"),
        unknown=empty(at=f"{PIPELINES}/$nobody{OF_LAYOUT}"),
        denied=EVERYBODY,
    ),
    Row(
        "POST /settings/pipeline",
        f"{PIPELINES}{OF_LAYOUT}",
        body={"pipeline": [{"display_value": "Third", "maps": [{"id": "$stage"}]}]},
        works=gives(201, {"pipeline.0.code": "SUCCESS"}),
        then=looks(f"{PIPELINES}/$made{OF_LAYOUT}", {"pipeline.0.maps.*.id": ["$stage"]}),
        missing=lacking("pipeline", "maps", body={"pipeline": [{"display_value": "Third"}]}),
        wrong=wrong_type("pipeline", "display_value", "text", body={"pipeline": [{"display_value": 5}]}),
        unknown=told(
            "pipeline",
            "INVALID_DATA",
            {"api_name": "id", "json_path": "$.pipeline[0].maps[0].id"},
            body={"pipeline": [{"display_value": "Third", "maps": [{"id": "$nobody"}]}]},
        ),
        denied=CUSTOMIZE,
        elsewhere=Own(201),
    ),
    changes_pipelines("PUT"),
    changes_pipelines("PATCH"),
    changes_pipeline("PUT"),
    changes_pipeline("PATCH"),
    Row(
        "POST /settings/pipeline/actions/transfer",
        f"{PIPELINES}/actions/transfer{OF_LAYOUT}",
        body={"transfer_pipeline": [TRANSFER]},
        works=gives(200, {"transfer_pipeline.0.code": "SUCCESS"}),
        then=looks(PIPELINE, status=204),
        missing=lacking("transfer_pipeline", "stages", body={"transfer_pipeline": [{**TRANSFER, "stages": None}]}),
        wrong=wrong_type(
            "transfer_pipeline", "stages", "jsonarray", body={"transfer_pipeline": [{**TRANSFER, "stages": 5}]}
        ),
        unknown=told(
            "transfer_pipeline",
            "INVALID_DATA",
            {"api_name": "from", "json_path": "$.transfer_pipeline[0].pipeline[0].from"},
            body={"transfer_pipeline": [{**TRANSFER, "pipeline": {"from": "$nobody", "to": "$first_pipeline"}}]},
        ),
        denied=CUSTOMIZE,
    ),
    Row(
        "POST /settings/pipeline/stages",
        f"{PIPELINES}/stages",
        body={"stages": [STAGE]},
        works=gives(201, {"stages.0.code": "SUCCESS"}),
        then=looks(f"{PIPELINES}{OF_LAYOUT}", {"pipeline.0.maps.*.display_value": Has("Testing")}),
        missing=lacking("stages", "display_value", body={"stages": [{**STAGE, "display_value": None}]}),
        wrong=told(
            "stages",
            "INVALID_DATA",
            {"api_name": "probability", "json_path": "$.stages[0].probability"},
            body={"stages": [{**STAGE, "probability": "much"}]},
        ),
        unknown=told(
            "stages",
            "INVALID_DATA",
            {
                "api_name": "forecast_type",
                "json_path": "$.stages[0].forecast_type",
                "supported_values": ["Open", "Closed Won", "Closed Lost"],
            },
            body={"stages": [{**STAGE, "forecast_type": "Nope"}]},
        ),
        denied=CUSTOMIZE,
        elsewhere=Own(201),
    ),
    Row(
        "DELETE /settings/pipeline/stages/{stage_id}",
        f"{PIPELINES}/stages/$own_stage?transfer_to=$stage",
        works=gives(200, {"stages.0.code": "SUCCESS", "stages.0.details": {"id": "$own_stage"}}),
        then=looks(f"{PIPELINES}{OF_LAYOUT}", {"pipeline.0.maps.*.id": Lacks("$own_stage")}),
        missing=flat(
            "CANNOT_DELETE",  # potentials are in this one: then there must be where they go
            {"param_name": "transfer_to"},
            at=f"{PIPELINES}/stages/$stage2",
        ),
        wrong=flat("INVALID_DATA", {"param_name": "transfer_to"}, at=f"{PIPELINES}/stages/$own_stage?transfer_to=x"),
        unknown=flat("INVALID_DATA", {"resource_path_index": 3}, at=f"{PIPELINES}/stages/$nobody"),
        denied=CUSTOMIZE,
    ),
)

ROWS = (*OF_VIEWS, *OF_PIPELINES)
