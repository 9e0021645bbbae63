"""Rows of metadata: modules, fields, layouts, related lists (crm-api.md §5.1 to §5.3, §5.6)."""

from tests.crm.endpoints.rows import (
    EVERYBODY,
    NO_ID,
    NO_INPUT,
    NOTHING_MANDATORY,
    Case,
    Own,
    Row,
    answers,
    empty,
    flat,
    gives,
    lacking,
    looks,
    told,
    without,
    wrong_type,
)
from tests.support.answers import Has

CUSTOMIZE = "Crm_Implied_Customize_Zoho_CRM"
OF_ACCOUNTS = "?module=Accounts"
MODULES, FIELDS, LAYOUTS = "/settings/modules", "/settings/fields", "/settings/layouts"
LISTS = "/settings/related_lists"
SWITCH = "/settings/custom_modules"
FIELD, LAYOUT = f"{FIELDS}/$field{OF_ACCOUNTS}", f"{LAYOUTS}/$layout{OF_ACCOUNTS}"
ADMINISTRATORS = [{"id": "$administrators"}]
SHIP = {"plural_label": "Ships", "singular_label": "Ship", "profiles": ADMINISTRATORS}
IN_PATH = {"resource_path_index": 2}
RENAMED = looks(FIELD, {"fields.0.field_label": "Mine now", "fields.0.api_name": "Own"})
RELAID = looks(LAYOUT, {"layouts.0.show_business_card": False})
#: Layouts of standard modules are seeded alike: what another world's caller changes is his own.
SEEDED_ALIKE = Own(200)


def no_module(at: str, key: str = "param_name") -> Case:
    return flat("REQUIRED_PARAM_MISSING", {key: "module"}, at=at)


def bad_module(at: str) -> Case:
    return flat("INVALID_MODULE", {}, at=f"{at}?module=Nope")


def changes_fields(method: str) -> Row:
    """`PUT` does what the vendor's `PATCH` does (crm-api.md §5.2)."""
    return Row(
        f"{method} /settings/fields",
        f"{FIELDS}{OF_ACCOUNTS}",
        body={"fields": [{"id": "$field", "field_label": "Mine now"}]},
        works=gives(200, {"fields.0.code": "SUCCESS", "fields.0.details": {"id": "$field"}}),
        then=RENAMED,
        missing=lacking("fields", "id", body={"fields": [{"field_label": "Mine now"}]}),
        wrong=wrong_type("fields", "field_label", "text", body={"fields": [{"id": "$field", "field_label": 5}]}),
        unknown=told(
            "fields",
            "INVALID_DATA",
            {"api_name": "id", "json_path": "$.fields[0].id"},
            body={"fields": [{"id": "$nobody", "field_label": "Mine now"}]},
        ),
        denied=CUSTOMIZE,
    )


def changes_field(method: str) -> Row:
    return Row(
        f"{method} /settings/fields/{{field_id}}",
        FIELD,
        body={"fields": [{"field_label": "Mine now"}]},
        works=gives(200, {"fields.0.code": "SUCCESS", "fields.0.details": {"id": "$field"}}),
        then=RENAMED,
        missing=without("fields"),
        wrong=wrong_type("fields", "field_label", "text", body={"fields": [{"field_label": 5}]}),
        unknown=flat("INVALID_DATA", IN_PATH, at=f"{FIELDS}/$nobody{OF_ACCOUNTS}"),
        denied=CUSTOMIZE,
    )


def changes_layout(method: str) -> Row:
    return Row(
        f"{method} /settings/layouts/{{layout_id}}",
        LAYOUT,
        body={"layouts": [{"show_business_card": False}]},
        works=gives(200, {"layouts.0.code": "SUCCESS", "layouts.0.details": {"id": "$layout"}}),
        then=RELAID,
        missing=without("layouts"),
        wrong=wrong_type("layouts", "show_business_card", "boolean", body={"layouts": [{"show_business_card": "no"}]}),
        unknown=flat("INVALID_DATA", IN_PATH, at=f"{LAYOUTS}/$nobody{OF_ACCOUNTS}"),
        denied=CUSTOMIZE,
        elsewhere=SEEDED_ALIKE,
    )


