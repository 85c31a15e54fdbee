"""Mock-exam forms: proportions, overlap, small banks, and agreement with the browser."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from bank import exam_vectors
from bank.exam_vectors import TYPES, generated_units
from bank.factories import case_study, multiple_choice, ordering
from hypothesis import given, settings
from hypothesis import strategies as st

from mlacourse import resources
from mlacourse.bank import BankError, load_blueprints
from mlacourse.bank.exam import exam_document, exam_rules
from mlacourse.bank.export import Link
from mlacourse.bank.forms import Entry, Unit, apportion, fixed_forms, form, load_rules, read_rules, units
from mlacourse.bank.model import ChapterBank

EXAM = load_blueprints().exams["mla-c01"]
WEIGHTS = {domain.id: domain.weight for domain in EXAM.domains}


def rich_bank(per_task: int = 40) -> list[Unit]:
    """Enough of everything: each task has each type."""
    tasks = [task.id for domain in EXAM.domains for task in domain.tasks]
    made = []
    for task in tasks:
        for number in range(per_task):
            kind = list(TYPES)[number % len(TYPES)] if number < 20 else "multiple_choice"
            size = 2 if kind == "case_study" else 1
            identifier = f"t{task}-{number:03}"
            made.append(Unit(identifier, kind, (task,) * size, tuple(f"{identifier}-{n}" for n in range(size))))
    return made


def domains(entries: list[Entry], available: list[Unit]) -> Counter[str]:
    task_of = {q: t for unit in available for q, t in zip(unit.questions, unit.tasks, strict=True)}
    return Counter(task_of[entry.question][0] for entry in entries)


def test_a_whole_form_has_the_exams_numbers() -> None:
    available = rich_bank()
    entries = form(EXAM, available, TYPES, 7)
    assert domains(entries, available) == {"1": 18, "2": 17, "3": 14, "4": 16}
    assert domains([e for e in entries if e.scored], available) == {"1": 14, "2": 13, "3": 11, "4": 12}
    assert len({entry.question for entry in entries}) == 65


def test_a_whole_form_has_the_types_in_their_shares() -> None:
    available = rich_bank()
    kind_of = {question: unit.type for unit in available for question in unit.questions}
    kinds = Counter(kind_of[entry.question] for entry in form(EXAM, available, TYPES, 7))
    assert kinds == apportion(65, TYPES)


def test_the_tasks_of_a_domain_are_asked_evenly() -> None:
    available = rich_bank()
    task_of = {q: t for unit in available for q, t in zip(unit.questions, unit.tasks, strict=True)}
    tasks = Counter(task_of[entry.question] for entry in form(EXAM, available, TYPES, 7))
    for domain in EXAM.domains:
        asked = [tasks[task.id] for task in domain.tasks]
        assert max(asked) - min(asked) <= 2, asked


def test_fixed_forms_share_no_question_and_repeat() -> None:
    forms = fixed_forms(EXAM, rich_bank(), TYPES, "ABCD")
    asked = [entry.question for entries in forms.values() for entry in entries]
    assert len(asked) == len(set(asked)) == 4 * 65
    assert fixed_forms(EXAM, rich_bank(), TYPES, "ABCD") == forms


def renamed(available: list[Unit], prefix: str) -> list[Unit]:
    return [Unit(prefix + u.id, u.type, u.tasks, tuple(prefix + q for q in u.questions)) for u in available]


def test_the_exams_own_questions_fill_the_forms_alone_where_they_are_enough() -> None:
    own = rich_bank()
    assert fixed_forms(EXAM, own, TYPES, "ABCD", renamed(rich_bank(), "chapter-")) == fixed_forms(
        EXAM, own, TYPES, "ABCD"
    )


def test_without_questions_of_its_own_the_exam_is_drawn_from_the_chapters() -> None:
    assert fixed_forms(EXAM, [], TYPES, "ABCD", rich_bank()) == fixed_forms(EXAM, rich_bank(), TYPES, "ABCD")


@given(st.integers(0, 300), st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_a_chapters_question_stands_in_a_form_only_where_no_other_fits(count: int, seed: int) -> None:
    own = generated_units(count, seed)
    chapters = renamed(generated_units(120, seed + 1), "chapter-")
    seats = apportion(65, WEIGHTS)
    used: set[str] = set()
    for entries in fixed_forms(EXAM, own, TYPES, "ABCD", chapters).values():
        asked = {entry.question for entry in entries}
        assert len(asked) == len(entries)
        assert used.isdisjoint(asked)
        of_the_exam = domains([e for e in entries if not e.question.startswith("chapter-")], own)
        for domain, quota in seats.items():
            left = [u for u in own if u.tasks[0][0] == domain and not (asked | used) & set(u.questions)]
            assert all(len(unit.questions) > quota - of_the_exam[domain] for unit in left)
        used |= asked


@given(st.integers(0, 120), st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_no_bank_is_too_small_or_too_uneven(count: int, seed: int) -> None:
    available = generated_units(count, seed)
    seats = apportion(65, WEIGHTS)
    stock = domains([Entry(q, True) for unit in available for q in unit.questions], available)
    entries = form(EXAM, available, TYPES, seed)
    drawn = domains(entries, available)
    asked = {entry.question for entry in entries}
    assert len(asked) == len(entries)
    for domain, quota in seats.items():
        assert drawn[domain] <= min(quota, stock[domain])
        left = [u for u in available if u.tasks[0][0] == domain and asked.isdisjoint(u.questions)]
        assert all(len(unit.questions) > quota - drawn[domain] for unit in left), "a seat stays open that a unit fits"
    for unit in available:
        assert len(asked & set(unit.questions)) in (0, len(unit.questions)), "a case study is never torn"


@given(
    st.integers(0, 500),
    st.dictionaries(st.text(min_size=1), st.integers(0, 1000), min_size=1).filter(lambda w: sum(w.values()) > 0),
)
def test_apportion_gives_every_seat_within_one_of_the_exact_share(total: int, weights: dict[str, int]) -> None:
    seats = apportion(total, weights)
    assert sum(seats.values()) == total
    for key, weight in weights.items():
        exact = total * weight / sum(weights.values())
        assert exact - 1 < seats[key] < exact + 1


@pytest.mark.parametrize("weights", [{}, {"a": 0}, {"a": 2, "b": -1}])
def test_apportion_refuses_weights_that_mean_nothing(weights: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="cannot split"):
        apportion(10, weights)


def test_the_browser_draws_the_same_forms() -> None:
    stored = exam_vectors.FILE.read_text(encoding="utf-8")
    assert json.loads(stored)["forms"] == json.loads(exam_vectors.text())["forms"], "python tests/bank/exam_vectors.py"
    assert stored == exam_vectors.text(), "run: python tests/bank/exam_vectors.py"


def test_only_types_and_skills_of_the_exam_are_drawn() -> None:
    quiz = [
        multiple_choice(id="both", exams={"mla-c01": ["2.3.K1"], "mla-c02": ["2.3.6"]}),
        multiple_choice(id="old-only"),
        ordering(id="ordered", exams={"mla-c01": ["1.1.K1"], "mla-c02": ["1.1.1"]}),
        case_study(),
    ]
    bank = ChapterBank.model_validate({"chapter": "02_modeling/06_metrics", "quiz": quiz, "cards": []})
    rules = load_rules()
    first = units(bank.quiz, "mla-c01", rules.types["mla-c01"])
    assert [unit.id for unit in first] == ["both", "case", "old-only", "ordered"]
    assert next(unit for unit in first if unit.id == "ordered").tasks == ("1.1",)
    assert [unit.id for unit in units(bank.quiz, "mla-c02", rules.types["mla-c02"])] == ["both"]


def test_an_empty_bank_gives_empty_forms() -> None:
    rules = exam_rules([], load_rules())
    assert [form.entries for exam in rules.exams for form in exam.forms] == [[]] * 8


def test_the_shares_name_types_of_the_exam_and_make_a_whole() -> None:
    exams = load_blueprints().exams
    for exam, shares in load_rules().types.items():
        assert sum(shares.values()) == 100
        assert set(shares) - {"case_study"} == set(exams[exam].question_types)


def test_rules_that_do_not_hold_name_the_file_and_the_field(tmp_path: Path) -> None:
    file = tmp_path / "forms.yml"
    file.write_text("fixed: [A]\ntypes: {mla-c01: {multiple_choice: -1}}\n")
    with pytest.raises(BankError, match=r"forms.yml: types.mla-c01.multiple_choice: .*\n.*diagnostic"):
        read_rules(file)


def test_the_exam_document_links_every_question() -> None:
    document = exam_document(link=lambda chapter, learn: Link(href=f"{chapter}:{learn}", label="A"))
    known = set()
    for item in document["questions"]:
        for question in item.get("questions", [item]):
            known.add(question["id"])
            chapter, learn = question["learn_link"]["href"].split(":")
            assert chapter
            assert learn.startswith("chapters/")
    drawn = {e["question"] for exam in document["rules"]["exams"] for one in exam["forms"] for e in one["entries"]}
    assert drawn
    assert drawn <= known


def test_the_exams_page_says_what_the_blueprint_says() -> None:
    text = resources.path("book", "practice", "mock_exam.md").read_text(encoding="utf-8")
    mechanics = EXAM.mechanics
    seats = [str(count) for count in apportion(mechanics.scored, WEIGHTS).values()]
    low, high = mechanics.scale
    diagnostic = load_rules().diagnostic
    for words in (
        f"{mechanics.questions} questions and {mechanics.minutes} minutes",
        f"{mechanics.scored} questions count. The other {mechanics.unscored}",
        f"{', '.join(seats[:-1])} and {seats[-1]} for MLA-C01",
        f"{low} + {high - low} · *p*",
        f"The pass line is {mechanics.pass_score}.",
        f"each task in {diagnostic.minutes} minutes",
    ):
        assert words in text
