"""The mark of what a world holds: whoever meets the same one again need not read again what he knows."""

import pytest

from simulator import revision
from tests.support.databases import files_only, postgres_only
from tests.unit.toy import Toy


def mark(toy: Toy) -> str | None:
    with toy.worlds.transaction(toy.world, reads_only=True):
        return revision.current()


@files_only
def test_a_mark_stays_as_long_as_nobody_writes(toy):
    before = mark(toy)

    toy.names()
    with toy.worlds.transaction(toy.world):
        toy.app.extensions["sqlalchemy"].session.query(toy.app.extensions["thing"]).count()

    assert before is not None
    assert mark(toy) == before


@files_only
def test_each_commit_that_changed_something_renews_it(toy):
    seen = [mark(toy)]

    for name in ("Acme", "Bolt", "Cask"):
        toy.add(name)
        seen.append(mark(toy))

    assert len(set(seen)) == 4


@files_only
def test_a_write_that_is_undone_leaves_it(toy):
    before = mark(toy)

    toy.add("Acme", status=400)

    assert mark(toy) == before
    assert toy.names() == ["seed"]


@files_only
def test_reads_go_on_where_a_write_was_undone(toy):
    """Its changes count for the connection, which a read gets next and must not write to."""
    with toy.worlds.transaction(toy.world):
        session = toy.app.extensions["sqlalchemy"].session
        session.add(toy.app.extensions["thing"](id=7, name="never"))
        session.flush()
        session.rollback()

    with toy.worlds.transaction(toy.world, reads_only=True):
        session.query(toy.app.extensions["thing"]).count()
        session.commit()

    assert toy.names() == ["seed"]


@files_only
def test_whoever_reads_sees_the_mark_of_what_he_reads(toy):
    before = mark(toy)

    with toy.worlds.transaction(toy.world, reads_only=True):
        first = revision.current()
        toy.add("Acme")
        assert revision.current() == first == before

    assert mark(toy) != before


@files_only
def test_who_may_write_sees_none(toy):
    with toy.worlds.transaction(toy.world):
        assert revision.current() is None


@files_only
@pytest.mark.parametrize("kind", ["reset", "restore"])
def test_a_world_that_was_put_back_has_a_mark_that_no_one_had(toy, kind):
    toy.add("Acme")
    toy.put("snapshot", "before")
    seen = {mark(toy)}

    for name in ("first life", "second life"):
        toy.add(name)
        seen.add(mark(toy))
        toy.put(kind, "before" if kind == "restore" else None)
        seen.add(mark(toy))

    assert len(seen) == 5


@files_only
def test_two_worlds_of_one_scenario_have_two(toy, other):
    assert mark(toy) != mark(other)


@postgres_only
def test_a_server_marks_nothing(toy):
    toy.add("Acme")

    assert mark(toy) is None
