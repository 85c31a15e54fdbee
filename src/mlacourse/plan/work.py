"""Which work there is time for."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from mlacourse.bank.forms import apportion, load_rules
from mlacourse.plan.items import GAP, Cut, Item
from mlacourse.plan.material import Chapter, Material
from mlacourse.plan.rules import NUMBERS, PHASES, PROJECTS, REVISION, full_steps, whole_steps
from mlacourse.plan.shares import hand_out

# In a task with too little time the first gets its time first.
PIECES = ("quiz", "read", "exercises")
SET = NUMBERS["set_minutes"]
STEP = NUMBERS["step"]
LEARNING = [phase for phase in PHASES if phase != PROJECTS]
_MOCK = re.compile(r"mock/[1-9][0-9]{0,2}")


@dataclass(frozen=True)
class Work:
    """Work in its order, and what there is no time for."""

    items: tuple[Item, ...]
    cuts: tuple[Cut, ...] = ()
    left_out: tuple[str, ...] = ()


def learning(
    free: int, material: Material, weights: Sequence[float], done: Collection[str], first: Sequence[Item] = ()
) -> Work:
    """Choose the work for ``free`` minutes before the revision, after what comes ``first``.

    ``weights`` are those of the material's topics.
    """
    start = [*first, *_diagnostic(free, done)]
    free -= sum(item.minutes for item in start)
    open_work = {chapter.id: _pieces(chapter, done) for chapter in material.chapters}
    by_task = {
        topic.id: [open_work[chapter.id] for chapter in material.chapters if chapter.task == topic.id]
        for topic in material.topics
    }
    needed = {task: sum(piece.minutes for pieces in chapters for piece in pieces) for task, chapters in by_task.items()}
    steps = hand_out(free // STEP, weights, [minutes // STEP for minutes in needed.values()])
    given = {task: steps.count(index) * STEP for index, task in enumerate(needed)}
    cuts = []
    planned: dict[str, list[Item]] = {}
    for task, chapters in by_task.items():
        if given[task] < needed[task]:
            cuts.append(Cut(task, needed[task], given[task]))
        for item in _within(given[task], [piece for pieces in chapters for piece in pieces]):
            planned.setdefault(item.chapter or "", []).append(item)
    free -= sum(given.values())

    projects = list(_projects(free // 2, material, open_work))
    free -= sum(item.minutes for item in projects)
    sets = list(_sets(free // SET, material, weights, done))
    free -= sum(item.minutes for item in sets)
    items = [*start]
    for phase in LEARNING:
        for chapter in material.chapters:
            if chapter.phase == phase and chapter.task is not None:
                items += planned.get(chapter.id, [])
        if phase != LEARNING[-1]:
            items += [item for item in sets if item.phase == phase]
    items += projects
    items += _spread([item for item in sets if item.phase == LEARNING[-1]], free)
    chosen = {item.chapter for item in projects}
    left_out = [
        chapter.id
        for chapter in material.chapters
        if chapter.task is None and open_work[chapter.id] and chapter.id not in chosen
    ]
    return Work(tuple(items), tuple(cuts), tuple(left_out))


def revision(
    free: int, material: Material, weights: Sequence[float], done: Collection[str], first: Sequence[Item] = ()
) -> Work:
    """Fill ``free`` minutes of the revision with the tasks that the course covers, half an hour at a time."""
    free -= sum(item.minutes for item in first)
    taught = {chapter.task for chapter in material.chapters}
    number = free // SET
    most = [number if topic.id in taught or topic.questions else 0 for topic in material.topics]
    names = {topic.id: unused(f"revise/{topic.id}", done) for topic in material.topics}
    order = [material.topics[index] for index in hand_out(number, weights, most)]
    revised = (Item(next(names[topic.id]), "revise", SET, SET, REVISION, task=topic.id) for topic in order)
    return Work((*first, *revised))


def reviews(done: Collection[str], minutes: int) -> list[Item]:
    """Return the mock exams that were sat and not gone over yet, ``minutes`` for each."""
    owed = sorted(f"review/{item}" for item in done if _MOCK.fullmatch(item))
    return [Item(item, "review", minutes, minutes) for item in owed if item not in done]


def unused(prefix: str, done: Collection[str]) -> Iterator[str]:
    """Return ``prefix/1``, ``prefix/2``, … without the names of what is done.

    >>> names = unused("mock", {"mock/1"})
    >>> next(names), next(names)
    ('mock/2', 'mock/3')
    """
    return (name for number in count(1) if (name := f"{prefix}/{number}") not in done)


def _diagnostic(free: int, done: Collection[str]) -> Iterator[Item]:
    minutes = whole_steps(load_rules().diagnostic.minutes)
    if "diagnostic" not in done and minutes * NUMBERS["diagnostic_share"] <= free:
        yield Item("diagnostic", "diagnostic", minutes, minutes)


def _pieces(chapter: Chapter, done: Collection[str]) -> list[Item]:
    """Return what is still to do of a chapter, in the order of doing."""
    minutes = {"read": chapter.read, "exercises": chapter.exercises, "quiz": chapter.quiz}
    return [
        Item(f"{kind}/{chapter.id}", kind, time, time, chapter.phase, chapter.id, chapter.task)
        for kind, time in minutes.items()
        if time > 0 and f"{kind}/{chapter.id}" not in done
    ]


def _within(minutes: int, pieces: Sequence[Item]) -> list[Item]:
    """Return the pieces as far as the minutes go, each kind shortened evenly before the next gets anything."""
    steps: dict[str, int] = {}
    for kind in PIECES:
        wanted = {piece.id: piece.minutes for piece in pieces if piece.kind == kind}
        now = min(minutes, sum(wanted.values()))
        if now > 0:
            steps |= apportion(now // STEP, wanted)
            minutes -= now
    return [replace(piece, minutes=steps[piece.id] * STEP) for piece in pieces if steps.get(piece.id)]


def _projects(free: int, material: Material, open_work: Mapping[str, list[Item]]) -> Iterator[Item]:
    """Return the projects that fit, each as a whole."""
    for chapter in material.chapters:
        pieces = open_work[chapter.id]
        minutes = sum(piece.minutes for piece in pieces)
        if chapter.task is None and minutes <= free:
            free -= minutes
            yield from pieces


def _spread(items: Sequence[Item], free: int) -> Iterator[Item]:
    """Return the items with gaps between them, so that they are spread evenly over the time that is left."""
    for item in items:
        gap = full_steps(free / len(items))
        yield from (item, Item("", GAP, gap, gap))


def _sets(number: int, material: Material, weights: Sequence[float], done: Collection[str]) -> Iterator[Item]:
    """Return practice sets by weight, as far as the bank has questions that no set has asked yet.

    The first of a task belongs to its own phase, the next to the next phase, and so on: practice comes back.
    """
    most = [
        max(
            0,
            -(-topic.questions // NUMBERS["set_questions"])
            - sum(item.startswith(f"practice/{topic.id}/") for item in done),
        )
        for topic in material.topics
    ]
    names = {topic.id: unused(f"practice/{topic.id}", done) for topic in material.topics}
    phases = {topic.id: LEARNING.index(topic.phase) for topic in material.topics}
    for index in hand_out(number, weights, most):
        topic = material.topics[index]
        phase = LEARNING[min(phases[topic.id], len(LEARNING) - 1)]
        phases[topic.id] += 1
        yield Item(
            next(names[topic.id]),
            "practice",
            SET,
            SET,
            phase,
            task=topic.id,
            questions=min(NUMBERS["set_questions"], topic.questions),
        )