ROWS = (
    Row(
        "GET /settings/modules",
        MODULES,
        works=gives(200, {"modules.*.api_name": Has("Trips"), "modules.*.id": Has("$module")}),
        missing=NOTHING_MANDATORY,
        wrong=flat(
            "INVALID_DATA",
            {
                "index": 0,
                "supported_values": ["visible", "user_hidden", "system_hidden", "scheduled_for_deletion"],
                "param_name": "status",
            },
            at=f"{MODULES}?status=x",
        ),
        unknown=empty(at=f"{MODULES}?status=user_hidden"),
        denied=EVERYBODY,
        elsewhere=Own(200),
    ),
    Row(
        "GET /settings/modules/{name}",
        f"{MODULES}/Trips",
        works=gives(200, {"modules.*.id": ["$module"], "modules.0.generated_type": "custom"}),
        missing=NOTHING_MANDATORY,
        wrong=flat("INVALID_DATA", {"header_name": "If-Modified-Since"}, headers={"If-Modified-Since": "x"}),
        unknown=flat("INVALID_MODULE", {}, at=f"{MODULES}/Nope"),
        denied=EVERYBODY,
    ),
    Row(
        "POST /settings/modules",
        MODULES,
        body={"modules": [SHIP]},
        works=gives(201, {"modules.0.code": "SUCCESS"}),
        then=looks(f"{MODULES}/Ships", {"modules.*.id": ["$made"]}),
        missing=lacking("modules", "plural_label", body={"modules": [{**SHIP, "plural_label": None}]}),
        wrong=wrong_type("modules", "plural_label", "text", body={"modules": [{**SHIP, "plural_label": 5}]}),
        unknown=told(
            "modules",
            "INVALID_DATA",
            {"api_name": "id", "json_path": "$.modules[0].profiles[0].id"},
            body={"modules": [{**SHIP, "profiles": [{"id": "$nobody"}]}]},
        ),
        denied=CUSTOMIZE,
        elsewhere=Own(201),
    ),
    Row(
        "PUT /settings/modules",
        MODULES,
        body={"modules": [{"id": "$module", "plural_label": "Journeys"}]},
        works=gives(200, {"modules.0.code": "SUCCESS", "modules.0.details": {"id": "$module"}}),
        then=looks(f"{MODULES}/Trips", {"modules.0.plural_label": "Journeys"}),
        missing=lacking("modules", "id", body={"modules": [{"plural_label": "Journeys"}]}),
        wrong=wrong_type("modules", "plural_label", "text", body={"modules": [{"id": "$module", "plural_label": 5}]}),
        unknown=told(
            "modules",
            "INVALID_DATA",
            {"api_name": "id", "json_path": "$.modules[0].id"},
            body={"modules": [{"id": "$nobody", "plural_label": "Journeys"}]},
        ),
        denied=CUSTOMIZE,
    ),
    Row(
        "PUT /settings/modules/{name}",
        f"{MODULES}/Trips",
        body={"modules": [{"plural_label": "Journeys"}]},
        works=gives(200, {"modules.0.code": "SUCCESS", "modules.0.details": {"id": "$module"}}),
        then=looks(f"{MODULES}/Trips", {"modules.0.plural_label": "Journeys"}),
        missing=without("modules"),
        wrong=wrong_type("modules", "plural_label", "text", body={"modules": [{"plural_label": 5}]}),
        unknown=flat("INVALID_MODULE", IN_PATH, at=f"{MODULES}/Nope"),
        denied=CUSTOMIZE,
    ),
    Row(
        "GET /settings/custom_modules",
        SWITCH,
        works=gives(200, {"custom_modules": {"enabled": True}}),
        missing=NOTHING_MANDATORY,
        wrong=NO_INPUT,
        unknown=NO_ID,
        denied=EVERYBODY,
        elsewhere=Own(200, {"custom_modules": {"enabled": True}}),
    ),
    Row(
        "PUT /settings/custom_modules",
        SWITCH,
        body={"custom_modules": {"enabled": False}},
        works=gives(200, {"custom_modules": {"enabled": False}}),
        then=looks(SWITCH, {"custom_modules": {"enabled": False}}),
        missing=flat(
            "MANDATORY_NOT_FOUND",
            {"api_name": "enabled", "json_path": "$.custom_modules.enabled"},
            body={"custom_modules": {}},
        ),
        wrong=flat(
            "INVALID_DATA",
            {"expected_data_type": "boolean", "api_name": "enabled", "json_path": "$.custom_modules.enabled"},
            body={"custom_modules": {"enabled": "no"}},
        ),
        unknown=NO_ID,
        denied=CUSTOMIZE,
        elsewhere=Own(200),
    ),
    Row(
        "GET /settings/fields",
        f"{FIELDS}{OF_ACCOUNTS}",
        works=gives(200, {"fields.*.id": Has("$field"), "fields.*.api_name": Has("Account_Name")}),
        missing=no_module(FIELDS),
        wrong=flat("INVALID_DATA", {"param_name": "type"}, at=f"{FIELDS}{OF_ACCOUNTS}&type=x"),
        unknown=bad_module(FIELDS),
        denied=EVERYBODY,
        elsewhere=Own(200),
    ),
    Row(
        "GET /settings/fields/{field_id}",
        FIELD,
        works=gives(200, {"fields.*.id": ["$field"], "fields.0.custom_field": True}),
        missing=no_module(f"{FIELDS}/$field"),
        wrong=empty(at=f"{FIELDS}/x{OF_ACCOUNTS}"),  # it may be the field's name as well
        unknown=empty(at=f"{FIELDS}/$nobody{OF_ACCOUNTS}"),
        denied=EVERYBODY,
    ),
    Row(
        "POST /settings/fields",
        f"{FIELDS}{OF_ACCOUNTS}",
        body={"fields": [{"field_label": "Region", "data_type": "text", "length": 50}]},
        works=gives(201, {"fields.0.code": "SUCCESS", "fields.0.message": "field created"}),
        then=looks(f"{FIELDS}/Region{OF_ACCOUNTS}", {"fields.*.id": ["$made"], "fields.0.length": 50}),
        missing=lacking("fields", "field_label", body={"fields": [{"data_type": "text"}]}),
        wrong=wrong_type("fields", "field_label", "text", body={"fields": [{"field_label": 5, "data_type": "text"}]}),
        unknown=bad_module(FIELDS),
        denied=CUSTOMIZE,
        elsewhere=Own(201),
    ),
    changes_fields("PUT"),
    changes_fields("PATCH"),
    changes_field("PUT"),
    changes_field("PATCH"),
    Row(
        "DELETE /settings/fields/{field_id}",
        FIELD,
        works=gives(200, {"fields.0.code": "SUCCESS", "fields.0.details": {"id": "$field"}}),
        then=looks(FIELD, status=204),
        missing=no_module(f"{FIELDS}/$field"),
        wrong=flat("INVALID_DATA", IN_PATH, at=f"{FIELDS}/x{OF_ACCOUNTS}"),
        unknown=flat("INVALID_DATA", IN_PATH, at=f"{FIELDS}/$nobody{OF_ACCOUNTS}"),
        denied=CUSTOMIZE,
    ),
    Row(
        "GET /settings/layouts",
        f"{LAYOUTS}{OF_ACCOUNTS}",
        works=gives(200, {"layouts.*.id": ["$layout"], "layouts.0.name": "Standard"}),
        missing=no_module(LAYOUTS, "param"),
        wrong=flat("INVALID_MODULE", {}, at=f"{LAYOUTS}?module=5"),
        unknown=bad_module(LAYOUTS),
        denied=EVERYBODY,
        elsewhere=SEEDED_ALIKE,
    ),
    Row(
        "GET /settings/layouts/{layout_id}",
        LAYOUT,
        works=gives(200, {"layouts.*.id": ["$layout"], "layouts.0.api_name": "Standard__s"}),
        missing=no_module(f"{LAYOUTS}/$layout", "param"),
        wrong=flat("INVALID_DATA", {"id": "x"}, at=f"{LAYOUTS}/x{OF_ACCOUNTS}"),
        unknown=empty(at=f"{LAYOUTS}/$nobody{OF_ACCOUNTS}"),
        denied=EVERYBODY,
        elsewhere=SEEDED_ALIKE,
    ),
    changes_layout("PUT"),
    changes_layout("PATCH"),
    Row(
        "DELETE /settings/layouts/{layout_id}",
        f"{LAYOUT}&transfer_to=$layout",
        # Each module has its Standard layout only, which stays: what works is the refusal.
        works=gives(400, {"code": "NOT_ALLOWED", "details": IN_PATH}),
        then=looks(LAYOUT, {"layouts.*.id": ["$layout"]}),
        missing=flat("REQUIRED_PARAM_MISSING", {"param_name": "transfer_to"}, at=LAYOUT),
        wrong=flat("INVALID_DATA", IN_PATH, at=f"{LAYOUTS}/x{OF_ACCOUNTS}"),
        unknown=flat("INVALID_DATA", IN_PATH, at=f"{LAYOUTS}/$nobody{OF_ACCOUNTS}"),
        denied=CUSTOMIZE,
        elsewhere=answers(400, {"code": "NOT_ALLOWED"}),
    ),
    Row(
        "GET /settings/related_lists",
        f"{LISTS}{OF_ACCOUNTS}",
        works=gives(200, {"related_lists.*.api_name": Has("Contacts"), "related_lists.0.sequence_number": "1"}),
        missing=no_module(LISTS),
        wrong=flat("INVALID_DATA", {"param_name": "layout_id"}, at=f"{LISTS}{OF_ACCOUNTS}&layout_id=x"),
        unknown=bad_module(LISTS),
        denied=EVERYBODY,
        elsewhere=SEEDED_ALIKE,
    ),
)
