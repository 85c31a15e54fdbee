"""The question model: what a question or a card is, and what makes it whole."""

import re
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl, model_validator

ID = Annotated[
    str,
    Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="Lower-case words joined by hyphens; stable for ever."),
]


def _without_typed_count(text: str) -> str:
    if re.search(r"\b(select|choose|pick) (two|three|four|all|2|3|4)\b", text, re.IGNORECASE):
        raise ValueError("the count ('Select TWO.') is generated from the correct options; take it out")
    return text


def _by_its_whole_name(service: str) -> str:
    if not re.match(r"(AWS|Amazon|IAM)\b", service):
        raise ValueError(f"'{service}' would make a deck of its own; write the whole name, as 'Amazon {service}'")
    return service


def _in_plain_text(text: str) -> str:
    words = re.sub(r"`[^`]*`", "", text)
    if re.search(r"</?[a-z][^>]*>", words, re.IGNORECASE):
        raise ValueError("HTML is not allowed; use `code`, **strong** and blank lines only")
    if one := re.search(r"(?<![\w*])\*[^\s*]([^*\n]*[^\s*])?\*(?![\w*])", words):
        raise ValueError(f"{one.group()} would be shown with its asterisks; use `code`, **strong** or 'quotes'")
    if not text.strip():
        raise ValueError("is empty; write the text")
    return text.strip()


Text = Annotated[str, AfterValidator(_in_plain_text)]
Service = Annotated[str, AfterValidator(_by_its_whole_name)]
Stem = Annotated[Text, AfterValidator(_without_typed_count)]
Exams = dict[Literal["mla-c01", "mla-c02"], list[str]]
ChapterLink = Annotated[
    str,
    Field(
        pattern=r"^chapters/[0-9a-z_]+/[0-9a-z_]+\.ipynb#[^\s#]+$",
        description="A chapter's section: chapters/02_modeling/06_metrics_and_thresholds.ipynb#slug",
    ),
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Strict):
    """A page that was read, and the day it was read."""

    url: HttpUrl
    checked: date


class Option(_Strict):
    """One answer of a multiple-choice or multiple-response question, with its own reason."""

    id: ID
    text: Text
    correct: bool = False
    why: Text


class Response(_Strict):
    """A response to put in order or to match; an ordering response without a position is a distractor."""

    id: ID
    text: Text
    position: Annotated[int, Field(ge=1)] | None = None
    why: Text | None = None


class Prompt(_Strict):
    """One prompt of a matching question and the response that belongs to it."""

    id: ID
    text: Text
    answer: ID
    why: Text


class _Item(_Strict):
    """What every question carries."""

    id: ID
    exams: Exams
    difficulty: Annotated[int, Field(ge=1, le=3, description="1 recall, 2 apply, 3 competing constraints")]
    stem: Stem
    learn: ChapterLink
    sources: Annotated[list[Source], Field(min_length=1)]
    reviewed: date
    services: list[Service] = []


def _unique(ids: list[str], field: str) -> None:
    repeated = sorted({i for i in ids if ids.count(i) > 1})
    if repeated:
        raise ValueError(f"{field}: id {repeated[0]!r} stands twice; give each its own id")


class _Choice(_Item):
    options: list[Option]

    @model_validator(mode="after")
    def _options_are_distinct(self) -> Self:
        _unique([option.id for option in self.options], "options")
        _unique([option.text for option in self.options], "options")
        return self

    @property
    def key(self) -> frozenset[str]:
        """Ids of the correct options."""
        return frozenset(option.id for option in self.options if option.correct)


class MultipleChoice(_Choice):
    """One correct option and three distractors."""

    type: Literal["multiple_choice"]

    @model_validator(mode="after")
    def _one_of_four(self) -> Self:
        if len(self.options) != 4 or len(self.key) != 1:
            raise ValueError(
                f"options: has {len(self.options)} options, {len(self.key)} correct; multiple choice wants 4 and 1"
            )
        return self


class MultipleResponse(_Choice):
    """Two or more correct options of five or more; all must be selected."""

    type: Literal["multiple_response"]

    @model_validator(mode="after")
    def _two_of_five(self) -> Self:
        if len(self.options) < 5 or not 2 <= len(self.key) < len(self.options):
            raise ValueError(
                f"options: has {len(self.options)} options, {len(self.key)} correct; "
                "multiple response wants 5 or more, of which 2 or more are correct and one is wrong"
            )
        return self


