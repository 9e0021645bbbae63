"""Our connector in every scenario there is, judged as anybody's connector is; new scenarios are found by themselves."""

import pytest

from simulator.testing import (
    Zoho,
    assert_calls,
    assert_converged,
    assert_idempotent,
    assert_no_echo,
    assert_nothing_lost,
)
from simulator.worlds import SCENARIOS

pytestmark = pytest.mark.requirement("X3", "X7", "X10")

BOTH_WAYS = {
    "contacts": {"extent": "both", "duplicates": "overwrite"},
    "items": {"extent": "both", "duplicates": "overwrite"},
}
FETCH = {"contacts": {"extent": "fetch", "duplicates": "overwrite"}, "items": {"duplicates": "overwrite"}}
#: After so many syncs nothing is left to do, whatever the two sides were like before the first.
SYNCS = 2
#: Of many records those of this view are synced: the assertions read each of them, again and again.
VIEWS = {"big": "My Accounts"}
#: What a sync with nothing to do may cost: records that have failed are tried again, and the names of ten thousand
#: accounts outside the view are looked through, 200 a page.
CALLS = {"big": 70, "half-broken": 30}
NAMES = sorted(path.parent.name for path in SCENARIOS.glob("*/crm"))
EXTENTS = {"both ways": BOTH_WAYS, "fetch": FETCH}
#: Where there are so many records that once is enough.
ONLY_FETCHED = ("big",)


@pytest.mark.parametrize(
    ("zoho", "scenario", "settings"),
    [
        pytest.param(name, name, settings, marks=pytest.mark.zoho(scenario=name), id=f"{name}, {extent}")
        for name in NAMES
        for extent, settings in EXTENTS.items()
        if extent == "fetch" or name not in ONLY_FETCHED
    ],
    indirect=["zoho"],
)
def test_in_every_scenario_our_connector_passes_every_assertion(zoho: Zoho, scenario, settings):
    # Two, because a list that is suddenly empty is taken for an accident and not for a deletion.
    made = zoho.crm.create_records("Accounts", [{"Account_Name": "Nova Lighting"}, {"Account_Name": "Nova Stays"}])
    account = made[0]["details"]["id"]
    zoho.connect(**settings)
    if name := VIEWS.get(scenario):
        view = next(one["id"] for one in zoho.crm.custom_views("Accounts") if one["name"] == name)
        zoho.connect(contacts={"account_view": view})
    for _ in range(SYNCS):
        assert zoho.sync()["run"]["state"] == "done"

    assert_converged(zoho)
    assert_idempotent(zoho)
    with assert_no_echo(zoho):
        zoho.crm.update_records("Accounts", [{"id": account, "Website": "https://nova-lighting.example"}])
    (customer,) = zoho.invoice.contacts(zcrm_account_id=account)
    with assert_nothing_lost(zoho):
        zoho.crm.update_records("Accounts", [{"id": account, "Account_Name": "Nova"}])
        if settings is BOTH_WAYS:
            zoho.invoice.update_contact(customer["contact_id"], {"notes": "pays by wire"})
    with assert_nothing_lost(zoho):
        zoho.crm.delete_records("Accounts", [account])
    zoho.clock.advance(hours=1)
    zoho.sync()  # looks once more at what was written just before
    with assert_calls(zoho, at_most=CALLS.get(scenario, 20)):
        zoho.sync()
