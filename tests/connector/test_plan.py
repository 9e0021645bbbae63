"""The planner's decisions, one rule at a time, over plain data."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.fields import DEFAULT_MAPPING
from connector.mapping import version_of
from connector.settings import Duplicates, Entity
from connector.sync.plan import plan, too_many_deletes
from connector.sync.records import Listing, Pairing, Planned, Source, Target, Unchanged

MAPPING = DEFAULT_MAPPING["account"]


def accounts(duplicates: str = "skip") -> Entity:
    return Entity("account", Duplicates(duplicates), None, MAPPING)


def account(name: str, number: int = 1, phone: str = "") -> Source:
    values = {"contact_name": name, "billing_address.phone": phone}
    return Source(f"crm{number}", name, values, modified="2026-01-01", created=f"2025-01-{number:02d}")


def linked(source: Source, invoice_id: str = "inv1") -> Pairing:
    return Pairing(
        id=1,
        crm_id=source.id,
        invoice_id=invoice_id,
        name=source.name,
        state="linked",
        role="primary",
        base=source.values,
        mapping_version=version_of(MAPPING),
        suffix="",
        in_view=True,
        origin="view",
        incarnation=1,
    )


def steps(
    entity: Entity,
    *sources: Source,
    targets: list[Target] | None = None,
    links: list[Pairing] | None = None,
    gone: frozenset[str] = frozenset(),
) -> list[Planned | Unchanged]:
    return list(plan(entity, Listing(list(sources), targets or [], links or [], gone)))


def only(found: list[Planned | Unchanged]) -> Planned:
    (step,) = found
    assert isinstance(step, Planned)
    return step


def test_a_new_account_becomes_a_customer():
    step = only(steps(accounts(), account("Acme")))

    assert (step.kind, step.name, step.reason) == ("create", "Acme", "new in CRM")


def test_a_linked_account_that_did_not_change_is_left_alone():
    acme = account("Acme")

    assert steps(accounts(), acme, targets=[Target("inv1", "Acme")], links=[linked(acme)]) == [Unchanged("account")]


def test_a_changed_field_is_named_in_the_reason():
    before, after = account("Acme", phone="1"), account("Acme", phone="2")

    step = only(steps(accounts(), after, targets=[Target("inv1", "Acme")], links=[linked(before)]))

    assert (step.kind, step.reason) == ("update", "changed in CRM: billing_address.phone")


@pytest.mark.requirement("C3")
@pytest.mark.parametrize("spelling", ["Acme", "ACME", "  acme "], ids=["same", "case", "space"])
@pytest.mark.parametrize(
    ("policy", "kind", "name"),
    [("skip", "skip", "Acme"), ("overwrite", "link", "Acme"), ("clone", "create", "Acme (2)")],
    ids=["skip", "overwrite", "clone"],
)
def test_a_duplicate_is_settled_by_the_policy(policy, kind, name, spelling):
    step = only(steps(accounts(policy), account("Acme"), targets=[Target("inv9", spelling)]))

    assert step.kind == kind
    assert step.values["contact_name"] == name


@pytest.mark.requirement("C3")
def test_a_clone_takes_the_next_free_number():
    targets = [Target("inv1", "Acme"), Target("inv2", "acme (2)")]

    assert only(steps(accounts("clone"), account("Acme"), targets=targets)).values["contact_name"] == "Acme (3)"


@pytest.mark.requirement("C3")
def test_an_empty_name_never_matches():
    step = only(steps(accounts(), account(""), targets=[Target("inv1", "")]))

    assert step.kind == "create"


@pytest.mark.requirement("C4")
def test_twins_in_the_crm_feed_one_customer_under_overwrite():
    first, second = account("Acme", 1), account("Acme", 2)

    made, twin = steps(accounts("overwrite"), second, first)

    assert (made.kind, made.crm_id) == ("create", "crm1")
    assert (twin.kind, twin.crm_id, twin.parent) == ("alias", "crm2", "crm1")


@pytest.mark.requirement("C12")
def test_absence_from_the_list_is_no_deletion():
    acme = account("Acme")

    left = only(steps(accounts(), targets=[Target("inv1", "Acme")], links=[linked(acme)]))
    deleted = only(steps(accounts(), targets=[Target("inv1", "Acme")], links=[linked(acme)], gone=frozenset(["crm1"])))

    assert left.kind == "leave_view"
    assert deleted.kind == "delete"


@pytest.mark.requirement("C6")
def test_a_record_that_returns_to_the_view_resumes_on_its_old_link():
    acme = account("Acme")
    link = replace(linked(acme), in_view=False)

    assert only(steps(accounts(), acme, targets=[Target("inv1", "Acme")], links=[link])).kind == "return_to_view"


@pytest.mark.requirement("C12")
def test_a_customer_deleted_in_invoice_is_unlinked_and_not_made_again_unasked():
    acme = account("Acme")
    detached = replace(linked(acme), state="detached")

    assert only(steps(accounts(), acme, links=[linked(acme)])).kind == "unlink"
    assert isinstance(steps(accounts(), acme, links=[detached])[0], Unchanged)


@pytest.mark.requirement("C12")
def test_an_edit_in_the_crm_beats_a_deletion_in_invoice():
    before, after = account("Acme", phone="1"), account("Acme", phone="2")

    step = only(steps(accounts(), after, links=[replace(linked(before), state="detached")]))

    assert (step.kind, step.incarnation) == ("create", 2)


@pytest.mark.requirement("C12")
@pytest.mark.parametrize(
    ("deleted", "linked_records", "stops"),
    [(10, 20, False), (11, 20, True), (11, 55, False), (11, 54, True), (0, 0, False)],
    ids=["ten", "more than ten", "a fifth", "more than a fifth", "none"],
)
def test_a_plan_that_deletes_too_much_must_be_confirmed(deleted, linked_records, stops):
    found = [Planned("delete", "account", str(number), "Acme", "deleted in CRM") for number in range(deleted)]

    assert bool(too_many_deletes(found, linked_records)) is stops


NAMES = st.sampled_from(["Acme", "acme", "Zylker", " Zylker ", "", "Acme (2)"])


@given(
    names=st.lists(NAMES, max_size=6),
    there=st.lists(NAMES, max_size=4),
    policy=st.sampled_from(list(Duplicates)),
)
def test_each_record_gets_exactly_one_step_and_no_customer_gets_two_owners(names, there, policy):
    sources = [account(name, number) for number, name in enumerate(names, 1)]
    targets = [Target(f"inv{number}", name) for number, name in enumerate(there)]

    found = steps(accounts(policy), *sources, targets=targets)

    merged = [step.invoice_id for step in found if step.kind == "merge"]
    assert sorted(step.crm_id for step in found if step.kind != "merge") == sorted(source.id for source in sources)
    owned = [step.invoice_id for step in found if step.kind == "link"]
    assert len([*owned, *merged]) == len({*owned, *merged})


@given(names=st.lists(NAMES.filter(str.strip), max_size=6), there=st.lists(NAMES, max_size=4))
def test_clones_never_meet_a_name_that_is_taken(names, there):
    sources = [account(name, number) for number, name in enumerate(names, 1)]
    targets = [Target(f"inv{number}", name) for number, name in enumerate(there)]

    made = [step.values["contact_name"] for step in steps(accounts("clone"), *sources, targets=targets)]

    keys = [
        " ".join(name.split()).casefold()
        for name in [*made, *{name.strip().casefold() for name in there if name.strip()}]
    ]
    assert len(keys) == len(set(keys))
