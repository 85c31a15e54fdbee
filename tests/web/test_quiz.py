"""The quiz in a real browser: by keyboard, after a reload, in light and dark, on a phone."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from web.pages import quiz_section, violations

from web import questions


@pytest.fixture
def open_quiz(quiet: Page, address: Callable[..., str]) -> Callable[..., Page]:
    """Open a page with a quiz of these questions."""

    def visit(*asked: dict[str, Any]) -> Page:
        quiet.goto(address(quiz_section(questions.quiz(*asked)), scripts=["quiz.js"], styles=["quiz.css"]))
        expect(quiet.get_by_role("group", name="Question 1 of")).to_be_visible()
        return quiet

    return visit


def focused(page: Page) -> str:
    """The text of the element that has the focus."""
    text: str = page.evaluate("document.activeElement.textContent")
    return text.strip()


def tab_to(page: Page, name: str) -> None:
    """Press Tab until an element of this text or label has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        label = page.evaluate(
            "(e => e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent)(document.activeElement)"
        )
        if name in label:
            return
    raise AssertionError(f"Tab never reached {name!r}")


def test_a_multiple_choice_question_is_answered_with_the_keyboard(open_quiz: Callable[..., Page]) -> None:
    page = open_quiz(questions.choice())
    page.keyboard.press("Tab")
    for _ in range(4):
        if "lowest expected cost" in page.evaluate("document.activeElement.labels[0].textContent"):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    tab_to(page, "Check")
    page.keyboard.press("Enter")
    assert focused(page) == "Correct"
    expect(page.get_by_role("status").first).to_have_text("1 of 1 checked, 1 right")
    tab_to(page, "Try again")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.type") == "radio"
    assert page.get_by_role("radio", checked=True).count() == 0


def test_a_check_too_early_says_what_is_missing(open_quiz: Callable[..., Page]) -> None:
    page = open_quiz(questions.response())
    button = page.get_by_role("button", name="Check question 1")
    expect(button).to_have_attribute("aria-disabled", "true")
    button.press("Enter")
    expect(page.get_by_text("Select two: none chosen so far.")).to_be_visible()
    for name in ("Recall", "Accuracy", "RMSE"):
        page.get_by_role("checkbox", name=name).press("Space")
    expect(page.get_by_text("Select two: three chosen so far.")).to_be_visible()
    page.get_by_role("checkbox", name="RMSE").press("Space")
    expect(button).to_have_attribute("aria-disabled", "false")
    button.press("Enter")
    assert focused(page) == "Not correct"


