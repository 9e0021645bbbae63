"""Shapes that all areas use: refusals, outcomes, paging, records."""

from mock_crm import versions
from mock_crm.envelope import MOST_WRITTEN
from mock_crm.openapi.schemas import listed, sent
from mock_crm.versions import Version
from simulator.shapes import (
    COUNT,
    FLAG,
    ID,
    MOMENT,
    OBJECT,
    TEXT,
    TEXT_0,
    WHOLE,
    Shape,
    an_object,
    array_of,
    choice,
    either,
    or_null,
)


def shapes(version: Version) -> dict[str, Shape]:
    return {
        "Error": an_object(
            "A refusal: of the whole call, or of one of the things sent. `code` is the vendor's word for it.",
            code=TEXT,
            details=OBJECT,
            message=TEXT,
            status=choice("error"),
        ),
        "Outcome": an_object(
            "What became of one thing sent: `code` SUCCESS, or an error's.",
            code=TEXT,
            details=OBJECT,
            message=TEXT,
            status=choice("success", "error"),
        ),
        "Refused": {
            "description": "The refusal of the whole call, or an outcome for each thing sent.",
            "anyOf": [
                {"$ref": "#/components/schemas/Error"},
                {"type": "object", "minProperties": 1, "additionalProperties": either("Outcome", array_of("Outcome"))},
            ],
        },
        "Named": an_object("Who or what is meant, by name and id.", name=TEXT, id=ID),
        "Info": _info(version),
        "Count": an_object(count=COUNT),
        **_records(version),
    }


def _info(version: Version) -> Shape:
    tokens = dict.fromkeys(("next_page_token", "previous_page_token", "page_token_expiry"), TEXT_0)
    return an_object(
        "Where a page stands.",
        per_page=WHOLE,
        count=COUNT,
        page=WHOLE,
        more_records=FLAG,
        also=tokens if version >= versions.V3 else {},
    )


def _records(version: Version) -> dict[str, Shape]:
    owner = an_object(name=TEXT, id=ID, email=TEXT)
    written = {**array_of(TEXT), "description": "workflow, approval, blueprint … of which none is emulated."}
    return {
        "Record": an_object(
            "A record: fields by their api names, which `/settings/fields` lists. Amounts are numbers, moments ISO "
            "8601, lookups `{name, id}`.",
            id=ID,
            also={"Owner": or_null(owner), "Created_Time": MOMENT, "Modified_Time": MOMENT},
        ),
        "Records": listed("data", "Record", info=True),
        "OneRecord": listed("data", "Record"),
        "RecordToWrite": {
            **OBJECT,
            "description": "Fields by their api names. Lookups and `Owner` as `{id}`; rows of subforms as objects.",
        },
        "RecordsToWrite": sent("data", "RecordToWrite", MOST_WRITTEN, trigger=written),
        "RecordToChange": sent("data", "RecordToWrite", 1, trigger=written),
        "RecordsToUpsert": sent(
            "data", "RecordToWrite", MOST_WRITTEN, trigger=written, duplicate_check_fields=array_of(TEXT)
        ),
    }
