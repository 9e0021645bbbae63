"""The way of a clock through what falls due, without any service: where it halts, and what it tells."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.due import AUTO_SYNC, Due
from simulator.journey import SYNC_HALTS, Halt, travel

pytestmark = pytest.mark.requirement("X4")

START = datetime(2026, 7, 1, 9, tzinfo=UTC)
MINUTES = st.integers(0, 400 * 24 * 60)


@dataclass
class Schedule:
    """A world on paper: a sync that repeats, a channel that is renewed, ends that nobody acts on, and documents."""

    moment: datetime
    target: datetime
    sync_every: timedelta | None
    next_sync: datetime
    next_renewal: datetime
    ends: list[datetime]
    documents: list[datetime]
    halts: list[Halt] = field(default_factory=list)
    synced_at: list[datetime] = field(default_factory=list)
    renewed_at: list[datetime] = field(default_factory=list)

    def now(self) -> datetime:
        return self.moment

    def due(self) -> list[Due]:
        events = [Due(self.next_renewal, "channel_renewal", "renewed")]
        events += [Due(self.next_sync, AUTO_SYNC, "synced")] if self.sync_every else []
        events += [Due(end, "channel_end", "ended") for end in self.ends if end > self.moment]
        events += [Due(day, "invoice_due", "fell overdue", stops=False) for day in self.documents if day > self.moment]
        return [event for event in events if event.at <= self.target]

    def move(self, halt: Halt) -> None:
        self.moment = halt.at
        self.halts.append(halt)

    def settle(self, halt: Halt) -> list[Due]:
        if self.next_renewal <= self.moment:
            self.renewed_at.append(self.moment)
            self.next_renewal = self.moment + timedelta(days=6)
        if self.sync_every and self.next_sync <= self.moment and not halt.holds_syncs:
            self.synced_at.append(self.moment)
            self.next_sync = self.moment + self.sync_every
        assert not [event for event in self.due() if halt.awaits(event)]
        return self.due()


def after(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


schedules = st.builds(
    Schedule,
    moment=st.just(START),
    target=st.builds(after, MINUTES),
    sync_every=st.none() | st.builds(timedelta, minutes=st.integers(1, 24 * 60)),
    next_sync=st.builds(after, st.integers(-600, 2_000)),
    next_renewal=st.builds(after, st.integers(-600, 6 * 24 * 60)),
    ends=st.lists(st.builds(after, MINUTES), max_size=5),
    documents=st.lists(st.builds(after, MINUTES), max_size=8),
)


@given(schedules)
def test_the_clock_halts_in_order_and_ends_exactly_at_the_target(schedule):
    travel(schedule, schedule.target)

    moments = [halt.at for halt in schedule.halts]
    assert all(earlier <= later for earlier, later in pairwise(moments))
    assert moments[-1] == schedule.target
    assert [halt.is_last for halt in schedule.halts].count(True) == 1


@given(schedules)
def test_at_most_24_syncs_halt_the_clock_and_one_more_ends_the_way(schedule):
    planned = max(schedule.next_sync, START)

    travel(schedule, schedule.target)

    assert len(schedule.synced_at) <= SYNC_HALTS + 1
    for moment in schedule.synced_at[:SYNC_HALTS]:
        assert moment == planned
        planned = moment + schedule.sync_every
    assert schedule.synced_at[SYNC_HALTS:] in ([], [schedule.target])
    assert schedule.sync_every is None or schedule.next_sync > schedule.target


@given(schedules)
def test_a_channel_is_renewed_at_its_moment_however_many_syncs_there_were(schedule):
    planned = max(schedule.next_renewal, START)

    travel(schedule, schedule.target)

    for moment in schedule.renewed_at:
        assert moment == planned
        planned = moment + timedelta(days=6)
    assert schedule.next_renewal > schedule.target


@given(schedules)
def test_all_that_happened_is_told_once_and_in_order(schedule):
    expected = [day for day in [*schedule.ends, *schedule.documents] if START < day <= schedule.target]

    happened = travel(schedule, schedule.target)

    told = [(datetime.fromisoformat(row["at"]), row["kind"]) for row in happened]
    assert [at for at, _ in told] == sorted(at for at, _ in told)
    assert [at for at, kind in told if kind == AUTO_SYNC] == schedule.synced_at
    assert [at for at, kind in told if kind == "channel_renewal"] == schedule.renewed_at
    assert [at for at, kind in told if kind in ("channel_end", "invoice_due")] == sorted(expected)


def test_90_days_of_a_sync_every_two_hours_are_25_syncs():
    schedule = Schedule(START, START + timedelta(days=90), timedelta(hours=2), after(120), after(6 * 24 * 60), [], [])

    travel(schedule, schedule.target)

    assert len(schedule.synced_at) == 25
    assert schedule.synced_at[-2:] == [START + timedelta(days=2), schedule.target]
    assert len(schedule.renewed_at) == 15
