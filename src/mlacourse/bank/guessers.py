"""Guessers who know nothing: if one of them beats chance, the bank gives its answers away."""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mlacourse.bank.export import ChoiceQuestion, static_order
from mlacourse.bank.model import Option

_HEDGES = re.compile(
    r"\b(may|might|can|could|usually|often|typically|generally|sometimes|likely|consider|appropriate|first)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Guess:
    """How one guesser did: right answers of ``total``, and what chance would give."""

    name: str
    right: int
    chance: float
    total: int

    @property
    def excess(self) -> float:
        """Points above chance, in percent of all questions."""
        return 100 * (self.right - self.chance) / self.total


def play(questions: Iterable[ChoiceQuestion]) -> list[Guess]:
    """Let every guesser answer all questions; empty without questions.

    A guesser knows how many options to take, as 'Select TWO.' tells.
    """
    asked = list(questions)
    if not asked:
        return []
    chance = sum(1 / math.comb(len(q.options), len(q.key)) for q in asked)
    return [
        Guess(name, sum(_answer(q, rank) == q.key for q in asked), chance, len(asked))
        for name, rank in _GUESSERS.items()
    ]


Ranking = Callable[[ChoiceQuestion, Option], float]


def _answer(question: ChoiceQuestion, rank: Ranking) -> frozenset[str]:
    ranked = sorted(static_order(question), key=lambda option: -rank(question, option))
    return frozenset(option.id for option in ranked[: len(question.key)])


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"[a-z0-9]+", text.lower()) if len(word) > 3}


def _like_stem(question: ChoiceQuestion, option: Option) -> float:
    words = _words(option.text)
    return len(words & _words(question.stem)) / max(1, len(words))


def _at(position: int) -> Ranking:
    return lambda question, option: -abs(static_order(question).index(option) - position)


_GUESSERS: dict[str, Ranking] = {
    "the longest option": lambda _, option: len(option.text),
    "the shortest option": lambda _, option: -len(option.text),
    "the option most like the stem": _like_stem,
    "the option that hedges most": lambda _, option: len(_HEDGES.findall(option.text)),
    **{f"position {position + 1}": _at(position) for position in range(4)},
}
