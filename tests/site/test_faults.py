"""What stops the build, and how it is told: file, line, mend."""

from __future__ import annotations

import pytest
from small_book import CHAPTER, HEADER, PNG, SmallBook, code, displayed, markdown, notebook

SOURCE = """---
mlacourse:
  title: Metrics and thresholds
  promise: Choose a threshold that you can defend.
  minutes: 75
  prerequisites: [Reading a scatter plot]
  skills:
    mla-c01: [2.3.K9]
  objectives: [read a confusion matrix]
---

## First

Text.

```{code-cell} ipython3
1 + 1
```

The second text.

It has a fault on its third line: %s
"""


def write_pair(book: SmallBook, fault: str) -> None:
    """A source and its notebook; the fault stands on line 22 of the source."""
    source = SOURCE % fault
    book.write(f"{CHAPTER}.md", source)
    second = source.split("```\n\n", 1)[1]
    book.write(f"{CHAPTER}.ipynb", notebook(markdown("## First\n\nText."), code("1 + 1"), markdown(second)))


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("[gone](07_nowhere.ipynb)", "07_nowhere.ipynb"),
        ("[gone](../../book/index.md#no-such-heading)", "no-such-heading"),
        ("![](picture.png)", "has no text alternative"),
        (r"$\frac{1}{$", "is not whole"),
        (r"$\nosuchcommand{x}$", r"uses \nosuchcommand"),
    ],
    ids=["dead link", "dead anchor", "image without alt", "broken formula", "unknown command"],
)
def test_a_fault_in_the_text_is_told_with_the_line_of_the_source(book: SmallBook, fault: str, told: str) -> None:
    book.write("chapters/02_modeling/picture.png", "")
    book.take_out("chapters/02_modeling/picture")
    write_pair(book, fault)
    built = book.build()
    assert not built.whole
    line = next(line for line in built.faults.splitlines() if told in line)
    assert line.startswith(f"{CHAPTER}.md:2")
    assert int(line.split(":")[1]) in range(20, 24)


def test_an_unknown_skill_is_told_with_its_line_and_what_was_meant(book: SmallBook) -> None:
    header = {**HEADER, "skills": {"mla-c01": ["2.3.K9"]}}
    write_pair(book, "none")
    book.write(f"{CHAPTER}.ipynb", notebook(markdown("## First"), header=header))
    built = book.build()
    assert not built.whole
    assert f"{CHAPTER}.md:7: WARNING: mlacourse.skills.mla-c01: '2.3.K9' is not a skill of the exam." in built.faults
    assert "Did you mean '2.3.K" in built.faults


def test_a_missing_field_of_the_header_is_named(book: SmallBook) -> None:
    header = {key: value for key, value in HEADER.items() if key != "promise"}
    book.write(f"{CHAPTER}.ipynb", notebook(markdown("## First"), header=header))
    built = book.build()
    assert not built.whole
    assert f"{CHAPTER}.ipynb:1: WARNING: mlacourse.promise is missing." in built.faults


def test_a_figure_without_a_text_alternative_names_its_cell(book: SmallBook) -> None:
    book.write(f"{CHAPTER}.ipynb", notebook(code("figure", displayed({"image/png": PNG}))))
    built = book.build()
    assert not built.whole
    assert "cell 3 displays an image without a text alternative" in built.faults


def test_a_quiz_without_a_file_and_an_unknown_card_are_named(book: SmallBook) -> None:
    book.write(
        f"{CHAPTER}.ipynb",
        notebook(
            code("quiz('02_modeling/06_metrics')", displayed({QUIZ: {"quiz": "02_modeling/06_metrics"}})),
            code("cards('no-such-card')", displayed({CARDS: {"cards": ["no-such-card"]}})),
        ),
    )
    built = book.build()
    assert not built.whole
    assert "quizzes/02_modeling/06_metrics.yml: there is no such file" in built.faults
    assert "there is no card 'no-such-card'" in built.faults


def test_complaints_of_a_cell_stop_the_build(book: SmallBook) -> None:
    warned = {"output_type": "stream", "name": "stderr", "text": "FutureWarning: soon gone"}
    book.write(f"{CHAPTER}.ipynb", notebook(code("old()", warned)))
    assert not book.build().whole


def test_a_fault_is_told_again_by_the_next_build(book: SmallBook) -> None:
    book.write("book/guide.md", "# Guide\n\n[gone](gone.md)\n")
    assert "gone.md" in book.build().faults
    assert "gone.md" in book.build().faults
    book.write("book/guide.md", "# Guide\n\nMended.\n")
    assert book.build().whole


QUIZ = "application/vnd.mlacourse.quiz.v1+json"
CARDS = "application/vnd.mlacourse.cards.v1+json"
