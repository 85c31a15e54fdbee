"""Seeded shuffling that gives the same order here and in the browser (``web/src/quiz/shuffle.ts``)."""

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")
_WORD = 0xFFFFFFFF


def mulberry32(seed: int) -> Callable[[], float]:
    """Return a source of numbers in [0, 1) that repeat for the same 32-bit seed.

    >>> mulberry32(1)()
    0.6270739405881613
    """
    state = seed & _WORD

    def following() -> float:
        nonlocal state
        state = (state + 0x6D2B79F5) & _WORD
        mixed = (state ^ (state >> 15)) * (state | 1) & _WORD
        mixed ^= (mixed + ((mixed ^ (mixed >> 7)) * (mixed | 61) & _WORD)) & _WORD
        return (mixed ^ (mixed >> 14)) / 2**32

    return following


def shuffled(items: Sequence[T], seed: int) -> list[T]:
    """Return the items in an order that depends on the seed alone (Fisher and Yates)."""
    random = mulberry32(seed)
    result = list(items)
    for last in range(len(result) - 1, 0, -1):
        pick = int(random() * (last + 1))
        result[last], result[pick] = result[pick], result[last]
    return result
