"""JSON with exact numbers: what comes in goes out with the same digits, and what is no JSON is a ValueError."""

from decimal import Decimal

import pytest
from flask import jsonify
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import wire

EXACT = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=8)
NUMBERS = st.one_of(EXACT, st.integers(-(2**63), 2**63 - 1), st.booleans(), st.none())
TREES = st.recursive(
    st.one_of(NUMBERS, st.text()), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)
fast = settings(max_examples=150, deadline=None)


@given(number=EXACT)
@fast
def test_a_number_with_a_point_keeps_its_value_to_the_last_digit(number):
    text = format(number, "f")

    found = wire.loads(text)

    assert isinstance(found, Decimal)
    assert found == number
    assert Decimal(wire.dumps(found).decode()) == number


@given(tree=TREES)
@fast
def test_what_is_written_is_read_back_the_same(tree):
    assert wire.loads(wire.dumps(tree)) == tree


@given(number=st.integers(-(10**60), 10**60))
@fast
def test_whole_numbers_of_any_length_keep_their_digits(number):
    assert wire.dumps(wire.loads(str(number))) == str(number).encode()


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("100.00", b"100"),
        ("199.90", b"199.9"),
        ("0.1", b"0.1"),
        ("-0.0", b"0"),
        ("0", b"0"),
        ("1E+3", b"1000"),
        ("1E-7", b"0.0000001"),
        ("-12.340", b"-12.34"),
        ("0E+5", b"0"),
        ("12345678901234567890.123456789", b"12345678901234567890.123456789"),
    ],
)
def test_a_decimal_is_written_plainly_without_trailing_zeros(number, text):
    assert wire.dumps(Decimal(number)) == text


def test_numbers_that_floats_spoil_are_exact():
    rows = wire.loads(b"[0.1, 0.2, 1.10, 1e2, 4503599627370497.5, 0.1000000000000000055511151231257827]")

    assert rows[0] + rows[1] == Decimal("0.3")
    assert not any(isinstance(value, float) for value in rows)
    assert wire.dumps(rows) == b"[0.1,0.2,1.1,100,4503599627370497.5,0.1000000000000000055511151231257827]"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"{'a': 1}",
        b'{"a": 1,}',
        b"NaN",
        b"[Infinity]",
        b'{"a": -Infinity}',
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b'"\\ud800"',
        b'["\\uDC00 alone"]',
        '{"a": 1}'.encode("utf-16"),
        b"1e999999999",
        b"[1e-999999999]",
        b"0e999999999",
        b"9" * 500,
        b"9" * 5000,
        b"01",
        b"1.",
        b"\x00",
        b"1 2",
    ],
    ids=lambda text: repr(text[:20]),
)
def test_what_is_no_json_is_a_value_error(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the parser's
        wire.loads(text)


def test_whole_surrogate_pairs_and_marks_of_order_are_text():
    assert wire.loads('"\\ud83d\\ude00"') == "😀"
    assert wire.loads(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


def test_what_has_no_form_in_json_is_not_written():
    with pytest.raises(TypeError):
        wire.dumps({"a": object()})


def test_flasks_own_json_follows_the_same_rules(app):
    with app.test_request_context("/", method="POST", data=b'{"a": 1.10}', content_type="application/json"):
        from flask import request

        assert request.get_json() == {"a": Decimal("1.10")}
        assert jsonify({"a": Decimal("1.10")}).get_data() == b'{"a":1.1}'


def test_an_answer_is_json_in_utf8(app):
    with app.test_request_context():
        answer = wire.reply({"name": "Zürich", "amount": Decimal("5.00")}, 201, {"X-A": "b"})

    assert (answer.status_code, answer.headers["X-A"]) == (201, "b")
    assert answer.headers["Content-Type"] == "application/json;charset=UTF-8"
    assert answer.get_data() == '{"name":"Zürich","amount":5}'.encode()
