"""Shapes of metadata: modules, fields, layouts, related lists, pipelines."""

from mock_crm import versions
from mock_crm.openapi.schemas import NAMED_0
from mock_crm.versions import Version
from simulator.shapes import (
    ANY,
    COUNT,
    FLAG,
    ID,
    ID_0,
    MOMENT_0,
    OBJECT,
    OBJECT_0,
    POSITIVE,
    TEXT,
    TEXT_0,
    WHOLE,
    WHOLE_0,
    WORDS,
    Shape,
    an_object,
    array_of,
    choice,
    either,
    keyed,
    or_null,
    ref,
)

#: Types a custom field may have.
FIELD_TYPES = (
    *("text", "textarea", "email", "phone", "website", "picklist", "multiselectpicklist", "integer", "bigint"),
    *("currency", "double", "percent", "boolean", "date", "datetime", "lookup", "userlookup", "multiselectlookup"),
    *("multiuserlookup", "autonumber", "fileupload", "imageupload"),
)

_LABELS: dict[str, Shape | str] = {"plural_label": WORDS, "singular_label": WORDS}
_PROFILE = an_object(id=ID, also={"_delete": ANY})


def shapes(version: Version) -> dict[str, Shape]:
    return {
        "ModuleReference": an_object(api_name=TEXT, id=ID_0),
        "Module": _module(version),
        "ModuleDetail": _detailed_module(version),
        "ModuleToMake": _module_to_write(**_LABELS, profiles=array_of(_PROFILE, least=1)),
        "ModuleToChange": _module_to_write(),
        "CustomModules": an_object(custom_modules=an_object(enabled=FLAG)),
        "Field": _field(version),
        "Option": _option(version),
        "FieldToMake": _field_to_write(field_label=WORDS, data_type=choice(*FIELD_TYPES)),
        "FieldToChange": _field_to_write(),
        "Layout": _layout(version),
        "LayoutToChange": _layout_to_change(),
        "RelatedList": _related_list(version),
        **_pipelines(version),
    }


def module_reference(version: Version) -> Shape:
    return ref("ModuleReference") if version >= versions.V3 else TEXT


def _module(version: Version) -> Shape:
    return an_object(
        "A module, with what the caller may do in it.",
        id=ID,
        api_name=TEXT,
        module_name=TEXT,
        singular_label=TEXT,
        plural_label=TEXT,
        generated_type=choice("default", "custom", "subform", "linking"),
        api_supported=FLAG,
        viewable=FLAG,
        creatable=FLAG,
        editable=FLAG,
        deletable=FLAG,
        convertable=FLAG,
        quick_create=FLAG,
        show_as_tab=FLAG,
        sequence_number=WHOLE,
        profiles=array_of("Named"),
        profile_count=COUNT,
        modified_time=MOMENT_0,
        modified_by=NAMED_0,
        **_module_status(version),
    )


def _module_status(version: Version) -> dict[str, Shape]:
    if version >= versions.V5:
        return {"status": choice("visible", "user_hidden", "system_hidden", "scheduled_for_deletion")}
    return {"visible": FLAG} if version >= versions.V2_1 else {}


def _detailed_module(version: Version) -> Shape:
    more = an_object(
        display_field=or_null("Field") if version >= versions.V3 else TEXT_0,
        fields=array_of("Field"),
        layouts=array_of("Layout"),
        related_lists=array_of("RelatedList"),
        search_layout_fields=array_of(TEXT),
        business_card_fields=array_of(TEXT),
    )
    return {"description": "A module with its fields, layouts and related lists.", "allOf": [ref("Module"), more]}


def _module_to_write(**needed: Shape | str) -> Shape:
    also: dict[str, Shape | str] = {
        "id": ID,
        **_LABELS,
        "api_name": WORDS,
        "profiles": array_of(_PROFILE),
        "display_field": an_object(field_label=WORDS, also={"data_type": choice("text", "autonumber")}),
    }
    return _to_write(also, needed)


def _to_write(also: dict[str, Shape | str], needed: dict[str, Shape | str]) -> Shape:
    return keyed(needed, {name: shape for name, shape in also.items() if name not in needed})


def _field(version: Version) -> Shape:
    lookup = an_object(also={"module": module_reference(version), "display_label": TEXT_0})
    permission = choice("read_write", "read_only", "hidden")
    return an_object(
        "A field of a module.",
        id=ID,
        api_name=TEXT,
        field_label=TEXT,
        display_label=TEXT,
        data_type=TEXT,
        json_type=choice("string", "integer", "double", "boolean", "jsonobject", "jsonarray"),
        length=WHOLE_0,
        decimal_place=WHOLE_0,
        custom_field=FLAG,
        system_mandatory=FLAG,
        read_only=FLAG,
        visible=FLAG,
        type=choice("used", "unused"),
        pick_list_values=array_of("Option"),
        lookup=lookup,
        multiselectlookup=OBJECT,
        currency=OBJECT,
        auto_number=OBJECT,
        unique=OBJECT,
        tooltip=OBJECT_0,
        operation_type=OBJECT,
        view_type=OBJECT,
        profiles=array_of(an_object(id=ID, name=TEXT, permission_type=permission)),
        created_time=MOMENT_0,
        modified_time=MOMENT_0,
        filterable=FLAG,
        searchable=FLAG,
        sortable=FLAG,
        display_field=FLAG,
        layout_associations=array_of(an_object(id=ID, name=TEXT, api_name=TEXT)),
    )


