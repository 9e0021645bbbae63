"""Schema fields that read what clients send and refuse the rest in the vendor's words (invoice-api.md §1.4, §9.2).

A null is an unset value. Ids and numbers may come as strings. What does not fit raises the vendor's error at once,
for the vendor names one problem per answer.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from marshmallow import EXCLUDE, Schema, fields

from mock_invoice.errors import InvalidValue, TooLong
from mock_invoice.parsing import day_of
from simulator import money

#: The largest amount of a document and of a line, so that the sum of many stays within 64 bits. [DESIGN]
LARGEST_AMOUNT = Decimal("9999999999.99")
LARGEST_ID = 2**63 - 1


class BodySchema(Schema):
    """What may come in; unknown keys are ignored (§1.4)."""

    class Meta:
        unknown = EXCLUDE

    def load(self, given: Mapping[str, Any], **_: Any) -> dict[str, Any]:  # type: ignore[override]
        """The fields that are there, in the schema's order; marshmallow's own way takes five times as long, mostly
        for those that are not. There is nothing else to it: no field is required, and what is wrong is raised at once.
        """
        return {
            name: field.deserialize(given[name], name, given) for name, field in self.fields.items() if name in given
        }


class Value(fields.Field[Any]):
    """A field whose unset value is `unset`, sent as null."""

    unset: Any = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_none=True, **kwargs)

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        return self.unset if value is None else self._deserialize(value, attr, data, **kwargs)

    @property
    def label(self) -> str:
        return str(self.name)


class Text(Value):
    unset = ""

    def __init__(self, limit: int = 100, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.limit = limit

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = plain_text(value, self.label)
        if len(text) > self.limit:
            raise TooLong(self.label, self.limit)
        return text


def plain_text(value: Any, label: str) -> str:
    """A text that can be stored: no list, no object, no half of a surrogate pair, no NUL."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise InvalidValue(label)
    text = str(value).strip()
    if "\0" in text or not _is_encodable(text):
        raise InvalidValue(label)
    return text


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class Choice(Text):
    """One of a few words; empty stands for the default."""

    def __init__(self, words: Iterable[str], **kwargs: Any) -> None:
        super().__init__(limit=60, **kwargs)
        self.words = frozenset(words)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = plain_text(value, self.label)
        if text and text not in self.words:
            raise InvalidValue(self.label)
        return text


class Amount(Value):
    """An exact amount with at most six decimals."""

    unset = Decimal(0)

    def __init__(self, least: Decimal | int = 0, most: Decimal | int = LARGEST_AMOUNT, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.least, self.most = Decimal(least), Decimal(most)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal:
        if value == "":
            return Decimal(0)
        try:
            number = money.amount(value)
        except ValueError:
            raise InvalidValue(self.label) from None
        if not self.least <= number <= self.most:
            raise InvalidValue(self.label)
        return number


class OptionalAmount(Amount):
    """An amount whose absence means something: an item's own rate, today's exchange rate."""

    unset = None  # type: ignore[assignment]

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal | None:  # type: ignore[override]
        return None if value == "" else super()._deserialize(value, attr, data, **kwargs)


class Whole(Value):
    """A whole number within bounds."""

    unset = 0

    def __init__(self, least: int = 0, most: int = 2**31 - 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.least, self.most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if value == "":
            return 0
        try:
            number = money.amount(value)
        except ValueError:
            raise InvalidValue(self.label) from None
        if number != int(number) or not self.least <= number <= self.most:
            raise InvalidValue(self.label)
        return int(number)


class Id(Value):
    """An id, as a string or a number; unset is None."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int | None:
        return id_of(value, self.label)


def id_of(value: Any, label: str) -> int | None:
    if value == "":
        return None
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdigit()) or len(text) > 19 or int(text) > LARGEST_ID:
        raise InvalidValue(label)
    return int(text)


class Flag(Value):
    unset = False

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if isinstance(value, bool):
            return value
        # `none` is what zohobooks-api sends for a flag that was not set. [CLI]
        if isinstance(value, str) and value.lower() in ("true", "false", "", "none"):
            return value.lower() == "true"
        raise InvalidValue(self.label)


class Day(Value):
    """A date; unset is None."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date | None:
        if not isinstance(value, str):
            raise InvalidValue(self.label)
        return day_of(value, self.label) if value.strip() else None


class Discount(Value):
    """`"10%"` is a percentage, a number an amount (§5.2); kept as text, with its sign of percent."""

    unset = ""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = plain_text(value, self.label)
        is_percent = text.endswith("%")
        number = text[:-1].strip() if is_percent else text
        if not number:
            return ""
        try:
            amount = money.amount(number)
        except ValueError:
            raise InvalidValue(self.label) from None
        if not 0 <= amount <= (100 if is_percent else LARGEST_AMOUNT):
            raise InvalidValue(self.label)
        if not amount:
            return ""
        return f"{amount:f}%" if is_percent else f"{amount:f}"


class Many(Value):
    """A list, each entry read by a schema."""

    def __init__(self, schema: type[Schema], most: int = 200, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.schema = schema()
        self.most = most

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        return [] if value is None else super().deserialize(value, attr, data, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[dict[str, Any]]:
        if not isinstance(value, list) or len(value) > self.most or not all(isinstance(one, dict) for one in value):
            raise InvalidValue(self.label)
        return [self.schema.load(one) for one in value]


class One(Value):
    """An object, read by a schema; an empty text or null is an empty object."""

    def __init__(self, schema: type[Schema], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.schema = schema()

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        return {} if value is None else super().deserialize(value, attr, data, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        if value == "":
            return {}
        if not isinstance(value, dict):
            raise InvalidValue(self.label)
        loaded: dict[str, Any] = self.schema.load(value)
        return loaded


class Ids(Value):
    """A list of ids."""

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        return [] if value is None else super().deserialize(value, attr, data, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[int]:
        if not isinstance(value, list) or len(value) > 200:
            raise InvalidValue(self.label)
        found = [id_of(one, self.label) for one in value]
        return [one for one in found if one is not None]


class Emails(Value):
    """A list of mail addresses."""

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        return [] if value is None else super().deserialize(value, attr, data, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[str]:
        if not isinstance(value, list) or len(value) > 50:
            raise InvalidValue(self.label)
        found = [plain_text(one, self.label) for one in value]
        if not all("@" in one and len(one) <= 100 for one in found):
            raise InvalidValue(self.label)
        return found


class RawList(Value):
    """A list that the rules read themselves (custom fields come in four forms)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list) or len(value) > 200:
            raise InvalidValue(self.label)
        return value
