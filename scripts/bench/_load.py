"""A load of equal requests over a few kept connections, and what the server spent on it."""

import itertools
import os
import selectors
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

CONNECTIONS = 8
SECONDS = 3.0
#: Where a body has this, each request has a number of its own: names must not be given twice.
NUMBER = b"@NUMBER@"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Call:
    """One request, sent again and again."""

    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def raw(self) -> bytes:
        parts = urlsplit(self.url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = {"Host": parts.netloc, "Content-Length": str(len(self.body)), **dict(self.headers)}
        lines = [f"{self.method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


_numbers = itertools.count(10_000_000)


def _numbered(raw: bytes) -> bytes:
    return raw.replace(NUMBER, b"%d" % next(_numbers)) if NUMBER in raw else raw


@dataclass(frozen=True)
class Load:
    """What came of a load."""

    per_second: float
    cpu_ms: float
    """Server CPU time a request; 0 where the system does not tell."""


class _Wire:
    """One connection: sends the request, reads the answer to its end, and again."""

    def __init__(self, address: tuple[str, int], raw: bytes) -> None:
        self.address = address
        self.raw = raw
        self.got = b""
        self.want = -1
        self.is_kept = True
        self.open()

    def open(self) -> None:
        self.socket = socket.create_connection(self.address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self) -> None:
        self.socket.sendall(_numbered(self.raw))

    def answered(self) -> bool:
        """Reads what is there; whether an answer is complete."""
        piece = self.socket.recv(1 << 20)
        if not piece:
            raise ConnectionError("the server closed a connection it was asked to keep")
        self.got += piece
        if self.want < 0 and b"\r\n\r\n" in self.got:
            self.want = self._length()
        is_chunked_end = self.want == 0 and self.got.endswith(b"0\r\n\r\n")
        if not (0 < self.want <= len(self.got) or is_chunked_end):
            return False
        status = self.got[9:12]
        if not status.startswith(b"2"):
            raise ConnectionError(f"answered {status.decode()}: {self.got[-300:]!r}")
        self.is_kept = b"\r\nconnection: close" not in self.got.partition(b"\r\n\r\n")[0].lower()
        self.got, self.want = b"", -1
        return True

    def _length(self) -> int:
        """Bytes of the whole answer; 0 where it comes in chunks."""
        head, _, _ = self.got.partition(b"\r\n\r\n")
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                return len(head) + 4 + int(line.partition(b":")[2])
        return 0


def run(call: Call, pids: tuple[int, ...] = (), seconds: float = SECONDS, connections: int = CONNECTIONS) -> Load:
    """Sends `call` over `connections` for `seconds`, each time as soon as the last answer is complete."""
    parts = urlsplit(call.url)
    address = (parts.hostname or "127.0.0.1", parts.port or 80)
    raw = call.raw()
    with selectors.DefaultSelector() as selector:
        wires = [_Wire(address, raw) for _ in range(connections)]
        for wire in wires:
            selector.register(wire.socket, selectors.EVENT_READ, wire)
            wire.send()
        before, begun, done = cpu_seconds(pids), time.perf_counter(), 0
        while (spent := time.perf_counter() - begun) < seconds:
            for key, _ in selector.select(1):
                if key.data.answered():
                    done += 1
                    _again(selector, key.data)
        used = cpu_seconds(pids) - before
        for wire in wires:
            wire.socket.close()
    return Load(done / spent, used * 1000 / done if done else 0.0)


def _again(selector: selectors.BaseSelector, wire: _Wire) -> None:
    """The next request, on a new connection where the server closes each."""
    if not wire.is_kept:
        selector.unregister(wire.socket)
        wire.socket.close()
        wire.open()
        selector.register(wire.socket, selectors.EVENT_READ, wire)
    wire.send()


def cpu_seconds(pids: tuple[int, ...]) -> float:
    """CPU time of processes and their children so far (Linux; elsewhere 0)."""
    total = 0
    for pid in family(pids):
        try:
            parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += int(parts[11]) + int(parts[12])
    return total / TICKS


def memory_mb(pids: tuple[int, ...]) -> float:
    """Memory of processes and their children (Linux; elsewhere 0); what several processes share counts once."""
    total = 0
    for pid in family(pids):
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total * 1024 / 1e6


def peak_mb(pids: tuple[int, ...]) -> float:
    """The most memory that one of these processes and their children has had since it was asked last (Linux)."""
    found = 0
    for pid in family(pids):
        try:
            status = Path(f"/proc/{pid}/status").read_text()
            Path(f"/proc/{pid}/clear_refs").write_text("5")
        except OSError:
            continue
        found = max(found, *(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")))
    return found * 1024 / 1e6


def family(pids: tuple[int, ...]) -> list[int]:
    found, waiting = [], list(pids)
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                waiting += [int(child) for child in task.read_text().split()]
            except OSError:
                continue
    return found
