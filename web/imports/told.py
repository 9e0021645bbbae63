"""What an import would do or did, as rows of its pages and as the file of the refused lines."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import Response

from simulator.csv_import.reading import Rejected, Sheet
from simulator.csv_import.running import LEFT, MADE, UPDATED, Tally
from web.i18n import _
from web.imports.choices import Choices

#: Rows of the file that the preview shows, and cells of a column as examples.
FIRST = 10
EXAMPLES = 3
REFUSED = "refused"
#: The columns of the file of refused lines that are ours; none is a field's, so the mended file is imported as it is.
OURS = ("Line", "Import error")


def column_rows(sheet: Sheet, choices: Choices) -> list[dict[str, Any]]:
    """Each column of the file with some of what stands in it, and the field it is imported as."""
    found: list[list[str]] = [[] for _name in sheet.header]
    for row in sheet.rows():
        for examples, cell in zip(found, row.cells if not row.problem else (), strict=False):
            if cell.strip() and cell not in examples and len(examples) < EXAMPLES:
                examples.append(cell)
    return [
        {
            "name": name.strip() or _("Column %(place)s", place=place + 1),
            "examples": found[place],
            "field": choices.columns[place],
            "key": f"column{place}",
        }
        for place, name in enumerate(sheet.header)
    ]


def first_rows(sheet: Sheet, choices: Choices, labels: Mapping[str, str], tally: Tally) -> dict[str, Any]:
    """The first lines as they would be imported, with what would become of each."""
    acts = {one.line: one.act for one in tally.done} | {one.line: REFUSED for one in tally.rejected}
    rows = []
    for row, _count in zip(sheet.rows(), range(FIRST), strict=False):
        cells = ["" if row.problem else row.cells[place] for place in choices.matched]
        rows.append({"line": row.number, "act": acts[row.number], "cells": cells})
    return {"labels": [labels[name] for name in choices.matched.values()], "rows": rows}


def refused_rows(
    rejected: Iterable[Rejected], labels: Mapping[str, str], said: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The refused lines in the page's words.

    Args:
        said: what stands in the importer's reasons and how people say it.
    """
    return [
        {
            "line": one.line,
            "field": labels.get(one.column, one.column),
            "value": one.value,
            "reason": _reason(one, labels, said),
        }
        for one in rejected
    ]


def _reason(one: Rejected, labels: Mapping[str, str], said: Mapping[str, str]) -> str:
    told = one.reason
    for theirs, ours in said.items():
        told = told.replace(theirs, ours)
    if one.column in labels:
        told = told.replace(f"is no value of {one.column}", _("is none of its values"))
    return told[:1].upper() + told[1:]


def as_report(tally: Tally, refused: list[dict[str, Any]], stopped: str) -> dict[str, Any]:
    """What is kept of an import."""
    records = [
        {"line": one.line, "act": one.act, "name": one.name, "id": one.record_id}
        for one in tally.done
        if one.act in (MADE, UPDATED)
    ]
    counts = {act: tally.count(act) for act in (MADE, UPDATED, LEFT)}
    return {"counts": {**counts, REFUSED: len(refused)}, "records": records, "refused": refused, "stopped": stopped}


def refused_file(name: str, sheet: Sheet, rows: Iterable[Mapping[str, Any]]) -> Response:
    """The refused lines as they stand in the file, each after its number and the reason, to be mended and imported.

    The cells are given back as they came: an apostrophe against formulas would be imported with them.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow((*OURS, *sheet.header))
    writer.writerows(_refused_lines(sheet, rows))
    headers = {"Content-Disposition": f'attachment; filename="{name.replace(".", "-")}-refused.csv"'}
    return Response(text.getvalue().encode(), content_type="text/csv; charset=utf-8", headers=headers)


def _refused_lines(sheet: Sheet, rows: Iterable[Mapping[str, Any]]) -> Iterator[list[str]]:
    reasons = {row["line"]: ": ".join(filter(None, (row["field"], row["reason"]))) for row in rows}
    for row in sheet.rows():
        if row.number in reasons:
            yield [str(row.number), reasons[row.number], *row.cells]