class Ordering(_Item):
    """Three to five responses to put in order; distractors may stand among them."""

    type: Literal["ordering"]
    responses: list[Response]

    @model_validator(mode="after")
    def _positions_count_up(self) -> Self:
        _unique([response.id for response in self.responses], "responses")
        positions = sorted(r.position for r in self.responses if r.position is not None)
        if positions != list(range(1, len(positions) + 1)) or not 3 <= len(positions) <= 5:
            raise ValueError(f"responses: positions are {positions}; number 3 to 5 of them 1, 2, 3, … without a gap")
        for response in self.responses:
            if response.why is None:
                raise ValueError(f"responses: {response.id!r} has no 'why'. Say why it stands there, or why not at all")
        return self

    @property
    def key(self) -> tuple[str, ...]:
        """Ids in the right order."""
        placed = [r for r in self.responses if r.position is not None]
        return tuple(r.id for r in sorted(placed, key=lambda r: r.position or 0))


class Matching(_Item):
    """Three to seven prompts, each with the response that belongs to it."""

    type: Literal["matching"]
    prompts: Annotated[list[Prompt], Field(min_length=3, max_length=7)]
    responses: Annotated[list[Response], Field(min_length=2)]

    @model_validator(mode="after")
    def _answers_exist(self) -> Self:
        _unique([prompt.id for prompt in self.prompts], "prompts")
        ids = [response.id for response in self.responses]
        _unique(ids, "responses")
        for prompt in self.prompts:
            if prompt.answer not in ids:
                raise ValueError(
                    f"prompts: {prompt.id!r} has the answer {prompt.answer!r}, which is no response; use one of {ids}"
                )
        for response in self.responses:
            if response.position is not None:
                raise ValueError(f"responses: {response.id!r} has a position; only ordering questions use it")
        return self

    @property
    def key(self) -> dict[str, str]:
        """Response id for each prompt id."""
        return {prompt.id: prompt.answer for prompt in self.prompts}


SingleQuestion = Annotated[
    MultipleChoice | MultipleResponse | Ordering | Matching,
    Field(discriminator="type"),
]


class CaseStudy(_Strict):
    """One scenario with two or more questions, each graded by itself.

    The questions inherit ``learn``, ``sources``, ``reviewed`` and ``exams`` where they have none.
    """

    id: ID
    type: Literal["case_study"]
    scenario: Text
    questions: Annotated[list[SingleQuestion], Field(min_length=2)]

    @model_validator(mode="before")
    @classmethod
    def _inherit(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("questions"), list):
            return data
        shared = {field: data[field] for field in ("learn", "sources", "reviewed", "exams") if field in data}
        own = {field: value for field, value in data.items() if field not in shared}
        own["questions"] = [{**shared, **q} if isinstance(q, dict) else q for q in data["questions"]]
        return own


Question = Annotated[
    MultipleChoice | MultipleResponse | Ordering | Matching | CaseStudy,
    Field(discriminator="type"),
]


class Card(_Strict):
    """A flashcard: one question, one short answer."""

    id: ID
    front: Stem
    back: Text
    exams: Exams
    learn: ChapterLink
    sources: Annotated[list[Source], Field(min_length=1)]
    reviewed: date
    services: list[Service] = []


class ChapterBank(_Strict):
    """One file of ``quizzes/``: a chapter's quiz and its cards."""

    chapter: Annotated[str, Field(pattern=r"^[0-9a-z_]+/[0-9a-z_]+$")]
    quiz: list[Question]
    cards: list[Card]

    @property
    def name(self) -> str:
        """Its place in ``quizzes/``, without the suffix."""
        return self.chapter

    @property
    def questions(self) -> list[Question]:
        """The quiz, as a task's file calls it."""
        return self.quiz

    def items(self) -> list[SingleQuestion]:
        """Every question by itself, those of case studies too."""
        return _taken_apart(self.quiz)


class TaskBank(_Strict):
    """One file of ``quizzes/mock_exam/``: questions of a task that only the mock exam asks."""

    task: Annotated[str, Field(pattern=r"^[0-9]+\.[0-9]+$", description="A task of MLA-C01, in quotes.")]
    questions: list[Question]

    @property
    def name(self) -> str:
        """Its place in ``quizzes/``, without the suffix."""
        return f"mock_exam/{self.task}"

    @property
    def cards(self) -> list[Card]:
        """None: cards belong to chapters."""
        return []

    def items(self) -> list[SingleQuestion]:
        """Every question by itself, those of case studies too."""
        return _taken_apart(self.questions)


def _taken_apart(questions: list[Question]) -> list[SingleQuestion]:
    flat: list[SingleQuestion] = []
    for question in questions:
        flat.extend(question.questions if isinstance(question, CaseStudy) else [question])
    return flat
