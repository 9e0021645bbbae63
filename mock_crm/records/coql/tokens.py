"""The tokens of a query, and a cursor over them."""

import re

from mock_crm.records.coql.errors import NotCoql, unexpected
from mock_crm.records.language import NotWellFormed, Token, TooComplex, tokens_of

#: More than 50 columns, 25 conditions with 50 values each and their brackets have.
MOST_TOKENS = 5_000
#: A value has 1,000 signs at most, each of which may be escaped.
_LONG = "{0,2000}+"

# Possessive, so that nothing is tried twice. A bare word is a name, a number, or a value without quotes.
_TOKENS = re.compile(
    rf"(?P<space>\s++)"
    rf"|(?P<string>'(?:[^'\\]|\\.|''){_LONG}'|\"(?:[^\"\\]|\\.){_LONG}\")"
    rf"|(?P<view>\#\d{{1,19}})"
    rf"|(?P<operator>!=|[<>=]{{1,3}}+)"
    rf"|(?P<sign>[(),])"
    rf"|(?P<bare>!?[^\s(),'\"=<>!\#]{{1,1000}}+)",
    re.S,
)
_ESCAPED = re.compile(r"\\(.)|''", re.S)


class Tokens:
    """The tokens of a query from one place on."""

    def __init__(self, text: str) -> None:
        """
        Raises:
            NotCoql: when there is something that is no token, or more of them than a query can have.
        """
        self._text = text
        self._at = 0
        try:
            self._all = list(tokens_of(text, _TOKENS, MOST_TOKENS))
        except TooComplex:
            message = "Parsing is happening for so long for the given query. please validate the query."
            raise NotCoql({}, message) from None
        except NotWellFormed as error:
            raise unexpected(text, error.place) from None

    @property
    def count(self) -> int:
        return len(self._all)

    @property
    def place(self) -> int:
        return self._all[self._at].place if self._at < len(self._all) else len(self._text)

    @property
    def next(self) -> Token | None:
        return self._all[self._at] if self._at < len(self._all) else None

    def take(self, *kinds: str) -> Token:
        """The next token, which must be of one of these kinds."""
        token = self.next
        if token is None or token.kind not in kinds:
            raise self.wrong()
        self._at += 1
        return token

    def take_if(self, *words: str) -> bool:
        """Takes these key words, when they come next, in any case."""
        coming = self._all[self._at : self._at + len(words)]
        is_so = [token.text.lower() for token in coming if token.kind == "bare"] == list(words)
        self._at += len(words) if is_so else 0
        return is_so

    def comes(self, *words: str) -> bool:
        """Whether the next token is one of these key words."""
        return self.next is not None and self.next.kind == "bare" and self.next.text.lower() in words

    def take_sign(self, sign: str) -> bool:
        is_so = self.next is not None and self.next.kind == "sign" and self.next.text == sign
        self._at += int(is_so)
        return is_so

    def expect_sign(self, sign: str) -> None:
        if not self.take_sign(sign):
            raise self.wrong()

    def wrong(self, place: int | None = None) -> NotCoql:
        """What is said of the next token when it may not stand there, or of the one at a place."""
        return unexpected(self._text, self.place if place is None else place)


def meant(token: Token) -> str:
    """A value or a name without its quotes and escapes."""
    if token.kind == "string":
        return _ESCAPED.sub(lambda found: found.group(1) or "'", token.text[1:-1])
    return token.text
