"""What the benchmarks of both mocks have in common: their rows beside the peers' and what journal and faults cost."""

import json
import statistics
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from _load import Call, Load, memory_mb, run
from _peers import TABLE, json_server, moto, moto_get
from _service import Service, free_port, service

PAGE = 200
ROUNDS = 5
#: Of the two sides whose difference is small.
PAIRS = 5
TURNS = 4
TURN_SECONDS = 0.8

#: A call and the processes whose time it costs; None where a peer could not be had.
Side = tuple[Call, tuple[int, ...]] | None


def against_peers(ours: Service, calls: dict[str, Call], record: Callable[[int], dict[str, Any]], peers: Path) -> None:
    """Prints idle memory, then `GET one`, `GET list` and `POST` of ours beside json-server's and moto's.

    Args:
        calls: ours, by `one`, `list` and `post`.
        record: the peers' records, as long as ours.
    """
    peers.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        port, moto_port = free_port(), free_port()
        records = [{"id": number + 1, **record(number)} for number in range(PAGE)]
        node = stack.enter_context(json_server(peers, port, records))
        aws = stack.enter_context(moto(peers, moto_port, record(1)))
        theirs = f"http://127.0.0.1:{port}/{TABLE}"

        def beside(call: Call) -> Side:
            return (call, (node.pid,)) if node else None

        plain = Call(theirs, "POST", (("Content-Type", "application/json"),), json.dumps(record(1)).encode())
        rows: dict[str, dict[str, Side]] = {
            "one": {
                "json-server": beside(Call(f"{theirs}/2")),
                "moto": (moto_get(moto_port), (aws.pid,)) if aws else None,
            },
            "list": {"json-server": beside(Call(f"{theirs}?_limit={PAGE}"))},
            "post": {"json-server": beside(plain)},
        }
        names = {"one": "GET one record", "list": f"GET list of {PAGE}", "post": "POST create"}
        for kind, sides in rows.items():
            _compare(names[kind], {"ours": (calls[kind], (ours.pid,)), **sides})


def idle_memory(ours: Service) -> None:
    print(f"{'memory idle, MB':<44} {memory_mb((ours.pid,)):8.0f}")


def _compare(name: str, sides: dict[str, Side]) -> None:
    """Each side in turn, five times over; the median of each, and ours as a ratio to the others."""
    loads: dict[str, list[Load]] = {}
    for _ in range(ROUNDS):
        for side, given in sides.items():
            if given is not None:
                loads.setdefault(side, []).append(run(*given))
    medians = {side: statistics.median(load.per_second for load in found) for side, found in loads.items()}
    cpu = statistics.median(load.cpu_ms for load in loads["ours"])
    print(f"{name + ', requests/s at 8 connections':<44} {medians['ours']:8.0f}   {cpu:.2f} CPU ms")
    for side, value in medians.items():
        if side != "ours":
            print(f"{'  against ' + side:<44} {medians['ours'] / value:8.2f} x  ({value:.0f}/s)")


def journal_cost(package: str, cases: Callable[[Service], dict[str, Call]]) -> None:
    """What journal and faults add to the CPU time of a request, beside services that keep no journal.

    Several pairs of services, because of two equal processes one is often the slower for as long as it lives; short
    turns, each side first in half of them, so that what else the machine does falls on both alike.

    Args:
        cases: fills a service and gives the calls to make of it, by name.
    """
    shares: dict[str, list[float]] = {}
    for _ in range(PAIRS):
        for name, found in _shares_of_a_pair(package, cases).items():
            shares.setdefault(name, []).extend(found)
    for name, found in shares.items():
        print(f"{'journal and faults, ' + name:<44} {statistics.median(found) * 100:8.0f} %")


def _shares_of_a_pair(package: str, cases: Callable[[Service], dict[str, Call]]) -> dict[str, list[float]]:
    with tempfile.TemporaryDirectory() as a, tempfile.TemporaryDirectory() as b, ExitStack() as stack:
        kept = stack.enter_context(service(package, Path(a)))
        bare = stack.enter_context(service(package, Path(b), SIMULATOR_JOURNAL_LIMIT="0"))
        with_it, without = cases(kept), cases(bare)
        shares: dict[str, list[float]] = {name: [] for name in with_it}
        for turn in range(TURNS):
            for name in with_it:
                sides = [(with_it[name], kept.pid), (without[name], bare.pid)]
                order = (0, 1) if turn % 2 == 0 else (1, 0)
                spent = {side: run(sides[side][0], (sides[side][1],), TURN_SECONDS).cpu_ms for side in order}
                shares[name].append(spent[0] / spent[1] - 1)
        return shares
