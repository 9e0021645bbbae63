"""Finds the pages of the site as a visitor would: by the links on the pages found before, one page of each kind."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple
from urllib.parse import urlsplit

import requests
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, RequestRedirect, Rule

LINK = re.compile(r'(?:href|src|hx-get)="(/[^"#]*)')


class Kind(NamedTuple):
    """A rule of the site, and what an address of it tells besides ids."""

    rule: str
    told: tuple[str, ...]


@dataclass
class Found:
    """What was found: an address for each kind of page, and what is none: a file, a part of one, what leads on."""

    pages: dict[Kind, str] = field(default_factory=dict)
    others: set[Kind] = field(default_factory=set)
    refused: dict[str, int] = field(default_factory=dict)


def crawl(http: requests.Session, site: str, addresses: Map, starts: list[str]) -> Found:
    """One address of each kind, beginning with `starts`; of a refused one the next of its kind is tried."""
    found, asked, ahead = Found(), set[str](), deque(starts)
    while ahead:
        address = ahead.popleft()
        kind = kind_of(addresses, address)
        if address in asked or kind is None or kind in found.pages or kind in found.others:
            continue
        asked.add(address)
        answer = http.get(site + address)
        if not answer.ok:
            found.refused[address] = answer.status_code
        elif "<html" in answer.text and kind_of(addresses, answer.url) == kind:
            found.pages[kind] = address
        else:
            found.others.add(kind)
        ahead.extend(links_of(answer.text) if "html" in answer.headers["Content-Type"] else ())
        ahead.extend([urlsplit(answer.url).path] if answer.history else ())
    return found


def links_of(page: str) -> Iterator[str]:
    return (unescape(link) for link in LINK.findall(page))


def kind_of(addresses: Map, address: str) -> Kind | None:
    """None where nothing is read."""
    try:
        rule, values = addresses.bind("").match(urlsplit(address).path, "GET", return_rule=True)
    except (HTTPException, RequestRedirect):
        return None
    return Kind(rule.rule, tuple(str(value) for name, value in values.items() if name not in _ids(rule)))


def _ids(rule: Rule) -> set[str]:
    """The parts of a rule that stand for a record or a file."""
    return {"filename", *re.findall(r"<key:(\w+)>", rule.rule)}
