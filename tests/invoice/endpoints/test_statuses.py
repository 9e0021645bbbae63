"""A status refuses what its row says, and nothing else (invoice-api.md §5.4, §6.4)."""

import re
from dataclasses import replace

import pytest

from tests.invoice.endpoints.documents import KINDS
from tests.invoice.endpoints.rows import IN_USE, NO_STATUS, PAYMENT_REFUSED, STATUS_REFUSED, Row, cases
from tests.invoice.endpoints.table import ROWS
from tests.invoice.endpoints.world import Place

CONTACT_IN_USE = 3000
REFUSALS = (STATUS_REFUSED, PAYMENT_REFUSED, IN_USE, CONTACT_IN_USE)
RECURRING = ("active", "stopped", "expired")
#: What has a status, by its name in an address: the others of its kind.
OTHERS = {
    **{
        f"{status}_{kind.key}": [f"{one}_{kind.key}" for one in kind.statuses if one != status]
        for kind in KINDS
        for status in (*kind.statuses, "applied", "part_credited", "written_off")
    },
    **{f"{status}_recurring": [f"{one}_recurring" for one in RECURRING if one != status] for status in RECURRING},
    **{name: ["inactive_contact"] for name in ("contact", "spare_contact")},
    **{name: ["inactive_item"] for name in ("item", "spare_item")},
    **{name: ["invited_user"] for name in ("tim", "kim", "inactive_user")},
}


def subject(row: Row) -> str:
    """The name of what a row's address is about, where that has a status."""
    names = re.findall(r"\$(\w+)", row.at)
    return next((name for name in names if name in OTHERS), "")


ABOUT = [row for row in ROWS if subject(row)]
OF_NOTHING = [row for row in ROWS if row.status is NO_STATUS]


@pytest.mark.parametrize("row", ABOUT, ids=[row.name for row in ABOUT])
def test_no_other_status_refuses_it(row: Row, here: Place) -> None:
    named = {case.change(row.right).at for case in cases(row.status)}
    tried = []
    for other in OTHERS[subject(row)]:
        call = replace(row.right, at=row.at.replace(subject(row), other))
        if call.at not in named:
            status, body, _ = here.send(row.method, call, here.names)
            tried.append((other, status, body))

    wrongly = [one for one in tried if one[1] >= 400 and one[2]["code"] in REFUSALS]
    assert wrongly == []


@pytest.mark.parametrize("row", OF_NOTHING, ids=[row.name for row in OF_NOTHING])
def test_what_is_said_to_have_no_status_has_none(row: Row) -> None:
    assert subject(row) == ""
