"""Shapes of custom views and of criteria."""

from mock_crm import versions
from mock_crm.openapi.schemas import NAMED_0, listed
from mock_crm.openapi.settings_shapes import module_reference
from mock_crm.versions import Version
from simulator.shapes import (
    COUNT,
    FLAG,
    ID,
    ID_0,
    MOMENT_0,
    NUMBER,
    OBJECT,
    TEXT,
    TEXT_0,
    WHOLE,
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


def shapes(version: Version) -> dict[str, Shape]:
    head: dict[str, Shape | str] = {
        "id": ID,
        "name": TEXT,
        "display_value": TEXT,
        "system_name": TEXT_0,
        "system_defined": FLAG,
        "default": FLAG,
        "category": choice("public_views", "created_by_me", "other_users_views", "shared_with_me"),
        ("access_type" if version >= versions.V2_1 else "shared_type"): TEXT,
        "created_time": MOMENT_0,
        "modified_time": MOMENT_0,
        "created_by": NAMED_0,
        "modified_by": NAMED_0,
        "locked": FLAG,
    }
    field = an_object(api_name=TEXT, id=ID_0)
    words = {"description": "`{comparator, field, value}`, or a `group` of such with a `group_operator`."}
    return {
        "View": keyed(head, description="A custom view."),
        "ViewDetail": keyed(
            {
                **head,
                "module": module_reference(version),
                "criteria": or_null("Criteria"),
                "fields": array_of(field if version >= versions.V2_1 else TEXT),
                "sort_by": or_null(field if version >= versions.V3 else TEXT),
                "sort_order": TEXT_0,
                "shared_to": or_null(array_of(OBJECT)),
            },
            description="A custom view with its columns, criteria and order.",
        ),
        "Views": {
            **listed("custom_views", "View"),
            "properties": {"custom_views": array_of("View"), "info": keyed(_VIEW_INFO)},
        },
        "Criteria": {**_criteria(field if version >= versions.V2_1 else TEXT), **words},
        "ViewToWrite": an_object(
            name=WORDS,
            fields=array_of(an_object(api_name=WORDS), 50, 1),
            also={
                "id": ID,
                "criteria": ref("CriteriaToSend"),
                "sort_by": an_object(api_name=WORDS),
                "sort_order": choice("asc", "desc"),
                "access_type": choice("only_to_me", "public", "shared"),
                "shared_to": array_of(an_object(type=choice("users", "roles", "profiles"), id=ID)),
                "locked": FLAG,
            },
        ),
        "CriteriaToSend": {**_criteria(an_object(api_name=WORDS), "CriteriaToSend"), **words},
        "ViewToSort": an_object(
            sort_by=or_null(an_object(api_name=WORDS)), also={"id": ID, "sort_order": choice("asc", "desc")}
        ),
    }


_VIEW_INFO: dict[str, Shape | str] = {
    "per_page": WHOLE,
    "count": COUNT,
    "page": WHOLE,
    "more_records": FLAG,
    "default": ID_0,
    "translation": OBJECT,
}


def _criteria(field: Shape, own: str = "Criteria") -> Shape:
    group = an_object(group_operator=choice("and", "or", "AND", "OR"), group=array_of(own, 25, 1))
    value = either(TEXT, NUMBER, FLAG, {"type": "null"}, OBJECT, array_of(either(TEXT, NUMBER, OBJECT)))
    return either(an_object(comparator=TEXT, field=field, value=value), group)