def test_every_option_says_in_words_what_it_is_and_why(open_quiz: Callable[..., Page]) -> None:
    page = open_quiz(questions.response())
    for name in ("Recall", "Accuracy"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("button", name="Check question 1").click()
    for name, words in {
        "Recall": "Your answer, correct",
        "Average precision": "Correct answer",
        "Accuracy": "Your answer, not correct",
        "RMSE": "Not correct",
    }.items():
        said = page.get_by_role("listitem").filter(has=page.get_by_role("checkbox", name=name)).last
        expect(said).to_contain_text(words)
    expect(page.get_by_text("99.8 % by never flagging anything.")).to_be_visible()
    expect(page.get_by_role("link", name="Choosing a threshold from costs")).to_have_attribute(
        "href", "#choosing-a-threshold"
    )
    expect(page.get_by_text("read 23 November 2026")).to_be_visible()


def test_an_order_is_given_with_the_keyboard(open_quiz: Callable[..., Page]) -> None:
    page = open_quiz(questions.ordering())
    for name, key in {"Register": "1", "Approve": "2", "Shift": "2"}.items():
        page.get_by_role("combobox", name=f"Position of: {name}").focus()
        page.keyboard.type(key)
    page.get_by_role("button", name="Check question 1").press("Enter")
    expect(page.get_by_text("Position 2 is given twice. Use each position once.")).to_be_visible()
    page.get_by_role("combobox", name="Position of: Shift").press("3")
    page.get_by_role("button", name="Check question 1").press("Enter")
    assert focused(page) == "Correct"
    expect(page.get_by_text("Your answer, correct: not used")).to_be_visible()


def test_lines_are_matched_with_the_keyboard(open_quiz: Callable[..., Page]) -> None:
    page = open_quiz(questions.matching())
    for prompt, key in {"A miss": "Recall", "An alarm": "Prec", "Only the ranking": "R"}.items():
        page.get_by_role("combobox", name=f"Response for: {prompt}").focus()
        page.keyboard.type(key)
    page.get_by_role("button", name="Check question 1").press("Enter")
    assert focused(page) == "Not correct"
    expect(page.get_by_text("Correct answer: ‘AUC’")).to_be_visible()


def test_the_questions_of_a_case_study_are_graded_each(open_quiz: Callable[..., Page]) -> None:
    page = open_quiz(questions.case_study())
    expect(page.get_by_role("group", name="Case study for questions 1 to 2")).to_contain_text("Traffic triples")
    page.get_by_role("radio", name="lowest expected cost").check()
    page.get_by_role("button", name="Check question 1").click()
    expect(page.get_by_role("status").first).to_have_text("1 of 2 checked, 1 right")


def test_the_wrong_ones_are_tried_again(open_quiz: Callable[..., Page]) -> None:
    page = open_quiz(questions.choice(), questions.response())
    page.get_by_role("radio", name="AUC exceeds").check()
    page.get_by_role("button", name="Check question 1").click()
    for name in ("Recall", "Average precision"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("button", name="Check question 2").click()
    expect(page.get_by_text("1 of 2 right.")).to_be_visible()
    page.get_by_role("button", name="Try the wrong ones again").press("Enter")
    assert page.evaluate("document.activeElement.type") == "radio"
    expect(page.get_by_role("status").first).to_have_text("1 of 2 checked, 1 right")


def test_a_reload_shows_the_last_answer_in_the_same_order(open_quiz: Callable[..., Page]) -> None:
    page = open_quiz(questions.choice(), questions.response())
    page.get_by_role("radio", name="AUC exceeds").check()
    page.get_by_role("button", name="Check question 1").click()
    options = page.get_by_role("group", name="Question 1").get_by_role("listitem").all_inner_texts()
    page.reload()
    expect(page.get_by_text("Not correct", exact=True).first).to_be_visible()
    assert page.get_by_role("group", name="Question 1").get_by_role("listitem").all_inner_texts() == options
    expect(page.get_by_role("radio", name="AUC exceeds")).to_be_checked()
    expect(page.get_by_role("status").first).to_have_text("1 of 2 checked, 0 right")
    (event,) = json.loads(page.evaluate("localStorage['mlacourse.log.v1']"))
    assert (event["v"], event["type"], event["quiz"]) == (1, "answer", questions.CHAPTER)
    assert (event["question"], event["response"], event["correct"]) == ("card-fraud", ["auc"], False)


def test_text_of_the_bank_is_never_markup(open_quiz: Callable[..., Page]) -> None:
    hostile = (
        "<img src=x onerror=document.title='hit'><script>document.title='hit'</script> </script> & **<b>bold</b>**"
    )
    question = questions.choice()
    question.update(stem=hostile, learn_link={"href": "javascript:document.title='hit'", "label": hostile})
    question["sources"] = [{"url": "javascript:alert(1)", "checked": hostile}]
    for option in question["options"]:
        option.update(text=f"{option['id']} {hostile}", why=hostile)
    page = open_quiz(question)
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Check question 1").click()
    assert page.title() == "A page"
    region = page.get_by_role("region", name="Quiz: Metrics and thresholds")
    assert region.locator("img, script, b, a").count() == 0
    expect(region).to_contain_text("<img src=x onerror=")


def test_without_storage_the_quiz_works_and_says_so(quiet: Page, address: Callable[..., str]) -> None:
    quiet.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }});"
    )
    quiet.goto(address(quiz_section(questions.quiz(questions.choice())), scripts=["quiz.js"], styles=["quiz.css"]))
    expect(quiet.get_by_text("does not let the page store anything")).to_be_visible()
    quiet.get_by_role("radio", name="lowest expected cost").check()
    quiet.get_by_role("button", name="Check question 1").click()
    assert focused(quiet) == "Correct"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_of_accessibility_is_broken(open_quiz: Callable[..., Page], scheme: Any) -> None:
    page = open_quiz()
    page.emulate_media(color_scheme=scheme)
    assert violations(page) == []
    answer_everything(page)
    expect(page.get_by_text(re.compile(r"of 6 right"))).to_be_visible()
    assert violations(page) == []


def test_a_phone_needs_no_sideways_scroll_and_targets_are_large(open_quiz: Callable[..., Page]) -> None:
    page = open_quiz()
    page.set_viewport_size({"width": 320, "height": 640})
    for _state in ("open", "checked"):
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        small = page.evaluate(
            """[...document.querySelectorAll('button, select, label')].filter(e => e.offsetParent)
               .map(e => e.getBoundingClientRect()).filter(r => r.width < 24 || r.height < 24).length"""
        )
        assert small == 0
        answer_everything(page)


def answer_everything(page: Page) -> None:
    """Check every open question of the quiz, mostly wrong."""
    while page.get_by_role("button", name="Check question").count():
        group = page.locator("fieldset").filter(has=page.get_by_role("button", name="Check")).first
        for radio in group.get_by_role("radio").all()[:1]:
            radio.check()
        for box in group.get_by_role("checkbox").all()[:2]:
            box.check()
        pickers = group.get_by_role("combobox")
        for index, picker in enumerate(pickers.all()[:3]):
            picker.select_option(index=index + 1)
        group.get_by_role("button", name="Check").click()
