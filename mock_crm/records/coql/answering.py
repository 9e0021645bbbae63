"""From the text of a query to its results."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

from mock_crm import state
from mock_crm.database import searching_connection
from mock_crm.metadata.catalog import Module
from mock_crm.records import store, views
from mock_crm.records.asked import Asker
from mock_crm.records.coql import checks, shown, statement
from mock_crm.records.coql.columns import Path, Reach
from mock_crm.records.coql.conditions import criteria_of
from mock_crm.records.coql.errors import unknown_module, unknown_view
from mock_crm.records.coql.grammar import Query, parse
from mock_crm.records.criteria import compiled
from mock_crm.records.model import CONVERTED, record


@dataclass(frozen=True)
class Results:
    """What a query found, and the columns it asked for."""

    rows: list[dict[str, Any]]
    has_more: bool
    columns: list[checks.Selected]
    reach: Reach


def results_of(text: str, asker: Asker, admit: Callable[[Module], None]) -> Results:
    """
    Args:
        admit: raises when the one who asks may not see a module; called for each one the query comes to.
    """
    query = parse(text)
    module = state.catalog().find(query.module)
    if module is None or module.is_subform:
        raise unknown_module()
    limit = checks.limit_of(query)
    reach = Reach(module, admit)
    chosen = checks.selected(query, reach)
    criteria = criteria_of(query.conditions, reach, asker)
    groups = checks.grouped(query, chosen, reach)
    order = checks.ordered(query, chosen, groups, reach)
    source = statement.Source.of(reach)
    conditions = [*store.alive(module), *_standing(query, reach), compiled(criteria, source.tables)]
    paths: list[Path] = [(), *sorted({one.meaning.through for one in chosen} - {()})]
    if groups is None:
        wanted = statement.of_records(source, conditions, paths, order)
    else:
        wanted = statement.of_groups(source, conditions, chosen, groups, order)
    rows = searching_connection().execute(wanted.limit(limit + 1).offset(query.offset)).all()
    found = rows[:limit]
    if groups is None:
        answers = shown.records(found, paths, chosen, reach)
    else:
        answers = shown.groups(found, chosen, groups, reach)
    return Results(answers, len(rows) > limit, chosen, reach)


def _standing(query: Query, reach: Reach) -> list[ColumnElement[bool]]:
    """What a view adds; and converted leads are found by queries that ask whether they are (from memory)."""
    conditions: list[ColumnElement[bool]] = []
    if query.view is not None:
        view = views.find(reach.module, query.view)
        if view is None:
            raise unknown_view(query.view)
        conditions += view.conditions
    elif CONVERTED in reach.module.fields and CONVERTED not in reach.filtered:
        conditions.append(record.c.is_converted.is_(False))
    return conditions
