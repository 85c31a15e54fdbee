"""How time is split over the tasks of an exam."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace


@dataclass(frozen=True)
class Tally:
    """How many answers were right, of how many."""

    right: int
    total: int


NOTHING = Tally(0, 0)


def weakness(tally: Tally) -> float:
    """Return how weak somebody is in a task, between 0 and 1: the share of wrong answers, drawn towards one half.

    It is the mean of a uniform prior over shares after these answers (Laplace's rule of succession), so that two
    answers do not say more than they can.

    >>> [weakness(Tally(right, 2)) for right in (0, 1, 2)]
    [0.75, 0.5, 0.25]
    >>> weakness(NOTHING)
    0.5
    """
    return (tally.total - tally.right + 1) / (tally.total + 2)


def hand_out(total: int, weights: Sequence[float], most: Sequence[int]) -> list[int]:
    """Give ``total`` units one by one by weight (Webster's method), to nobody more than their ``most``.

    Return who got each unit, by index, in the order of giving; it ends early when nobody may have more. The unit
    goes to the largest weight / (2 · units so far + 1), in a tie to the first. Whoever weighs more never gets less,
    which holds for every method that divides so (Balinski and Young, *Fair Representation*, 1982).

    >>> hand_out(5, [3, 1, 1], [9, 1, 0])
    [0, 0, 1, 0, 0]
    """
    given = [0] * len(weights)
    order: list[int] = []
    queue = [(-weight, index) for index, weight in enumerate(weights) if most[index] > 0]
    heapify(queue)
    while queue and len(order) < total:
        index = queue[0][1]
        order.append(index)
        given[index] += 1
        if given[index] < most[index]:
            heapreplace(queue, (-weights[index] / (2 * given[index] + 1), index))
        else:
            heappop(queue)
    return order
