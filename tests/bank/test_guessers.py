"""Guessers: a bank that gives its key away is found out, a fair one is left alone."""

import random
from typing import Any

import pytest
from bank.factories import multiple_choice, multiple_response, option
from pydantic import TypeAdapter

from mlacourse.bank.export import static_order
from mlacourse.bank.guessers import Guess, play
from mlacourse.bank.model import MultipleChoice, MultipleResponse

MC = TypeAdapter(MultipleChoice)


def guess(guesses: list[Guess], name: str) -> Guess:
    return next(g for g in guesses if g.name == name)


def question(identifier: str, texts: dict[str, str], **changes: Any) -> MultipleChoice:
    options = [option(key, text=text, correct=key == "a") for key, text in texts.items()]
    return MC.validate_python(multiple_choice(id=identifier, options=options, **changes))


def test_a_key_that_is_always_longest_is_found() -> None:
    bank = [
        question(f"q-{i}", {"a": "Right and much longer.", "b": "One.", "c": "Two.", "d": "Six."}) for i in range(8)
    ]
    assert guess(play(bank), "the longest option").right == 8
    assert guess(play(bank), "the shortest option").right == 0


def test_a_key_that_repeats_the_stem_is_found() -> None:
    texts = {"a": "Use the quarterly budget alarm.", "b": "Use a lake.", "c": "Use a bus.", "d": "Use a shard."}
    bank = [question("q", texts, stem="The quarterly budget alarm fires too late. What helps?")]
    assert guess(play(bank), "the option most like the stem").right == 1


def test_options_of_random_length_give_no_guesser_an_edge() -> None:
    draw = random.Random(0)
    bank = [question(f"q-{i}", {key: f"{key}{'x' * draw.randrange(40)}." for key in "abcd"}) for i in range(600)]
    for found in play(bank):
        assert abs(found.excess) < 6, found


def test_chance_of_a_multiple_response_counts_combinations() -> None:
    [first, *_] = play([TypeAdapter(MultipleResponse).validate_python(multiple_response())])
    assert first.chance == pytest.approx(1 / 10)


def test_the_static_order_is_fixed_and_does_not_follow_the_file() -> None:
    bank = [question(f"q-{i}", dict.fromkeys("abcd", "") | {k: f"{k}." for k in "abcd"}) for i in range(40)]
    firsts = {static_order(q)[0].id for q in bank}
    assert firsts == set("abcd")
    assert [o.id for o in static_order(bank[0])] == [o.id for o in static_order(bank[0])]


def test_an_empty_bank_has_no_guessers() -> None:
    assert play([]) == []
