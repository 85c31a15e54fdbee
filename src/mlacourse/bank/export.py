"""What the browser gets: quizzes as JSON, and the schema that both sides are checked against."""

import hashlib
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter

from mlacourse.bank.model import ChapterBank, MultipleChoice, MultipleResponse, Option, Question

ChoiceQuestion = MultipleChoice | MultipleResponse


class Link(BaseModel):
    """A link to a chapter's section."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    href: str
    label: str


class _Document(BaseModel):
    """A chapter's quiz as the browser gets it."""

    model_config = ConfigDict(extra="forbid", title="QuizDocument")

    id: str
    title: str
    questions: list[Question]


_DOCUMENT = TypeAdapter(_Document)
_SINGLE_TYPES = ("MultipleChoice", "MultipleResponse", "Ordering", "Matching")


def quiz_document(bank: ChapterBank, *, link: Callable[[str], Link]) -> dict[str, Any]:
    """Return the quiz of a chapter as plain JSON values.

    ``link`` turns a question's ``learn`` into the link that this front end can open.
    """
    document = _Document(id=bank.chapter, title=title(bank.chapter), questions=bank.quiz)
    return {
        **document.model_dump(mode="json", exclude={"questions"}),
        "questions": [question_json(question, link) for question in bank.quiz],
    }


def static_order(question: ChoiceQuestion) -> list[Option]:
    """Return the options in the order a page without JavaScript shows: fixed, and unrelated to the key.

    Authors write the right option wherever they please; the lint's guessers play in this order.
    """
    return sorted(question.options, key=lambda o: hashlib.sha256(f"{question.id}/{o.id}".encode()).digest())


def title(chapter: str) -> str:
    """Return a chapter's name in words.

    >>> title("02_modeling/06_metrics_and_thresholds")
    'Metrics and thresholds'
    """
    words = chapter.partition("/")[2].partition("_")[2].replace("_", " ")
    return words[:1].upper() + words[1:]


def schema() -> dict[str, Any]:
    """Return the JSON schema of ``quiz_document``'s result."""
    content = _DOCUMENT.json_schema(mode="serialization")
    definitions = content["$defs"]
    definitions["Link"] = Link.model_json_schema()
    for name in _SINGLE_TYPES:
        definition = definitions[name]
        del definition["properties"]["learn"]
        definition["properties"]["learn_link"] = {"$ref": "#/$defs/Link"}
        definition["required"] = ["learn_link" if field == "learn" else field for field in definition["required"]]
    return content


def question_json(question: Question, link: Callable[[str], Link]) -> dict[str, Any]:
    """Return a question as plain JSON values: ``learn`` turned into a link, options in their static order."""
    data: dict[str, Any] = question.model_dump(mode="json", exclude_none=True)
    singles = question.questions if question.type == "case_study" else [question]
    for single, item in zip(singles, data["questions"] if question.type == "case_study" else [data], strict=True):
        item["learn_link"] = link(item.pop("learn")).model_dump()
        if isinstance(single, ChoiceQuestion):
            places = {option.id: place for place, option in enumerate(static_order(single))}
            item["options"].sort(key=lambda option, places=places: places[option["id"]])
    return data
