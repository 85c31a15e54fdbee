"""The browser's scheduling of flashcards beside the reference implementation in Python, review by review."""

from __future__ import annotations

import json
import math
import os
import random
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fsrs import Card, Rating, Scheduler, State

ROOT = Path(__file__).parents[2]
ZONE = "America/New_York"
FIRST_HOUR = 4
CAP = 36_500  # days: ts-fsrs lets no stability grow beyond it, the reference does
MINUTE = 60_000
SCHEDULER = Scheduler(enable_fuzzing=False)
# Hard while a card is being learnt, in minutes: ts-fsrs keeps the rounded mean of the first two steps, the reference
# has the exact mean at the first step and the step's own minutes at the second.
HARD_MINUTES = {(5.5, 6), (10, 6), (15, 15)}

History = list[tuple[int, int]]


def histories(count: int, seed: int) -> list[History]:
    """Histories of one to fifteen reviews: within minutes, within days, after decades; steady and erratic learners."""
    chance = random.Random(seed)
    gaps = [(1, 15), (60, 8 * 60), (1440, 5 * 1440), (5 * 1440, 90 * 1440), (1440 * 365, 1440 * 15_000)]
    made = []
    for _ in range(count):
        weights = chance.choice([(1, 1, 1, 1), (1, 2, 6, 2), (6, 2, 1, 1), (0, 0, 0, 1), (0, 0, 1, 2)])
        instant = chance.randrange(1_600_000_000_000, 1_900_000_000_000)
        history: History = []
        for _ in range(chance.randint(1, 15)):
            history.append((instant, chance.choices((1, 2, 3, 4), weights)[0]))
            shortest, longest = chance.choices(gaps, (4, 2, 4, 4, 1))[0]
            instant += chance.randrange(shortest * MINUTE, longest * MINUTE)
        made.append(history)
    return made


def learners_day(instant: int) -> int:
    local = datetime.fromtimestamp(instant / 1000, ZoneInfo(ZONE))
    return (local.date() - date(1970, 1, 1)).days - (local.hour < FIRST_HOUR)


def interval_in_order(card: Card, rating: Rating, at: datetime) -> int:
    """The reference's interval under ts-fsrs's ordering rule: of one card, hard ≤ good < easy, and hard < good."""
    hard, good, easy = (
        (SCHEDULER.review_card(card, choice, at)[0].due - at).days for choice in (Rating.Hard, Rating.Good, Rating.Easy)
    )
    hard = min(hard, good)
    good = max(good, hard + 1)
    return {Rating.Hard: hard, Rating.Good: good, Rating.Easy: max(easy, good + 1)}[rating]


@pytest.fixture(scope="module")
def replayed() -> list[tuple[History, list[dict[str, Any]]]]:
    made = histories(1500, seed=20261123)
    deno = Path(sys.executable).with_name("deno")
    done = subprocess.run(
        [deno, "run", "--allow-read", "--allow-env", "tests/web/fsrs_replay.ts"],
        cwd=ROOT,
        env={**os.environ, "TZ": ZONE},
        input=json.dumps(made),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return list(zip(made, json.loads(done.stdout), strict=True))


def test_stability_difficulty_and_due_day_are_those_of_the_reference(
    replayed: list[tuple[History, list[dict[str, Any]]]],
) -> None:
    reasons: Counter[str] = Counter()
    apart = 0.0
    for history, states in replayed:
        card = Card(card_id=1, due=datetime(1970, 1, 1, tzinfo=UTC))
        for (instant, rating), state in zip(history, states, strict=True):
            day = learners_day(instant)
            at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)
            before, given = card, Rating(rating)
            card, _ = SCHEDULER.review_card(card, given, at)
            if max(card.stability or 0, state["stability"]) >= CAP:
                reasons["cap"] += 1
                break
            assert (state["day"], state["state"]) == (day, card.state.name.lower())
            for name, exact in (("stability", card.stability), ("difficulty", card.difficulty)):
                assert exact is not None
                apart = max(apart, abs(state[name] / exact - 1))
            if card.state is State.Review:
                reasons[why(before, given, at, card, state)] += 1
            else:
                minutes = ((card.due - at).total_seconds() / 60, state["minutes"])
                assert minutes in HARD_MINUTES if given is Rating.Hard else minutes[0] == minutes[1]
                reasons["minutes"] += 1
    print(f"{len(replayed)} histories: {dict(reasons)}; memories at most {apart:.1g} apart")
    assert apart <= 1e-4
    assert reasons["none"] == 0
    assert all(reasons[reason] for reason in ("equal", "ordering", "minutes", "cap"))


def why(before: Card, given: Rating, at: datetime, card: Card, state: dict[str, Any]) -> str:
    """What explains the browser's due day."""
    if state["days"] == (card.due - at).days:
        return "equal"
    if before.state is State.Review and state["days"] == interval_in_order(before, given, at):
        return "ordering"
    # The interval is the stability in whole days: a half day, which a difference in the eighth digit tips over.
    return "half a day" if abs(math.modf(card.stability or 0)[0] - 0.5) < 1e-5 * state["days"] else "none"
