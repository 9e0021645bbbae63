"""Shapes of acts on records, of what stands beside them, and of what is deleted."""

from mock_crm import versions
from mock_crm.openapi.schemas import NAMED_0, listed
from mock_crm.versions import Version
from simulator.shapes import (
    ANY,
    COUNT,
    FLAG,
    ID,
    MOMENT,
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
    or_null,
    ref,
)

MOST_IDS = 500


def shapes(version: Version) -> dict[str, Shape]:
    return {
        **_tags(),
        **_gone(),
        **_many(),
        **_conversion(version),
        **_beside(),
    }


def _tags() -> dict[str, Shape]:
    color: Shape = {"type": "string", "pattern": "^#[0-9A-Fa-f]{6}$"}
    named = {"type": "string", "minLength": 1, "maxLength": 25}
    tags = array_of(an_object(name=named, also={"id": ID, "color_code": color}), 50, 1)
    over_write = {"over_write": FLAG}
    return {
        "Tag": an_object(
            id=ID,
            name=TEXT,
            color_code=TEXT_0,
            created_time=MOMENT,
            modified_time=MOMENT,
            created_by=NAMED_0,
            modified_by=NAMED_0,
        ),
        "TagToWrite": an_object(name=named, also={"id": ID, "color_code": color}),
        "TagToMerge": an_object(conflict_id=ID),
        "TagsOfOne": an_object(tags=tags, also=over_write),
        "TagsOfMany": an_object(tags=tags, ids=array_of(ID, MOST_IDS, 1), also=over_write),
    }


def _gone() -> dict[str, Shape]:
    condition = an_object(field=an_object(api_name=WORDS), comparator=WORDS, value=ANY)
    group = an_object(group_operator=choice("and", "or"), group=array_of(condition, 10, 1))
    return {
        "DeletedRecord": an_object(
            "What is gone for good shows little of itself.",
            id=ID,
            display_name=TEXT_0,
            type=choice("recycle", "permanent"),
            deleted_time=MOMENT,
            deleted_by=NAMED_0,
            created_by=NAMED_0,
        ),
        "BinnedRecord": an_object(
            id=ID,
            display_name=TEXT_0,
            module=an_object(api_name=TEXT),
            owner=NAMED_0,
            deleted_time=MOMENT,
            deleted_by=NAMED_0,
        ),
        "Filters": an_object(filters=ref("CriteriaToSend")),
        "BinFilters": either(condition, group),
        "ToRestore": {
            **an_object(
                also={"ids": array_of(ID, 200), "filters": ref("BinFilters"), "restore_all_records": FLAG},
            ),
            "description": "Exactly one of them.",
        },
    }


def _many() -> dict[str, Shape]:
    chosen: dict[str, Shape | str] = {"ids": array_of(ID, MOST_IDS, 1), "cvid": ID}
    owner = an_object(id=ID)
    related = array_of(an_object(api_name=choice("Tasks", "Events", "Calls", "Contacts", "Deals")), 5)
    field = an_object(api_name=WORDS)
    return {
        "ToUpdate": an_object(data=array_of(OBJECT, 1, 1), also={**chosen, "over_write": FLAG}),
        "ToDelete": an_object("Ids, or a view.", also=chosen),
        "ToGive": an_object(
            owner=owner, ids=array_of(ID, MOST_IDS, 1), also={"notify": FLAG, "related_modules": related}
        ),
        "ToGiveOne": an_object(owner=owner, also={"notify": FLAG, "related_modules": related}),
        "ToGiveByView": an_object(owner=owner, cvid=ID, also={"criteria": ref("CriteriaToSend")}),
        "Job": an_object(
            Status=choice("COMPLETED"),
            Failed_Count=COUNT,
            Total_Count=COUNT,
            also=dict.fromkeys(("Updated_Count", "Deleted_Count", "Not_Updated_Count"), COUNT),
        ),
        "ToMerge": an_object(
            merge=array_of(
                an_object(
                    data=array_of(an_object(id=ID, _fields=array_of(field)), 2, 1),
                    also={"master_record_fields": array_of(field)},
                ),
                1,
                1,
            )
        ),
    }


def _conversion(version: Version) -> dict[str, Shape]:
    made = {part: or_null("Named" if version >= versions.V6 else ID) for part in ("Accounts", "Contacts", "Deals")}
    done: Shape | str = "Outcome" if version >= versions.V6 else an_object(**made)
    meant = either(ID, an_object(id=ID))
    return {
        "Converted": listed("data", done),
        "ToConvert": an_object(
            also={
                "overwrite": FLAG,
                "notify_lead_owner": FLAG,
                "notify_new_entity_owner": FLAG,
                "Accounts": meant,
                "Contacts": meant,
                "assign_to": meant,
                "Deals": OBJECT,
                "move_attachments_to": an_object(api_name=choice("Accounts", "Contacts", "Deals")),
                "carry_over_tags": {"type": "object", "additionalProperties": array_of(an_object(name=WORDS))},
            }
        ),
    }


def _beside() -> dict[str, Shape]:
    counted = an_object(related_list=an_object(api_name=WORDS), also={"params": OBJECT})
    count = an_object(count=COUNT, related_list=an_object(api_name=TEXT))
    role = {"name": WORDS, "sequence_number": {"type": "integer", "minimum": 1}}
    role_there = {"Contact_Role": either(WORDS, an_object(id=ID))}
    return {
        "ContactRole": an_object(id=ID, name=TEXT, sequence_number=WHOLE),
        "ContactRoleToWrite": an_object(also={"id": ID, **role}),
        "ToRelate": an_object(id=ID, also=role_there),
        "ToRelateOne": an_object(also=role_there),
        "ToCountRelated": an_object(get_related_records_count=array_of(counted, 20, 1)),
        "RelatedCounts": listed("get_related_records_count", count),
    }
