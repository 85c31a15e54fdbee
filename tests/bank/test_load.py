"""Loading: what a person who mends a question is told."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from bank.factories import card, case_study, matching, multiple_choice, multiple_response, option, ordering

from mlacourse.bank import BankError, load_bank, load_chapter
from mlacourse.bank.load import read


def written(folder: Path, *quiz: dict[str, Any], cards: tuple[dict[str, Any], ...] = ()) -> Path:
    file = folder / "02_modeling" / "06_metrics.yml"
    file.parent.mkdir(parents=True, exist_ok=True)
    content = {"chapter": "02_modeling/06_metrics", "quiz": list(quiz), "cards": list(cards)}
    file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return file


def finding(folder: Path, *quiz: dict[str, Any], cards: tuple[dict[str, Any], ...] = ()) -> str:
    with pytest.raises(BankError) as raised:
        read(written(folder, *quiz, cards=cards))
    return str(raised.value)


def test_every_type_of_question_loads(tmp_path: Path) -> None:
    bank = read(
        written(tmp_path, multiple_choice(), multiple_response(), ordering(), matching(), case_study(), cards=(card(),))
    )
    assert [item.id for item in bank.items()] == ["mc", "mr", "order", "match", "case-1", "case-2"]
    assert bank.items()[0].key == {"a"}
    assert bank.items()[1].key == {"a", "b"}
    assert bank.items()[2].key == ("split", "train", "test")
    assert bank.items()[3].key == {"p1": "r1", "p2": "r2", "p3": "r1"}


def test_a_case_study_hands_its_sources_to_its_questions(tmp_path: Path) -> None:
    item = read(written(tmp_path, case_study())).items()[0]
    assert str(item.sources[0].url) == "https://example.org/page"


def test_an_option_without_a_reason_is_named_with_file_line_and_option(tmp_path: Path) -> None:
    options = [option("a", correct=True), option("lower", why=" "), option("c"), option("d")]
    message = finding(tmp_path, multiple_choice(options=options))
    assert "06_metrics.yml:" in message
    assert "question 'mc': option 'lower': why: is empty" in message


def test_the_named_line_is_the_line_of_the_field(tmp_path: Path) -> None:
    file = written(tmp_path, multiple_choice(difficulty=7))
    line = next(n for n, text in enumerate(file.read_text().splitlines(), 1) if "difficulty" in text)
    with pytest.raises(BankError, match=rf"06_metrics\.yml:{line}: question 'mc': difficulty"):
        read(file)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (multiple_choice(options=[option(i) for i in "abcd"]), "0 correct; multiple choice wants 4 and 1"),
        (multiple_choice(options=[option("a", correct=True), option("b")]), "has 2 options"),
        (multiple_response(options=[option(i, correct=True) for i in "abcde"]), "5 correct"),
        (ordering(responses=ordering()["responses"][1:]), "positions are [1, 3]"),
        (matching(responses=[{"id": "r1", "text": "Recall"}, {"id": "r9", "text": "F"}]), "'r2', which is no response"),
        (multiple_choice(stem="Which are right? Select TWO."), "generated from the correct options"),
        (multiple_choice(stem="Is <b>this</b> bold?"), "HTML is not allowed"),
        (multiple_choice(services=["SageMaker AI"]), "write the whole name, as 'Amazon SageMaker AI'"),
        (multiple_choice(stem="Is *this* slanted?"), "*this* would be shown with its asterisks"),
        (multiple_choice(exams={"mla-c01": ["2.3.K99"]}), "'2.3.K99' is not a skill of the exam"),
        (multiple_choice(exams={"mla-c02": ["2.3.6"]}), "names no skill of mla-c01"),
        (multiple_choice(learn="06_metrics.ipynb"), "learn"),
        (multiple_choice(hint="no"), "hint: is not a field"),
        (multiple_choice(id="Mixed Case"), "question 'Mixed Case': id"),
    ],
)  # fmt: skip
def test_a_broken_question_is_told_what_to_mend(tmp_path: Path, question: dict[str, Any], words: str) -> None:
    assert words in finding(tmp_path, question)


def test_a_chapter_field_that_disagrees_with_the_place_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path, multiple_choice())
    file = file.rename(file.with_name("07_other.yml"))
    with pytest.raises(BankError, match="the file's place says '02_modeling/07_other'"):
        read(file)


def test_broken_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    file = written(tmp_path)
    file.write_text("chapter: x\nquiz: [\n", encoding="utf-8")
    with pytest.raises(BankError, match=r"06_metrics\.yml:3: is not valid YAML"):
        read(file)


def test_an_unknown_chapter_suggests_the_nearest() -> None:
    with pytest.raises(BankError, match="Did you mean '02_modeling/06_metrics_and_thresholds'"):
        load_chapter("02_modeling/06_metrics_and_treshold")


def test_the_whole_bank_loads() -> None:
    assert load_bank()
