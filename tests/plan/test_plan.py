"""The study plan: phases, sittings, what is cut, what is spare, and what it says of impossible settings."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from plan import plan_vectors
from plan.courses import LEARNING, START, TODAY, USUAL, WHOLE, course, usual

from mlacourse.bank import load_blueprints
from mlacourse.plan import PlanError, Tally, behind, material, plan, weakness
from mlacourse.plan.rules import PHASES
from mlacourse.plan.schedule import revision_days

WHOLE_COURSE = material(course(), "mla-c01")
TASKS = [topic.id for topic in WHOLE_COURSE.topics]


def test_the_phases_follow_the_syllabus_and_end_in_two_weeks_of_revision() -> None:
    chosen = usual(12, (2.0, 2.0, 2.0, 2.0, 2.0, 4.0, 2.0))
    made = plan(chosen, WHOLE_COURSE)
    assert chosen.exam_date - made.revision == timedelta(days=14)
    order = [made.items[session.item].phase for day in made.days for session in day.sessions]
    seen = list(dict.fromkeys(phase for phase in order if phase))
    assert seen == [*PHASES, "revision"]
    firsts = [
        next(day.date for day in made.days for s in day.sessions if made.items[s.item].phase == phase) for phase in seen
    ]
    weeks = [(first - START).days / 7 for first in firsts]
    assert weeks == sorted(weeks)


def test_twelve_usual_weeks_have_the_phases_that_the_page_names() -> None:
    made = plan(usual(12), WHOLE_COURSE)
    weeks = {
        phase: {
            (day.date - START).days // 7 + 1
            for day in made.days
            for s in day.sessions
            if made.items[s.item].phase == phase
        }
        for phase in [*list(PHASES)[:4], "revision"]
    }
    spans = [f"{min(found)} to {max(found)}" for found in weeks.values()]
    assert spans == ["1 to 3", "3 to 6", "6 to 8", "8 to 10", "11 to 12"]
    page = (plan_vectors.ROOT / "book" / "practice" / "plan.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1].strip().replace(" and ", " to ") for line in page.splitlines() if line.startswith("| ")]
    assert rows[1:6] == spans


def test_mock_exams_stand_midway_and_in_the_last_two_weeks() -> None:
    made = plan(usual(12, (3.0,) * 7), WHOLE_COURSE)
    days = {
        s.item: (day.date - START).days / 7 for day in made.days for s in day.sessions if s.item.startswith("mock/")
    }
    assert list(days) == ["mock/1", "mock/2", "mock/3", "mock/4"]
    assert days["mock/1"] == pytest.approx(5)
    assert min(days["mock/2"], days["mock/3"], days["mock/4"]) >= 10


@pytest.mark.parametrize(("weeks", "days"), [(1, 1), (4, 7), (7, 12), (8, 14), (10, 14), (12, 14), (30, 14)])
def test_a_short_plan_keeps_a_quarter_for_revision(weeks: int, days: int) -> None:
    assert revision_days(usual(weeks)) == days


def test_two_answers_say_little_and_none_say_nothing() -> None:
    assert [weakness(Tally(right, 2)) for right in (2, 1, 0)] == [0.25, 0.5, 0.75]
    assert weakness(Tally(0, 0)) == 0.5
    assert weakness(Tally(0, 98)) == 0.99


def test_the_weight_of_a_domain_is_split_by_the_skills_of_its_tasks() -> None:
    weights = {topic.id: topic.weight for topic in WHOLE_COURSE.topics}
    by_domain = Counter({domain: sum(w for task, w in weights.items() if task[0] == domain) for domain in "1234"})
    assert by_domain == pytest.approx({"1": 28, "2": 26, "3": 22, "4": 24})
    tasks = {task.id: task for domain in load_blueprints().exams["mla-c01"].domains for task in domain.tasks}
    assert weights["2.2"] / weights["2.1"] == pytest.approx(len(tasks["2.2"].skills) / len(tasks["2.1"].skills))


def test_with_too_little_time_exercises_go_first_and_quizzes_stay() -> None:
    made = plan(usual(8), WHOLE_COURSE)
    assert made.cuts
    given = {task: {"read": 0, "exercises": 0, "quiz": 0} for task in TASKS}
    for item in made.items.values():
        if item.chapter and item.task:
            given[item.task][item.kind] += item.minutes
    whole = {
        task: {
            kind: sum(getattr(chapter, kind) for chapter in WHOLE_COURSE.chapters if chapter.task == task)
            for kind in ("read", "exercises", "quiz")
        }
        for task in TASKS
    }
    for cut in made.cuts:
        own, needed = given[cut.task], whole[cut.task]
        assert own["quiz"] == needed["quiz"]
        assert own["exercises"] == 0 or own["read"] == needed["read"]


def test_with_ample_time_everything_is_whole_and_the_rest_is_spare() -> None:
    made = plan(usual(12, (4.0,) * 7), WHOLE_COURSE)
    assert (made.cuts, made.left_out) == ((), ())
    assert {item.chapter for item in made.items.values() if item.chapter} == set(WHOLE)
    assert Counter(item.kind for item in made.items.values())["practice"] > 12
    learning = [day for day in made.days if day.date < made.revision]
    assert sum(day.spare for day in learning) > 20 * 60


def test_practice_comes_back_after_a_while_and_fills_the_time_that_is_left_evenly() -> None:
    made = plan(usual(12, (4.0,) * 7), WHOLE_COURSE)
    sets = {s.item: day.date for day in made.days for s in day.sessions if s.item.startswith("practice/1.1/")}
    days = [sets[f"practice/1.1/{number}"] for number in (1, 2, 3)]
    assert min(days[1] - days[0], days[2] - days[1]) >= timedelta(days=7)
    last = max(day.date for day in made.days for s in day.sessions if s.item.startswith("practice/"))
    assert made.revision - last < timedelta(days=4)


def test_practice_ends_where_the_bank_does() -> None:
    known = material(course(LEARNING, quiz=10, bank=0), "mla-c01")
    made = plan(usual(12, (6.0,) * 7), known)
    sets = Counter(item.task for item in made.items.values() if item.kind == "practice")
    assert sets == {topic.id: -(-topic.questions // 10) for topic in known.topics if topic.questions}


def test_a_weak_task_gets_the_practice_that_a_strong_one_does_not_need() -> None:
    results = {"2.1": Tally(0, 8), "2.3": Tally(8, 8)}
    made = plan(usual(12, (3.0,) * 7), material(course(bank=300), "mla-c01"), results=results)
    kinds = Counter((item.kind, item.task) for item in made.items.values())
    assert kinds["practice", "2.1"] > 2 * kinds["practice", "2.3"]
    assert kinds["revise", "2.1"] > 2 * kinds["revise", "2.3"]


def test_the_course_as_it_is_today_is_planned_and_what_is_missing_is_named() -> None:
    known = material(course(TODAY), "mla-c01")
    made = plan(usual(), known)
    assert {item.chapter for item in made.items.values() if item.chapter} == set(TODAY)
    assert [topic.id for topic in known.missing] == [task for task in TASKS if task not in ("2.3", "4.1")]
    assert {item.task for item in made.items.values() if item.kind == "revise"} == {"2.3", "4.1"}


def test_without_a_day_for_a_mock_exam_timed_sets_take_its_place() -> None:
    made = plan(usual(10, (1.0,) * 7), WHOLE_COURSE)
    sittings = [item for item in made.items.values() if item.kind in ("mock", "timed")]
    assert {item.kind for item in sittings} == {"timed"}
    assert len(sittings) == 6
    assert all(item.questions == 25 and item.minutes == 50 for item in sittings)


def test_the_day_before_the_exam_is_for_rest() -> None:
    made = plan(usual(10, (3.0,) * 7), WHOLE_COURSE)
    assert [session.item.split("/")[0] for session in made.days[-1].sessions] == ["cards", "rest"]


def test_a_sitting_that_was_sat_is_gone_over_in_the_new_plan() -> None:
    again = plan(usual(), WHOLE_COURSE, first=START + timedelta(days=20), done={"mock/1", "diagnostic", "mock/<b>"})
    assert again.days[0].sessions[1].item == "review/mock/1"
    assert "mock/1" not in again.items
    assert [item for item in again.items if item.startswith("mock/")] == ["mock/2", "mock/3"]


def test_behind_counts_what_was_due_and_not_the_cards() -> None:
    made = plan(usual(), WHOLE_COURSE)
    nothing = behind(made, set(), START)
    assert (nothing.items, nothing.minutes, nothing.since) == ((), 0, None)
    late = behind(made, {"diagnostic"}, START + timedelta(days=2))
    read, exercises = late.items[0], late.items[1:]
    assert (read, late.since) == ("read/01_data/01_formats_and_storage", START + timedelta(days=1))
    assert late.minutes == 90 + sum(made.items[item].minutes for item in exercises)


def test_an_earlier_first_day_than_the_start_changes_nothing() -> None:
    assert plan(usual(), WHOLE_COURSE, first=START - timedelta(days=9)) == plan(usual(), WHOLE_COURSE)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"exam_date": START}, "exam_date: the exam must come after the first day. Choose a later day."),
        ({"exam_date": START + timedelta(days=401)}, "exam_date: the exam is 401 days away"),
        ({"exam": "mla-c03"}, "exam: there is no 'mla-c03'. Use one of mla-c01, mla-c02."),
        ({"hours": (1.0,) * 6}, "hours: 6 numbers. Give seven, Monday first."),
        ({"hours": (1.0, 25.0, *USUAL[2:])}, "hours: Tuesday has 25. Give a number from 0 to 24."),
        ({"hours": (1.0, float("nan"), *USUAL[2:])}, "hours: Tuesday has nan."),
        ({"hours": (0.0,) * 7}, "hours: no day before the exam has time to study."),
    ],
)
def test_settings_that_give_no_plan_say_why(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(PlanError) as error:
        replace(usual(), **changes)
    assert words in str(error.value)


def test_the_stored_vectors_are_what_python_makes() -> None:
    stored = plan_vectors.FILE.read_text(encoding="utf-8")
    assert json.loads(stored)["plans"] == json.loads(plan_vectors.text())["plans"], (
        "PYTHONPATH=tests python -m plan.plan_vectors"
    )
    assert stored == plan_vectors.text(), "run: PYTHONPATH=tests python -m plan.plan_vectors"
