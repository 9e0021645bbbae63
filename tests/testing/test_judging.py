"""The rules by which a world is judged after a sync, over small pictures."""

from dataclasses import replace
from typing import Any

import pytest

from simulator.testing.judging import differing, lost
from simulator.testing.picture import Picture, Record, plain
from simulator.testing.synced import ACCOUNTS, PERSONS, Kind, Synced

pytestmark = pytest.mark.requirement("X7")

ONE = replace(ACCOUNTS, fields={"Account_Name": "contact_name", "Website": "website"})
BOTH = Synced(kinds=(ONE,), both_ways=True)


def record(id: str, name: str, website: str = "", **more: Any) -> Record:
    return Record(id, name, {"contact_name": name, "website": website}, **more)


def picture(crm: list[Record], invoice: list[Record], kind: Kind = ONE) -> Picture:
    return Picture({kind: {one.id: one for one in crm}}, {kind: {one.id: one for one in invoice}})


ACME, PARTNER = record("c1", "Acme", "a.example"), record("i1", "Acme", "a.example", link="c1")

DIFFERENCES = {
    "in step": ([ACME], [PARTNER], []),
    "partners by name": ([ACME], [replace(PARTNER, link="")], []),
    "a clone carries a number": ([ACME], [replace(record("i1", "Acme (2)", "a.example"), link="c1")], []),
    "no partner": ([ACME], [], ["Accounts: 'Acme' (c1) of the CRM has no partner in Invoice"]),
    "no partner there": ([], [record("i1", "Acme")], ["contacts: 'Acme' (i1) of Invoice has no partner in the CRM"]),
    "two partners": (
        [ACME],
        [PARTNER, replace(PARTNER, id="i2")],
        ["Accounts: 'Acme' (c1) of the CRM has 2 partners in Invoice: i1, i2"],
    ),
    "deleted": ([], [PARTNER], ["contacts: 'Acme' (i1) of Invoice belongs to Accounts c1, which is no longer there"]),
    "deleted and inactive": ([], [replace(PARTNER, is_synced=False)], []),
    "another value": (
        [ACME],
        [record("i1", "Acme", "b.example", link="c1")],
        ["Accounts: 'Acme' (c1) of the CRM has website 'a.example' there and 'b.example' in Invoice"],
    ),
    "out of view": ([replace(ACME, is_synced=False)], [], []),
}


@pytest.mark.parametrize(("crm", "invoice", "told"), DIFFERENCES.values(), ids=DIFFERENCES)
def test_what_is_not_in_step_is_told(crm, invoice, told):
    assert list(differing(BOTH, picture(crm, invoice), {})) == told


def test_records_that_are_set_aside_are_not_asked_for():
    assert list(differing(BOTH, picture([ACME], []), {"c1": "it has no name"})) == []


def test_one_way_nobody_asks_for_partners_of_invoice_records():
    assert list(differing(Synced(kinds=(ONE,)), picture([], [record("i1", "Acme")]), {})) == []


def test_twins_may_share_a_partner_where_the_connector_says_so():
    twins = picture([ACME, record("c2", "ACME", "a.example")], [PARTNER])

    assert list(differing(replace(BOTH, shares_twins=True), twins, {})) == []
    assert len(list(differing(BOTH, twins, {}))) == 1


def test_persons_are_told_apart_by_the_customer_they_belong_to():
    kind = replace(PERSONS, fields={"Last_Name": "last_name"})
    customers = {one.id: one for one in (PARTNER, record("i2", "Zylker", link="c2"))}
    asha = Record("p1", "Asha Rao", {"last_name": "Rao"}, parent="c1")
    others = {"q1": Record("q1", "Asha Rao", {"last_name": "Rao"}, parent="i2")}
    found = Picture({ONE: {}, kind: {"p1": asha}}, {ONE: customers, kind: others})

    told = list(differing(Synced(kinds=(kind,)), found, {}))

    assert told == ["Contacts: 'Asha Rao' (p1) of the CRM has no partner in Invoice"]


NEW = {"contact_name": "Acme", "website": "new.example"}
IN_CRM, IN_INVOICE = replace(ACME, values=NEW), replace(PARTNER, values=NEW)

LOSSES = {
    "nothing": ([ACME], [PARTNER], [ACME], [PARTNER], 0),
    "taken over from the CRM": ([IN_CRM], [PARTNER], [IN_CRM], [IN_INVOICE], 0),
    "not taken over from the CRM": ([IN_CRM], [PARTNER], [IN_CRM], [PARTNER], 1),
    "put back in the CRM": ([IN_CRM], [PARTNER], [ACME], [PARTNER], 1),
    "taken over from Invoice": ([ACME], [IN_INVOICE], [IN_CRM], [IN_INVOICE], 0),
    "not taken over from Invoice": ([ACME], [IN_INVOICE], [ACME], [IN_INVOICE], 1),
    "invented": ([ACME], [PARTNER], [IN_CRM], [IN_INVOICE], 1),
    "a deletion goes over": ([], [PARTNER], [], [], 0),
    "a deletion is forgotten": ([], [PARTNER], [], [PARTNER], 1),
    "edit beats delete": ([], [IN_INVOICE], [IN_CRM], [IN_INVOICE], 0),
    "gone from the CRM": ([ACME], [PARTNER], [], [PARTNER], 1),
    "gone from Invoice": ([ACME], [PARTNER], [ACME], [], 1),
    "a new one is gone": ([ACME, record("c2", "Zylker")], [PARTNER], [ACME], [PARTNER], 1),
}


@pytest.mark.parametrize(("crm", "invoice", "crm_after", "invoice_after", "count"), LOSSES.values(), ids=LOSSES)
def test_what_was_lost_is_told(crm, invoice, crm_after, invoice_after, count):
    before = picture([ACME], [PARTNER])

    told = list(lost(BOTH, before, picture(crm, invoice), picture(crm_after, invoice_after), {}))

    assert len(told) == count, told


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (" Acme ", "Acme"), (12.50, "12.5"), ("12.50", "12.50"), (0, ""), (True, "yes"), ({"name": "A"}, "A")],
    ids=str,
)
def test_values_are_compared_as_plain_text(value, text):
    assert plain(value) == text
