"""What the study plan promises on any settings, for any course and any results."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from plan.courses import LEARNING, START, TODAY, course

from mlacourse.plan import Material, Plan, Settings, Tally, material, plan, weakness
from mlacourse.plan.shares import hand_out

tried = settings(max_examples=80, deadline=None, derandomize=True)
WHOLE_COURSE = material(course(), "mla-c01")
COURSES = [
    WHOLE_COURSE,
    material(course(), "mla-c02"),
    material(course(LEARNING[::4], minutes=55, quiz=7), "mla-c01"),
    material(course(TODAY, bank=3), "mla-c01"),
    material(course([]), "mla-c01"),
]
TASKS = [topic.id for topic in WHOLE_COURSE.topics]


@st.composite
def chosen(draw: Any) -> Settings:
    """Settings from which a plan can be made."""
    hours = draw(st.lists(st.one_of(st.just(0.0), st.integers(0, 24).map(lambda n: n / 4)), min_size=7, max_size=7))
    span = draw(st.integers(1, 100))
    off = draw(st.sets(st.integers(1, 100), max_size=20))
    hours[START.weekday()] = max(hours[0], 0.5)
    return Settings(
        "mla-c01", START, START + timedelta(days=span), tuple(hours), frozenset(START + timedelta(days=n) for n in off)
    )


tallies = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(lambda pair: Tally(pair[0], sum(pair)))
results_of = st.dictionaries(st.sampled_from(TASKS), tallies)
materials = st.sampled_from(COURSES)


def minutes_of(made: Plan) -> Counter[str]:
    """Minutes of every item over all days."""
    return Counter(
        {item: sum(s.minutes for d in made.days for s in d.sessions if s.item == item) for item in made.items}
    )


def task_minutes(made: Plan, task: str) -> int:
    return sum(item.minutes for item in made.items.values() if item.task == task)


@given(chosen(), materials, results_of, st.integers(0, 99))
@tried
def test_every_day_keeps_to_its_hours_and_no_other_day_has_work(
    chosen: Settings, known: Material, results: dict[str, Tally], later: int
) -> None:
    first = min(START + timedelta(days=later), chosen.exam_date - timedelta(days=1))
    made = plan(chosen, known, first=first, results=results)
    for day in made.days:
        assert first <= day.date < chosen.exam_date
        assert day.date not in chosen.days_off
        assert day.minutes == chosen.minutes(day.date)
        assert day.spare >= 0
        assert all(session.minutes > 0 or session.item.startswith("rest/") for session in day.sessions)
    assert [day.date for day in made.days] == chosen.days(first)


@given(chosen(), materials, results_of)
@tried
def test_what_is_planned_falls_on_days_to_the_minute(
    chosen: Settings, known: Material, results: dict[str, Tally]
) -> None:
    made = plan(chosen, known, results=results)
    assert minutes_of(made) == Counter({item.id: item.minutes for item in made.items.values()})
    assert sum(day.minutes for day in made.days) == sum(minutes_of(made).values()) + made.spare
    assert all(item.minutes <= item.whole for item in made.items.values())


@given(chosen(), materials, results_of, st.sampled_from(TASKS), st.integers(1, 9))
@tried
def test_more_weakness_never_gets_less_time(
    chosen: Settings, known: Material, results: dict[str, Tally], task: str, more: int
) -> None:
    before = results.get(task, Tally(0, 0))
    weaker = {**results, task: Tally(before.right, before.total + more)}
    assert weakness(weaker[task]) > weakness(before)
    assert task_minutes(plan(chosen, known, results=weaker), task) >= task_minutes(
        plan(chosen, known, results=results), task
    )


@given(chosen(), results_of)
@tried
def test_short_time_is_split_to_the_last_minute_among_the_chapters(chosen: Settings, results: dict[str, Tally]) -> None:
    made = plan(chosen, WHOLE_COURSE, results=results)
    learning = [day for day in made.days if day.date < made.revision]
    if made.cuts:
        assert sum(day.spare for day in learning) == 0
        assert not any(item.kind == "practice" for item in made.items.values())
    for cut in made.cuts:
        planned = sum(item.minutes for item in made.items.values() if item.task == cut.task and item.chapter)
        assert planned == cut.given < cut.needed


@given(chosen(), materials, st.sets(st.integers(0, 200)), st.integers(0, 99))
@tried
def test_a_new_plan_leaves_out_what_is_done_and_names_nothing_anew(
    chosen: Settings, known: Material, places: set[int], later: int
) -> None:
    first = min(START + timedelta(days=later), chosen.exam_date - timedelta(days=1))
    names = [item.id for item in plan(chosen, known).items.values()]
    done = {names[place % len(names)] for place in places} if names else set()
    again = plan(chosen, known, first=first, done=done)
    assert done.isdisjoint(item.id for item in again.items.values() if item.kind not in ("cards", "rest"))
    chapters = [item.id for item in again.items.values() if item.chapter]
    assert set(chapters) <= {f"{kind}/{one.id}" for one in known.chapters for kind in ("read", "exercises", "quiz")}


@given(chosen(), materials)
@tried
def test_the_revision_holds_timed_practice(chosen: Settings, known: Material) -> None:
    made = plan(chosen, known)
    last = [day for day in made.days if day.date >= made.revision]
    open_days = [day for day in last if not any(session.item.startswith("rest/") for session in day.sessions)]
    long_enough = [day for day in open_days if day.minutes >= 15]
    sittings = [item for item in made.items.values() if item.kind in ("mock", "timed") and item.phase == "revision"]
    assert bool(sittings) == bool(long_enough)


@given(chosen(), materials)
@tried
def test_a_sitting_is_never_split_and_is_gone_over_before_the_next(chosen: Settings, known: Material) -> None:
    made = plan(chosen, known)
    days = [day.date for day in made.days for s in day.sessions if made.items[s.item].kind in ("mock", "timed")]
    sat = [
        session.item
        for day in made.days
        for session in day.sessions
        if made.items[session.item].kind in ("mock", "timed")
    ]
    assert len(days) == len(set(days)) == len(set(sat)) == len(sat)
    when = {session.item: day.date for day in made.days for session in day.sessions}
    for one, following in pairwise(sat):
        if f"review/{one}" in made.items:
            assert when[one] <= when[f"review/{one}"] < when[following]


@given(st.integers(0, 60), st.lists(st.floats(0.01, 100), min_size=1, max_size=8), st.data())
@tried
def test_units_go_to_the_heavier_and_none_to_the_full(total: int, weights: list[float], data: Any) -> None:
    most = data.draw(st.lists(st.integers(0, 20), min_size=len(weights), max_size=len(weights)))
    given_to = Counter(hand_out(total, weights, most))
    assert given_to.total() == min(total, sum(most))
    assert all(given_to[index] <= most[index] for index in range(len(weights)))
    open_places = [index for index in range(len(weights)) if given_to[index] < most[index]]
    for one in open_places:
        for other in open_places:
            if weights[one] > weights[other]:
                assert given_to[one] >= given_to[other]
