"""What must be true of any connector, judged by the APIs and the journals of the two products alone."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from simulator.testing import judging
from simulator.testing.controls import Call
from simulator.testing.picture import Picture, Record, taken
from simulator.testing.synced import Kind, Synced

if TYPE_CHECKING:
    from simulator.testing.zoho import Zoho

SHOWN = 20


def assert_converged(zoho: "Zoho") -> None:
    """Both sides are in step: each record that is synced has one partner, and they hold the same.

    Records that the connector says it leaves out (`Connector.set_aside`) are not asked for.
    """
    synced = zoho.connector.synced()
    _judge("The two sides are not in step", judging.differing(synced, taken(zoho, synced), zoho.connector.set_aside()))


def assert_idempotent(zoho: "Zoho") -> None:
    """Another sync, with nothing changed since the last one, writes nothing."""
    mark = zoho.journal.mark()
    zoho.sync()
    _judge("A sync with nothing to do wrote all the same", map(str, zoho.journal.writes(mark)))


@contextmanager
def assert_calls(zoho: "Zoho", *, at_most: int) -> Iterator[None]:
    """What is done in the block costs so many calls of the two products' APIs at most; tokens do not count."""
    mark = zoho.journal.mark()
    yield
    calls = [call for call in zoho.journal.calls(mark) if "/oauth/" not in call.path]
    if len(calls) > at_most:
        _judge(f"{len(calls)} calls were made, {at_most} were allowed", map(str, calls))


@contextmanager
def assert_no_echo(zoho: "Zoho") -> Iterator[None]:
    """What is changed in the block goes to the other side and does not come back.

    At the end of the block a sync is done, which must not write the changed fields to the side they were changed on,
    and a second one, which must write nothing. Pairs that are changed on both sides are left out.
    """
    synced = zoho.connector.synced()
    before = taken(zoho, synced)
    yield
    edited = taken(zoho, synced)
    mark = zoho.journal.mark()
    zoho.sync()
    writes = zoho.journal.writes(mark)
    echoes = [
        f"{judging.shown(kind, record, side)} was changed there, and is written there again: {write}"
        for kind, record, side in _changed(synced, before, edited)
        for write in writes
        if _writes_again(kind, record, side, write)
    ]
    mark = zoho.journal.mark()
    zoho.sync()
    again = [f"the sync after that writes: {write}" for write in zoho.journal.writes(mark)]
    _judge("A change comes back as an echo", [*echoes, *again])


@contextmanager
def assert_nothing_lost(zoho: "Zoho") -> Iterator[None]:
    """What is changed or deleted in the block is on both sides after the sync that is done at its end.

    Nothing else is gone or holds what nobody wrote.
    """
    synced = zoho.connector.synced()
    before = taken(zoho, synced)
    yield
    edited = taken(zoho, synced)
    zoho.sync()
    found = judging.lost(synced, before, edited, taken(zoho, synced), zoho.connector.set_aside())
    _judge("Something is lost", found)


def _judge(what: str, findings: Iterable[str]) -> None:
    """Fails where there is something to tell."""
    found = list(findings)
    if found:
        more = [f"and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
        raise AssertionError("\n  ".join([f"{what}:", *found[:SHOWN], *more]))


def _changed(synced: Synced, before: Picture, edited: Picture) -> Iterator[tuple[Kind, Record, str]]:
    """Records whose synced fields were changed, on one side of their pair."""
    for kind in synced.kinds:
        sides = (
            ("the CRM", before.crm[kind], edited.crm[kind]),
            ("Invoice", before.invoice[kind], edited.invoice[kind]),
        )
        changed = {
            one.id: (kind, one, side)
            for side, old, new in sides
            for one in new.values()
            if one.id not in old or old[one.id].values != one.values
        }
        for pair in judging.paired(kind, edited).pairs:
            if pair.crm.id in changed and pair.invoice.id in changed:
                del changed[pair.crm.id], changed[pair.invoice.id]
        yield from changed.values()


def _writes_again(kind: Kind, record: Record, side: str, write: Call) -> bool:
    """Whether a call writes synced fields of a record; one that only notes the partner's id there does not."""
    if (write.service == "crm") != (side == "the CRM") or write.method not in ("PUT", "POST", "PATCH"):
        return False
    if record.id not in write.path and f'"{record.id}"' not in write.request:
        return False
    names = kind.fields if side == "the CRM" else {path.partition(".")[0] for path in kind.fields.values()}
    return any(name in sent for sent in _sent(record, write.body()) for name in names)


def _sent(record: Record, body: Any) -> list[dict[str, Any]]:
    """What a body says of one record: a body of the CRM holds several, told by their ids."""
    if not isinstance(body, dict):
        return []
    rows = body.get("data")
    if isinstance(rows, list):
        return [row for row in rows if isinstance(row, dict) and row.get("id", record.id) == record.id]
    return [body]
