"""What the languages of searches and of COQL share: reading tokens, and joining conditions to a tree.

Neither recurses, and neither reads on once a text is longer than anything that could be asked.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from mock_crm.records.criteria import Group

Leaf = TypeVar("Leaf")


@dataclass(frozen=True)
class Token:
    """A piece of the text; its kind is the name of the group of the pattern that matched."""

    kind: str
    text: str
    place: int
    found: re.Match[str]


class NotWellFormed(Exception):
    """A token where none of its kind may stand, or text that is no token."""

    def __init__(self, place: int) -> None:
        super().__init__(place)
        self.place = place


class TooComplex(NotWellFormed):
    """More tokens than any question has."""


def tokens_of(text: str, pattern: re.Pattern[str], most: int) -> Iterator[Token]:
    """The tokens of a text in turn, white space left out.

    Args:
        pattern: one named group for each kind of token, `space` among them; it matches in linear time.

    Raises:
        NotWellFormed: at a place where the pattern finds nothing; TooComplex: after so many tokens.
    """
    place = count = 0
    while place < len(text):
        found = pattern.match(text, place)
        if found is None or found.lastgroup is None:
            raise NotWellFormed(place)
        if found.lastgroup != "space":
            count += 1
            if count > most:
                raise TooComplex(place)
            yield Token(found.lastgroup, found.group(), place, found)
        place = found.end()


class Joiner(Generic[Leaf]):
    """Makes a tree of conditions, brackets and joining words given in turn; each with its place in the text.

    Between the conditions of one bracket `and` binds tighter than `or`, unless only two may stand there. A group in a
    group of the same operator is merged with it, so that a tree is no deeper than it has changes of operator.
    """

    def __init__(self, is_pairwise: bool = False) -> None:
        """
        Args:
            is_pairwise: whether more than two conditions want brackets.
        """
        self._is_pairwise = is_pairwise
        self._operands: list[Leaf | Group] = []
        self._waiting: list[str] = []
        self._joined = [0]
        self._is_operand_next = True

    def condition(self, made: Leaf, place: int) -> None:
        self._expect(self._is_operand_next, place)
        self._operands.append(made)
        self._is_operand_next = False

    def open(self, place: int) -> None:
        self._expect(self._is_operand_next, place)
        self._waiting.append("(")
        self._joined.append(0)

    def close(self, place: int) -> None:
        self._expect(not self._is_operand_next and len(self._joined) > 1, place)
        self._join_back_to_bracket()
        self._waiting.pop()
        self._joined.pop()

    def join(self, word: str, place: int) -> None:
        """
        Args:
            word: `and` or `or`.
        """
        self._joined[-1] += 1
        self._expect(not self._is_operand_next and not (self._is_pairwise and self._joined[-1] > 1), place)
        while self._waiting and self._waiting[-1] != "(" and (self._waiting[-1] == "and" or word == "or"):
            self._join_two(self._waiting.pop())
        self._waiting.append(word)
        self._is_operand_next = True

    @property
    def is_open(self) -> bool:
        """Whether a bracket waits for its end."""
        return len(self._joined) > 1

    @property
    def wants_operand(self) -> bool:
        return self._is_operand_next

    def ended(self, place: int) -> Leaf | Group:
        """The tree."""
        self._expect(not self._is_operand_next and not self.is_open, place)
        self._join_back_to_bracket()
        return self._operands[0]

    def _join_back_to_bracket(self) -> None:
        while self._waiting and self._waiting[-1] != "(":
            self._join_two(self._waiting.pop())

    def _join_two(self, operator: str) -> None:
        right, left = self._operands.pop(), self._operands.pop()
        members = [
            member
            for side in (left, right)
            for member in (side.members if isinstance(side, Group) and side.operator == operator else (side,))
        ]
        self._operands.append(Group("and" if operator == "and" else "or", tuple(members)))  # type: ignore[arg-type]

    @staticmethod
    def _expect(is_so: bool, place: int) -> None:
        if not is_so:
            raise NotWellFormed(place)
