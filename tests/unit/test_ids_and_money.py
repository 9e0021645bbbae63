"""Ids come from the world's own sequence; money is exact from the wire to a sum in SQL and back."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, func

from simulator import ids, money
from tests.unit.toy import ID_BASE, OTHER, WORLD, Toy, in_threads, toy_app

LARGEST = money.to_units(money.LARGEST)
AMOUNTS = st.integers(-LARGEST, LARGEST).map(lambda units: Decimal(units) / 10**6)
fast = hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_the_same_scenario_gives_the_same_ids(tmp_path):
    given_ids = []
    for name in ("one", "two"):
        toy = Toy.made(toy_app(tmp_path / name))
        given_ids.append([int(toy.add("Acme").get_json()["id"]) for _ in range(3)])

    assert given_ids == [[ID_BASE + 1, ID_BASE + 2, ID_BASE + 3]] * 2


def test_worlds_count_for_themselves(toy, other):
    assert toy.add("Acme").get_json()["id"] == other.add("Zylker").get_json()["id"]


def test_ids_begin_again_with_a_reset(toy):
    first = toy.add("Acme").get_json()["id"]
    toy.put("reset")

    assert toy.add("Acme").get_json()["id"] == first


def test_ids_look_like_the_vendors_and_come_in_rows(toy):
    with toy.worlds.transaction(WORLD):
        row = ids.new_ids(3)
        following = ids.new_id()

    assert row == [ID_BASE + 1, ID_BASE + 2, ID_BASE + 3]
    assert following == ID_BASE + 4
    assert len(str(following)) == 19


def test_ids_are_given_back_when_the_transaction_rolls_back(toy):
    with pytest.raises(ZeroDivisionError), toy.worlds.transaction(WORLD):
        assert ids.new_ids(10)[0] / 0

    with toy.worlds.transaction(WORLD):
        assert ids.new_id() == ID_BASE + 1


def test_no_two_threads_get_the_same_id(toy):
    found: list[str] = []

    def add(number: int) -> None:
        found.extend(toy.add("x").get_json()["id"] for _ in range(5))

    assert in_threads(8, add) == []
    assert len(set(found)) == 40


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12.50", "12.5"),
        (" 7 ", "7"),
        (100, "100"),
        (Decimal("100.00"), "100"),
        ("-0.000001", "-0.000001"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1e3", "1000"),
        ("999999999999", "999999999999"),
        ("-0", "0"),
    ],
)
def test_an_amount_is_read_exactly(text, expected):
    assert str(money.amount(text)) == expected


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        True,
        None,
        [],
        {},
        b"1",
        "",
        "  ",
        "abc",
        "1,000",
        "1_000",
        "１２",
        "٣",
        "0x10",
        "1 000",
        "$5",
        "NaN",
        "sNaN",
        "Infinity",
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("-Infinity"),
        "0.0000001",
        "1000000000000",
        "-1000000000000",
        "1e13",
        "1e999999999",
        "1e-999999999",
        "1e99999999999999999999",
        10**500,
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_is_no_amount_is_refused(value):
    with pytest.raises(ValueError, match=r"not an amount|more than six"):
        money.amount(value)


@given(amounts=st.lists(AMOUNTS.filter(lambda amount: abs(amount) < 10**11), min_size=1, max_size=20))
@fast
def test_amounts_come_out_of_the_store_as_they_went_in_and_add_up_exactly(toy, amounts):
    thing = toy.app.extensions["thing"]
    session = toy.app.extensions["sqlalchemy"].session
    with toy.worlds.transaction(WORLD):
        session.query(thing).delete()
        for number, amount in enumerate(amounts):
            session.add(thing(id=number, name="", amount=money.amount(str(amount))))
    with toy.worlds.transaction(WORLD, reads_only=True):
        found = [row.amount for row in session.query(thing).order_by(thing.id)]
        total = session.query(func.sum(thing.amount)).scalar()
        units = session.query(func.sum(thing.amount, type_=BigInteger)).scalar()

    assert found == amounts
    assert total == money.from_units(units) == sum(amounts)


@given(amount=AMOUNTS)
@fast
def test_units_and_amounts_turn_into_each_other_without_loss(amount):
    assert money.from_units(money.to_units(amount)) == amount
    assert money.amount(str(amount)) == amount


def test_nothing_summed_is_zero():
    assert money.from_units(None) == 0


def test_a_float_never_gets_into_a_column(toy):
    thing = toy.app.extensions["thing"]
    with pytest.raises(Exception, match="float"), toy.worlds.transaction(WORLD):
        toy.app.extensions["sqlalchemy"].session.add(thing(id=1, name="", amount=1.1))
    assert toy.names() == ["seed"]


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [("0.125", 2, "0.13"), ("0.135", 2, "0.14"), ("-0.125", 2, "-0.13"), ("2.5", 0, "3"), ("1.005", 2, "1.01")],
)
def test_halves_are_rounded_away_from_zero(value, places, expected):
    assert str(money.round_to(Decimal(value), places)) == expected


@given(amount=AMOUNTS, places=st.integers(0, 6))
@fast
def test_rounding_half_up_is_what_whole_numbers_say_it_is(amount, places):
    units, unit = abs(money.to_units(amount)), 10 ** (6 - places)
    expected = (units + unit // 2) // unit if unit > 1 else units

    rounded = money.round_to(amount, places)

    assert abs(rounded) * 10**places == expected
    assert rounded == 0 or (rounded > 0) == (amount > 0)
    assert rounded == amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def test_the_other_world_keeps_its_own_sum(toy, other):
    toy.add("Acme", amount="10.25")

    with other.worlds.transaction(OTHER, reads_only=True):
        session = other.app.extensions["sqlalchemy"].session
        total = session.query(func.sum(other.app.extensions["thing"].amount)).scalar()
    assert total == Decimal("1.5")
