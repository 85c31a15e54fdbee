from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mlacourse.cloud.timeline import START, Clock


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def test_the_clock_starts_at_a_fixed_instant_and_stands_still() -> None:
    clock = Clock()
    assert clock.now() == clock.now() == START == datetime(2027, 1, 11, 9, 0, tzinfo=UTC)


def test_advancing_moves_by_exactly_what_was_asked() -> None:
    clock = Clock()
    clock.advance(days=1, hours=2, minutes=3, seconds=4.5)
    assert clock.now() - START == timedelta(days=1, hours=2, minutes=3, seconds=4.5)


def test_the_clock_never_goes_back() -> None:
    with pytest.raises(ValueError, match="only moves forward"):
        Clock().advance(minutes=-1)


def test_callbacks_run_in_order_of_their_time_each_at_its_own_instant() -> None:
    clock, seen = Clock(), []
    for delay in (5, 1, 3):
        clock.after(minutes(delay), lambda delay=delay: seen.append((delay, clock.now() - START)))
    clock.advance(minutes=10)
    assert seen == [(1, minutes(1)), (3, minutes(3)), (5, minutes(5))]
    assert clock.now() == START + minutes(10)


def test_callbacks_of_one_instant_run_in_order_of_registration() -> None:
    clock, seen = Clock(), []
    for name in "abc":
        clock.after(minutes(1), lambda name=name: seen.append(name))
    clock.advance(minutes=1)
    assert seen == ["a", "b", "c"]


def test_what_is_not_due_yet_waits_for_the_next_advance() -> None:
    clock, seen = Clock(), []
    clock.after(minutes(2), lambda: seen.append(clock.now()))
    clock.advance(minutes=1)
    assert seen == []
    clock.advance(minutes=1)
    assert seen == [START + minutes(2)]


def test_a_callback_registers_the_next_one_on_the_way() -> None:
    clock, seen = Clock(), []

    def tick() -> None:
        seen.append(clock.now() - START)
        clock.after(minutes(1), tick)

    clock.after(minutes(1), tick)
    clock.advance(minutes=3)
    assert seen == [minutes(1), minutes(2), minutes(3)]


def test_a_callback_that_advances_runs_what_falls_due_inside_it() -> None:
    clock, seen = Clock(), []

    def slow() -> None:
        clock.advance(minutes=4)
        seen.append(("slow ends", clock.now() - START))

    clock.after(minutes(1), slow)
    clock.after(minutes(3), lambda: seen.append(("inside", clock.now() - START)))
    clock.after(minutes(8), lambda: seen.append(("after", clock.now() - START)))
    clock.advance(minutes=2)
    assert seen == [("inside", minutes(3)), ("slow ends", minutes(5))]
    assert clock.now() - START == minutes(5)  # the inner advance went beyond the outer one
    clock.advance(minutes=3)
    assert seen[-1] == ("after", minutes(8))


def test_a_cancelled_callback_does_not_run() -> None:
    clock, seen = Clock(), []
    number = clock.after(minutes(1), lambda: seen.append("cancelled"))
    clock.after(minutes(1), lambda: seen.append("kept"))
    clock.cancel(number)
    clock.advance(minutes=1)
    assert seen == ["kept"]


def test_what_is_already_due_runs_at_the_next_advance_without_turning_the_clock_back() -> None:
    clock, seen = Clock(), []
    clock.advance(minutes=5)
    clock.at(START, lambda: seen.append(clock.now()))
    clock.advance()
    assert seen == [START + minutes(5)]


def test_the_wall_clock_tells_what_the_cloud_showed_then() -> None:
    noon = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    wall = iter([noon, noon + timedelta(seconds=10.5), noon + timedelta(seconds=20)])
    clock = Clock(wall=lambda: next(wall))
    clock.advance(hours=1)
    clock.advance(hours=1)
    shown = [clock.cloud_time(noon + timedelta(seconds=second)) - START for second in (-5, 0, 9, 10, 19, 20, 99)]
    assert [moment // timedelta(hours=1) for moment in shown] == [0, 0, 0, 1, 1, 2, 2]
