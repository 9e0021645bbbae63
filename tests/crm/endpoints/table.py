"""The whole table."""

from tests.crm.endpoints import (
    acts,
    beside,
    bin,
    company,
    contact_roles,
    jobs,
    profiles,
    records,
    settings,
    tokens,
    users,
    views,
)

AREAS = (records, beside, contact_roles, acts, bin, settings, views, company, profiles, users, jobs, tokens)
ROWS = tuple(row for area in AREAS for row in area.ROWS)
BY_OPERATION = {row.operation: row for row in ROWS}
