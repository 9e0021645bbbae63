"""The three-way comparison of a pair: what goes where, field by field (requirement C11)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.settings import Winner
from connector.sync.compare import Comparison, compare

pytestmark = pytest.mark.requirement("C11")


def found(crm: str, invoice: str, seen: str, winner: Winner = Winner.CRM, **more: frozenset[str]) -> tuple[str, ...]:
    """Where the one field goes, in words."""
    result = compare({"f": crm}, {"f": invoice}, {"f": seen}, {"f": seen}, winner, **more)
    said = [name for name in ("to_invoice", "to_crm", "agreed", "conflicts") if getattr(result, name)]
    return tuple(said)


@pytest.mark.parametrize(
    ("crm", "invoice", "seen", "said"),
    [
        ("1", "1", "1", ()),
        ("2", "1", "1", ("to_invoice",)),
        ("1", "2", "1", ("to_crm",)),
        ("2", "2", "1", ("agreed",)),
        ("2", "3", "1", ("to_invoice", "conflicts")),
        ("", "1", "1", ("to_invoice",)),
        ("1", "", "1", ("to_crm",)),
    ],
    ids=["neither", "crm", "invoice", "both alike", "both otherwise", "cleared in crm", "cleared in invoice"],
)
def test_a_field_goes_where_it_was_not_changed(crm, invoice, seen, said):
    assert found(crm, invoice, seen) == said


def test_the_losing_value_of_a_conflict_is_kept_with_the_winner():
    result = compare({"f": "2"}, {"f": "3"}, {"f": "1"}, {"f": "1"}, Winner.INVOICE)

    assert result.conflicts == {"f": {"crm": "2", "invoice": "3", "winner": "invoice"}}
    assert (result.to_crm, result.to_invoice) == ({"f": "3"}, {})


def test_what_a_side_keeps_otherwise_than_was_agreed_is_no_edit():
    result = compare({"rate": "1.01"}, {"rate": "1.005"}, {"rate": "1.01"}, {"rate": "1.005"}, Winner.CRM)

    assert result == Comparison()


@pytest.mark.parametrize(
    ("crm", "invoice", "said"),
    [
        ("1", "", ("to_invoice",)),
        ("", "1", ("to_crm",)),
        ("1", "2", ("to_invoice", "conflicts")),
        ("1", "1", ("agreed",)),
    ],
    ids=["only crm", "only invoice", "both", "alike"],
)
def test_a_field_that_was_mapped_since_takes_what_is_there(crm, invoice, said):
    result = compare({"f": crm}, {"f": invoice}, {}, {}, Winner.CRM)

    assert tuple(name for name in ("to_invoice", "to_crm", "agreed", "conflicts") if getattr(result, name)) == said


@pytest.mark.parametrize(
    ("crm", "invoice", "said"),
    [("", "1", ("to_crm",)), ("2", "", ("to_invoice",)), ("2", "1", ("to_invoice",)), ("1", "1", ())],
    ids=["empty in crm", "empty in invoice", "another value", "alike"],
)
def test_a_field_that_was_mapped_onto_another_one_since_is_not_emptied(crm, invoice, said):
    result = compare({"f": crm}, {"f": invoice}, {"f": "1"}, {"f": "1"}, Winner.CRM, is_remapped=True)

    assert tuple(name for name in ("to_invoice", "to_crm", "agreed", "conflicts") if getattr(result, name)) == said


def test_a_field_that_does_not_travel_back_only_goes_to_invoice():
    one_way = frozenset(["f"])

    assert found("1", "2", "1", one_way=one_way) == ()
    assert found("2", "3", "1", one_way=one_way) == ("to_invoice",)


VALUES = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", "1", "2", "3"]), min_size=3, max_size=3)


@given(seen=VALUES, crm=VALUES, invoice=VALUES, winner=st.sampled_from(Winner))
def test_after_it_both_sides_agree_and_no_lone_edit_is_lost_nor_a_value_invented(seen, crm, invoice, winner):
    result = compare(crm, invoice, seen, seen, winner)

    crm_after, invoice_after = {**crm, **result.to_crm}, {**invoice, **result.to_invoice}
    assert crm_after == invoice_after
    for name in crm:
        if invoice[name] == seen[name]:
            assert crm_after[name] == crm[name]
        elif crm[name] == seen[name]:
            assert crm_after[name] == invoice[name]
        else:
            assert crm_after[name] in (crm[name], invoice[name])
    again = compare(crm_after, invoice_after, crm_after, invoice_after, winner)
    assert again == Comparison()
