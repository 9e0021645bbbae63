"""Exact money: Decimal in Python, whole millionths in the database."""

from decimal import Decimal

from sqlalchemy import BigInteger
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from simulator.amounts import LARGEST, SCALE, UNIT, amount, from_units, round_to, to_units

__all__ = ["LARGEST", "SCALE", "UNIT", "Money", "amount", "from_units", "round_to", "to_units"]


class Money(TypeDecorator[Decimal]):
    """A column of exact amounts.

    `func.sum` of it is an amount too; an expression that has another type counts in whole millionths, for
    `from_units`.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else to_units(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else from_units(value)
