"""The lint over the real bank, and each finding on a small one."""

import pytest
from bank.factories import multiple_choice, option
from pydantic import TypeAdapter

from mlacourse.bank import lint
from mlacourse.bank.model import MultipleChoice

MC = TypeAdapter(MultipleChoice)


def test_the_bank_has_no_finding() -> None:
    assert lint.lint().findings == []


def test_a_negative_stem_wants_emphasis() -> None:
    plain = MC.validate_python(multiple_choice(stem="Which of these is not a drift test?"))
    marked = MC.validate_python(multiple_choice(stem="Which of these is **not** a drift test?"))
    assert len(list(lint._wording([plain]))) == 1
    assert not list(lint._wording([marked]))


def test_an_option_that_names_the_others_is_refused() -> None:
    options = [option("a", correct=True, text="All of the above."), option("b"), option("c"), option("d")]
    [finding] = lint._wording([MC.validate_python(multiple_choice(options=options))])
    assert "they are shuffled" in finding


def test_nearly_equal_stems_are_reported() -> None:
    one = MC.validate_python(multiple_choice(id="one", stem="A bank scores loans daily and must cut cost. What now?"))
    two = MC.validate_python(multiple_choice(id="two", stem="A bank scores loans hourly and must cut cost. What now?"))
    far = MC.validate_python(multiple_choice(id="far", stem="Frames from forty cameras arrive in bursts. Which store?"))
    assert len(list(lint._near_duplicates([one, two, far]))) == 1


@pytest.mark.parametrize("points", [5.1, 40])
def test_a_guesser_above_chance_is_a_finding(points: float) -> None:
    guess = lint.Guess("x", right=25 + round(points), chance=24.0, total=100)
    assert list(lint._guessable([guess]))
