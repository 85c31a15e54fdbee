"""The JSON that the browser gets, against the schema that its types come from."""

import jsonschema
import pytest
from bank.factories import card, case_study, matching, multiple_choice, multiple_response, ordering

from mlacourse import resources
from mlacourse.bank import load_bank
from mlacourse.bank.command import SCHEMA_FILES, schema_text
from mlacourse.bank.export import ChoiceQuestion, Link, quiz_document, schema, static_order
from mlacourse.bank.model import ChapterBank

LINK = Link(href="https://example.org/#a", label="A")


def bank() -> ChapterBank:
    quiz = [multiple_choice(), multiple_response(), ordering(), matching(), case_study()]
    return ChapterBank.model_validate({"chapter": "02_modeling/06_metrics", "quiz": quiz, "cards": [card()]})


def test_every_type_fits_the_schema() -> None:
    jsonschema.validate(quiz_document(bank(), link=lambda _: LINK), schema())


def test_a_document_without_its_link_does_not_fit() -> None:
    document = quiz_document(bank(), link=lambda _: LINK)
    del document["questions"][0]["learn_link"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema())


def test_the_real_bank_fits_the_schema() -> None:
    for chapter in load_bank():
        jsonschema.validate(quiz_document(chapter, link=lambda _: LINK), schema())


def test_the_schema_files_are_up_to_date() -> None:
    for file, made in SCHEMA_FILES.items():
        assert resources.path(*file).read_text(encoding="utf-8") == schema_text(made()), "run: mlacourse bank schema"


def test_links_are_made_for_the_questions_of_a_case_study_too() -> None:
    document = quiz_document(bank(), link=lambda learn: Link(href=learn.upper(), label="A"))
    case = document["questions"][-1]
    assert case["questions"][0]["learn_link"]["href"].startswith("CHAPTERS/")
    assert "learn" not in case["questions"][0]


def test_options_leave_in_the_order_that_the_guessers_play() -> None:
    for chapter in load_bank():
        document = quiz_document(chapter, link=lambda _: LINK)
        sent = {
            item["id"]: [option["id"] for option in item["options"]]
            for question in document["questions"]
            for item in question.get("questions", [question])
            if "options" in item
        }
        choices = [item for item in chapter.items() if isinstance(item, ChoiceQuestion)]
        assert sent == {item.id: [option.id for option in static_order(item)] for item in choices}
