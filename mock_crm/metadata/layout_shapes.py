"""How layouts look in answers (crm-api.md §5.3)."""

from typing import Any

from mock_crm import state, versions
from mock_crm.envelope import by_version
from mock_crm.metadata.catalog import Layout, Module
from mock_crm.metadata.shapes import shown_field
from mock_crm.records.values import shown_moment

COLUMNS = 2
#: The official SDKs read the status as a number up to v2.1 and as a word in v7 and v8; the number is from memory.
ACTIVE = 0
#: Which way the tab key goes is said by a word on the way in and by a number on the way out, which the official SDKs
#: read as one; which number means which is from memory.
TRAVERSALS = {"left_to_right": 2, "top_to_bottom": 1}


def shown_layout(layout: Layout, module: Module) -> dict[str, Any]:
    people = state.people()
    modifier = people.users.get(layout.modified_by or 0)
    return {
        "id": str(layout.id),
        "name": layout.name,
        "api_name": layout.api_name,
        "display_label": layout.name,
        "visible": True,
        "status": by_version("active", ACTIVE, versions.V3),
        "source": "crm",
        "mode": None,
        "generated_type": "default",
        "created_time": None,
        "modified_time": shown_moment(layout.modified_time, people.company.zone) if layout.modified_time else None,
        "created_by": None,
        "modified_by": modifier.named() if modifier else None,
        "show_business_card": layout.show_business_card,
        "has_more_profiles": False,
        "profiles": [
            {"default": True, "name": profile.name, "id": str(profile.id), "_default_view": None}
            for profile in people.profiles.values()
            if profile.id not in layout.hidden_from
        ],
        "convert_mapping": None,
        "sections": [_section(section, place, module) for place, section in enumerate(layout.sections, start=1)],
        "actions_allowed": {
            "edit": True,
            "rename": False,
            "clone": False,
            "downgrade": False,
            "delete": False,
            "deactivate": False,
            "set_layout_permissions": True,
        },
    }


def _section(section: dict[str, Any], place: int, module: Module) -> dict[str, Any]:
    fields = [
        {
            **shown_field(module.fields[placed["api_name"]], module),
            "required": placed["required"],
            "sequence_number": sequence,
            "section_id": place,
        }
        for sequence, placed in enumerate(section["fields"], start=1)
        if placed["api_name"] in module.fields
    ]
    return {
        "id": section["id"],
        "display_label": section["display_label"],
        "name": section["name"],
        "api_name": section["name"].replace(" ", "_"),
        "sequence_number": place,
        "column_count": section.get("column_count", COLUMNS),
        "tab_traversal": TRAVERSALS[section.get("tab_traversal", "left_to_right")],
        "isSubformSection": False,
        "generated_type": section.get("generated_type", "default"),
        "type": "used",
        "fields": fields,
    }
