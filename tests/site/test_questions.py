"""Quizzes and cards on a page: readable without a script, linked to their sections, fresh from the bank."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
import yaml
from bank.factories import card, case_study, matching, multiple_choice, multiple_response, ordering
from small_book import CHAPTER, SmallBook, code, displayed, markdown, notebook

ID = CHAPTER.removeprefix("chapters/")
QUIZ = {"application/vnd.mlacourse.quiz.v1+json": {"quiz": ID}, "text/plain": "Quiz"}
CARDS = {"application/vnd.mlacourse.cards.v1+json": {"cards": ["card"]}, "text/plain": "Cards"}
EVERY_TYPE = [multiple_choice(), multiple_response(), ordering(), matching(), case_study()]


def write_bank(book: SmallBook, *questions: dict[str, Any]) -> None:
    folder = book.root / "quizzes" / "02_modeling"
    folder.mkdir(exist_ok=True)
    bank = {"chapter": ID, "quiz": list(questions), "cards": [card()]}
    (folder / "06_metrics_and_thresholds.yml").write_text(yaml.safe_dump(bank), encoding="utf-8")


@pytest.fixture
def quizzed(book: SmallBook) -> SmallBook:
    cells = [markdown("## A section\n\nText."), code("quiz()", displayed(QUIZ)), code("cards()", displayed(CARDS))]
    book.write(f"{CHAPTER}.ipynb", notebook(*cells))
    write_bank(book, *EVERY_TYPE)
    return book


def test_every_type_is_readable_with_its_answer_folded_away(quizzed: SmallBook) -> None:
    built = quizzed.build()
    assert built.whole, built.faults
    quiz = built.page().select_one(".quiz")
    assert quiz
    assert quiz["aria-label"] == "Quiz: Metrics and thresholds"
    assert len(quiz.select(".quiz-static > li")) == len(EVERY_TYPE)
    folds = quiz.select("details.answer")
    assert len(folds) == len(EVERY_TYPE) + 1  # a case study has two questions
    answers = [" ".join(fold.get_text(" ").split()) for fold in folds]
    assert "Right: Take option a." in answers[0]
    assert answers[2].index("Split.") < answers[2].index("Train.") < answers[2].index("Test.")
    assert "Not part of it: Hope." in answers[2]
    assert "Missed cancers → Recall" in answers[3]
    assert "Select TWO." in quiz.get_text()


def test_the_browser_gets_the_quiz_with_links_to_headings(quizzed: SmallBook) -> None:
    quiz = quizzed.build().page().select_one(".quiz > script")
    assert quiz
    data = json.loads(quiz.get_text())
    assert data["questions"][0]["learn_link"] == {"href": "#a-section", "label": "A section"}


def test_a_card_turns_without_a_script(quizzed: SmallBook) -> None:
    fold = quizzed.build().page().select_one(".cards details")
    assert fold
    assert fold.get_text(" ", strip=True) == "What does recall count? Found positives."


def test_a_link_to_no_section_stops_the_build(quizzed: SmallBook) -> None:
    write_bank(quizzed, multiple_choice(learn=f"{CHAPTER}.ipynb#no-such-section"))
    built = quizzed.build()
    assert not built.whole
    assert "quizzes/02_modeling/06_metrics_and_thresholds.yml" in built.faults
    assert "#no-such-section leads nowhere (no such heading there)" in built.faults


def test_a_mended_question_is_on_the_page_after_the_next_build(quizzed: SmallBook) -> None:
    quizzed.build()
    write_bank(quizzed, multiple_choice(stem="Which metric did the mend name?"))
    file = quizzed.root / "quizzes" / "02_modeling" / "06_metrics_and_thresholds.yml"
    os.utime(file, (file.stat().st_atime, file.stat().st_mtime + 5))
    assert "Which metric did the mend name?" in quizzed.build().text(CHAPTER)
