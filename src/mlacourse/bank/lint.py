"""Checks over the whole bank: guessable keys, near-duplicates, links, skills without questions."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import combinations

from mlacourse import chapters, resources
from mlacourse.bank.blueprint import load_blueprints
from mlacourse.bank.guessers import Guess, play
from mlacourse.bank.load import load_exam_bank
from mlacourse.bank.model import ChapterBank, Matching, MultipleChoice, MultipleResponse, Ordering, TaskBank

MOST_POINTS_ABOVE_CHANCE = 5.0
FEWEST_QUESTIONS = 3
FEWEST_CARDS = 2
SIMILAR = 0.8

Item = MultipleChoice | MultipleResponse | Ordering | Matching


@dataclass(frozen=True)
class Report:
    """What the lint found; ``open_skills`` are those that no chapter claims yet."""

    questions: int
    cards: int
    guesses: list[Guess] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    open_skills: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [f"{self.questions} questions, {self.cards} cards"]
        lines += [
            f"  guesser '{g.name}': {g.right} of {g.total} right, chance {g.chance:.1f} ({g.excess:+.1f} points)"
            for g in self.guesses
        ]
        if self.open_skills:
            lines.append(f"Skills of MLA-C01 that no chapter teaches yet: {len(self.open_skills)} of {_skill_count()}")
        lines += [f"error: {finding}" for finding in self.findings]
        return "\n".join(lines)


def lint() -> Report:
    """Check the bank in ``quizzes/`` against itself, the exam and the chapters.

    Raises ``BankError`` if a file does not load.
    """
    banks = load_exam_bank()
    items = [item for bank in banks for item in bank.items()]
    guesses = play(item for item in items if isinstance(item, MultipleChoice | MultipleResponse))
    claimed = _claimed_skills()
    return Report(
        questions=len(items),
        cards=sum(len(bank.cards) for bank in banks),
        guesses=guesses,
        findings=[
            *_guessable(guesses),
            *_wording(items),
            *_near_duplicates(items),
            *_dead_links(banks),
            *_thin_skills(banks, claimed),
        ],
        open_skills=sorted(set(load_blueprints().exams["mla-c01"].skills) - claimed),
    )


def _skill_count() -> int:
    return len(load_blueprints().exams["mla-c01"].skills)


def _guessable(guesses: Iterable[Guess]) -> Iterator[str]:
    for guess in guesses:
        if guess.excess > MOST_POINTS_ABOVE_CHANCE:
            yield (
                f"who always takes {guess.name} gets {guess.right} of {guess.total} right, "
                f"{guess.excess:.1f} points above chance. Even out the options."
            )


def _wording(items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        if re.search(r"\b(not|except|least likely)\b[^.]*\?\s*$", item.stem, re.IGNORECASE) and "**" not in item.stem:
            yield f"question {item.id!r}: stem: asks in the negative; write the word as **not** or ask positively."
        for option in getattr(item, "options", []):
            if re.search(r"\b(all|none|both) of (the above|these)\b", option.text, re.IGNORECASE):
                yield f"question {item.id!r}: option {option.id!r}: refers to other options; they are shuffled."


def _near_duplicates(items: Iterable[Item]) -> Iterator[str]:
    # Stems that are alike share most of their words; to look for that first is a hundred times faster.
    stems = [(item, set(re.findall(r"\w+", item.stem.lower()))) for item in items]
    for (one, words), (other, others) in combinations(stems, 2):
        if 2 * len(words & others) < max(len(words), len(others)):
            continue
        matcher = SequenceMatcher(None, one.stem, other.stem, autojunk=False)
        if matcher.quick_ratio() > SIMILAR and matcher.ratio() > SIMILAR:
            yield f"questions {one.id!r} and {other.id!r} have nearly the same stem; change or drop one."


def _dead_links(banks: Iterable[ChapterBank | TaskBank]) -> Iterator[str]:
    anchors = {chapters.chapter_id(source): chapters.anchors(source) for source in chapters.sources()}
    for bank in banks:
        for entry in [*bank.items(), *bank.cards]:
            file, _, section = entry.learn.partition("#")
            chapter = file.removeprefix("chapters/").removesuffix(".ipynb")
            if section not in anchors.get(chapter, set()):
                yield (
                    f"quizzes/{bank.name}.yml: {entry.id!r}: learn: {entry.learn} is no heading. "
                    f"Headings of that chapter: {', '.join(sorted(anchors.get(chapter, {'(no such chapter)'})))}."
                )


def _claimed_skills() -> set[str]:
    """Skills in the header of a chapter that stands in the table of contents."""
    contents = resources.path("book", "_toc.yml").read_text(encoding="utf-8")
    return {
        skill
        for source in chapters.sources()
        if f"chapters/{chapters.chapter_id(source)}" in contents
        for skill in chapters.header(source).skills.get("mla-c01", [])
    }


def _thin_skills(banks: Iterable[ChapterBank | TaskBank], claimed: set[str]) -> Iterator[str]:
    questions: Counter[str] = Counter()
    cards: Counter[str] = Counter()
    for bank in banks:
        questions.update(skill for item in bank.items() for skill in item.exams["mla-c01"])
        cards.update(skill for card in bank.cards for skill in card.exams["mla-c01"])
    for skill in sorted(claimed):
        if questions[skill] < FEWEST_QUESTIONS or cards[skill] < FEWEST_CARDS:
            yield (
                f"skill {skill}: {questions[skill]} questions and {cards[skill]} cards; "
                f"a taught skill has at least {FEWEST_QUESTIONS} and {FEWEST_CARDS}."
            )
