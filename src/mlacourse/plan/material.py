"""What there is to learn for an exam: its tasks with their weights, and the course's chapters with their minutes."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlacourse.bank.blueprint import load_blueprints
from mlacourse.plan.rules import NUMBERS, PHASES, PROJECTS, skills, whole_steps


@dataclass(frozen=True)
class Topic:
    """A task of the exam, its weight in percent, the part that practises it, and how many questions there are."""

    id: str
    title: str
    weight: float
    phase: str
    questions: int


@dataclass(frozen=True)
class Chapter:
    """A chapter, its part, the task it counts for (none: a project), and the minutes of each piece of its work."""

    id: str
    title: str
    href: str
    phase: str
    task: str | None
    read: int
    exercises: int
    quiz: int


@dataclass(frozen=True)
class Material:
    """Everything that can be planned for an exam."""

    exam: str
    topics: tuple[Topic, ...]
    chapters: tuple[Chapter, ...]

    @property
    def missing(self) -> list[Topic]:
        """The tasks for which the course has no chapter yet."""
        taught = {chapter.task for chapter in self.chapters}
        return [topic for topic in self.topics if topic.id not in taught]


def material(course: Mapping[str, Any], exam: str) -> Material:
    """Return what ``course``, a document of ``mlacourse.bank.course``, has for an exam.

    A chapter counts for the task that most of its questions are for; without questions, for the first that it names.
    A chapter that serves no task of the exam is left out.
    """
    topics = tuple(_topics(course, exam))
    known = {topic.id for topic in topics}
    mechanics = load_blueprints().exams[exam].mechanics
    chapters = []
    for chapter in course["chapters"]:
        phase = chapter["part"]
        task = None if phase == PROJECTS else _task(course, chapter, exam, known)
        if phase not in PHASES or (task is None and phase != PROJECTS):
            continue
        chapters.append(
            Chapter(
                id=chapter["id"],
                title=chapter["title"],
                href=chapter["href"],
                phase=phase,
                task=task,
                read=whole_steps(chapter["minutes"]),
                exercises=whole_steps(chapter["minutes"] / NUMBERS["exercise_share"]),
                quiz=whole_steps(len(chapter["questions"]) * mechanics.minutes / mechanics.questions),
            )
        )
    return Material(exam, topics, tuple(chapters))


def _topics(course: Mapping[str, Any], exam: str) -> list[Topic]:
    asked = Counter(placed["tasks"].get(exam) for placed in course["questions"].values())
    listed = skills(load_blueprints().exams[exam])
    topics = []
    for phase, domain in zip(PHASES, course["exams"][exam]["domains"], strict=False):
        whole = sum(listed[task["id"]] for task in domain["tasks"])
        for task in domain["tasks"]:
            weight = domain["weight"] * listed[task["id"]] / whole
            topics.append(Topic(task["id"], task["title"], weight, phase, asked[task["id"]]))
    return topics


def _task(course: Mapping[str, Any], chapter: Mapping[str, Any], exam: str, known: set[str]) -> str | None:
    first = chapter["tasks"][0] if chapter["tasks"] else None
    named = Counter(
        task for question in chapter["questions"] if (task := course["questions"][question]["tasks"].get(exam)) in known
    )
    task = min(named, key=lambda task: (-named[task], task)) if named else first
    return task if task in known else None