def _option(version: Version) -> Shape:
    of_stages: dict[str, Shape | str] = {
        "probability": WHOLE_0,
        "forecast_type": TEXT,
        "forecast_category": _forecast_category(version),
    }
    return an_object(
        "An option of a picklist; of a stage it says what it means for the forecast (from v2.1 on).",
        id=ID,
        display_value=TEXT,
        actual_value=TEXT,
        sequence_number=WHOLE,
        colour_code=TEXT_0,
        type=choice("used", "unused"),
        also=of_stages if version >= versions.V2_1 else {},
    )


def _forecast_category(version: Version) -> Shape:
    return ref("Named") if version >= versions.V7 else WHOLE


def _field_to_write(**needed: Shape | str) -> Shape:
    option = an_object(also={"id": ID, "display_value": WORDS, "actual_value": WORDS, "_delete": ANY})
    also: dict[str, Shape | str] = {
        "id": ID,
        "field_label": WORDS,
        "length": {"type": "integer", "minimum": 1},
        "decimal_place": {"type": "integer", "minimum": 0, "maximum": 9},
        "pick_list_values": array_of(option),
        "lookup": an_object(also={"module": an_object(api_name=WORDS), "display_label": WORDS}),
        "unique": either(OBJECT, FLAG),
        "auto_number": an_object(start_number=COUNT, also={"prefix": TEXT, "suffix": TEXT}),
        "tooltip": an_object(name=choice("static_text", "info_icon"), value=WORDS),
    }
    return _to_write(also, needed)


def _layout(version: Version) -> Shape:
    placed = {"allOf": [ref("Field"), an_object(required=FLAG, sequence_number=WHOLE, section_id=WHOLE)]}
    section = an_object(
        id=ID,
        api_name=TEXT,
        name=TEXT,
        display_label=TEXT,
        sequence_number=WHOLE,
        column_count=WHOLE,
        generated_type=TEXT,
        fields=array_of(placed),
    )
    return an_object(
        "A layout: sections with fields.",
        id=ID,
        name=TEXT,
        api_name=TEXT,
        display_label=TEXT,
        visible=FLAG,
        status=TEXT if version >= versions.V3 else WHOLE,
        show_business_card=FLAG,
        modified_time=MOMENT_0,
        modified_by=NAMED_0,
        profiles=array_of(an_object(id=ID, name=TEXT, default=FLAG)),
        sections=array_of(section),
        actions_allowed=OBJECT,
    )


def _layout_to_change() -> Shape:
    field = an_object(also={"id": ID, "required": FLAG, "sequence_number": COUNT, "_delete": ANY, "field_label": WORDS})
    section = an_object(
        also={
            "id": ID,
            "api_name": WORDS,
            "display_label": WORDS,
            "sequence_number": COUNT,
            "column_count": {"type": "integer", "minimum": 1, "maximum": 2},
            "tab_traversal": choice("left_to_right", "top_to_bottom"),
            "fields": array_of(field),
            "_delete": ANY,
        }
    )
    return an_object(
        also={"show_business_card": FLAG, "profiles": array_of(_PROFILE), "sections": array_of(section, 5)}
    )


def _related_list(version: Version) -> Shape:
    return an_object(
        id=ID,
        api_name=TEXT,
        name=TEXT,
        display_label=TEXT,
        module=module_reference(version),
        href=TEXT,
        type=TEXT,
        sequence_number={"type": "string", "pattern": "^[0-9]+$"},
    )


def _pipelines(version: Version) -> dict[str, Shape]:
    stage = an_object(
        id=ID,
        display_value=TEXT,
        actual_value=TEXT,
        sequence_number=WHOLE,
        forecast_type=TEXT,
        forecast_category=_forecast_category(version),
    )
    chosen = an_object(id=ID, also={"sequence_number": {**POSITIVE, "maximum": 100}, "_delete": ANY})
    moved = an_object(**{"from": ID, "to": ID})
    return {
        "Pipeline": an_object(
            "A way potentials go, with its stages in `maps`.",
            id=ID,
            display_value=TEXT,
            actual_value=TEXT,
            default=FLAG,
            maps=array_of(stage),
        ),
        "PipelineToMake": an_object(display_value=WORDS, maps=array_of(chosen, 100, 1), also={"default": FLAG}),
        "PipelineToChange": an_object(
            also={"id": ID, "display_value": WORDS, "maps": array_of(chosen, 100), "default": FLAG}
        ),
        "Transfer": an_object(pipeline=moved, stages=array_of(moved, 100)),
        "StageToMake": an_object(
            display_value=WORDS,
            probability={"type": "integer", "minimum": 0, "maximum": 100},
            also={"forecast_type": choice("Open", "Closed Won", "Closed Lost")},
        ),
    }
