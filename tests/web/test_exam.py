"""The mock exam in a real browser: by keyboard, through crashes, in two tabs, on a phone, in light and dark."""

from __future__ import annotations

import contextlib
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, Page, expect
from web.exams import SLOT, generated, heading, logged, question_id, start, stored, write_exam
from web.pages import violations

SMALL = generated(4)
LARGE = generated()


@pytest.fixture
def exam(tmp_path: Path, bundles: object) -> Callable[..., str]:
    """Write an exam and return its address."""
    return lambda document=LARGE: write_exam(tmp_path, document)


@pytest.fixture
def open_exam(quiet: Page, exam: Callable[..., str]) -> Callable[..., Page]:
    """Open an exam in a page that must stay quiet."""

    def visit(document: dict[str, Any] = LARGE) -> Page:
        quiet.set_default_timeout(8000)
        quiet.goto(exam(document))
        expect(quiet.get_by_role("heading", name="Choose your exam")).to_be_visible()
        return quiet

    return visit


def in_focus(page: Page) -> dict[str, str]:
    focus: dict[str, str] = page.evaluate(
        """(e => ({tag: e.tagName, type: e.type ?? "", name: e.name ?? "",
                   text: e.getAttribute("aria-label") ?? e.textContent}))(document.activeElement)"""
    )
    return focus


def tab_to(page: Page, wanted: Callable[[dict[str, str]], bool]) -> dict[str, str]:
    for _ in range(300):
        page.keyboard.press("Tab")
        focus = in_focus(page)
        if wanted(focus):
            return focus
    raise AssertionError("Tab never reached it")


def is_answer(focus: dict[str, str]) -> bool:
    return focus["tag"] == "SELECT" or focus["type"] in ("radio", "checkbox")


def answer_by_keyboard(page: Page) -> str:
    """Give an answer to the question on the screen with the keyboard alone, and return the kind of inputs."""
    focus = tab_to(page, is_answer)
    if focus["tag"] == "SELECT":
        is_order = focus["text"].startswith("Position")
        for number in range(3):
            page.keyboard.press("ArrowDown")
            for _ in range(number if is_order else 0):
                page.keyboard.press("ArrowDown")
            if number < 2:
                tab_to(page, lambda focus: focus["tag"] == "SELECT")
        return "ordering" if is_order else "matching"
    page.keyboard.press("Space")
    if focus["type"] == "checkbox":
        tab_to(page, lambda focus: focus["type"] == "checkbox")
        page.keyboard.press("Space")
    return focus["type"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_whole_exam_is_taken_with_the_keyboard_alone(open_exam: Callable[..., Page], scheme: Any) -> None:
    page = open_exam()
    page.emulate_media(color_scheme=scheme)
    assert violations(page) == []
    tab_to(page, lambda focus: focus["text"] == "Start")
    page.keyboard.press("Enter")
    seen = set()
    for number in range(1, 66):
        expect(page.get_by_role("heading", name=f"Question {number} of 65")).to_be_focused()
        kind = answer_by_keyboard(page) + (", case" if page.get_by_label("Scenario of the case").count() else "")
        if kind not in seen:
            seen.add(kind)
            assert violations(page) == []
        if number % 10 == 1:
            tab_to(page, lambda focus: focus["text"] in ("Next", "Review"))
            page.keyboard.press("Enter")
        elif number % 10 == 2 and "SELECT" not in in_focus(page)["tag"]:
            page.keyboard.press("f")
            page.keyboard.press("n")
        else:
            tab_to(page, lambda focus: focus["tag"] == "BUTTON")
            page.keyboard.press("n")
    assert {"radio", "checkbox", "ordering", "matching", "radio, case"} <= seen
    expect(page.get_by_role("heading", name="Review before you hand in")).to_be_focused()
    expect(page.get_by_text("All 65 questions have an answer.")).to_be_visible()
    assert violations(page) == []
    tab_to(page, lambda focus: focus["text"] == "Hand in")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Report: Form A")).to_be_focused()
    assert violations(page) == []
    page.locator("details.mx-answered").evaluate_all("all => all.slice(0, 12).forEach(one => { one.open = true })")
    assert violations(page) == []
    (attempt,) = logged(page)
    assert (len(attempt["results"]), sum(result["scored"] for result in attempt["results"])) == (65, 50)
    assert all(result["draft"] for result in attempt["results"])
    tab_to(page, lambda focus: focus["text"] == "Choose the next exam")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your exams so far")).to_be_visible()
    assert violations(page) == []


def choose_at_random(page: Page, chance: random.Random) -> tuple[str, set[str]]:
    """Change the answer to the question on the screen; return its id and what is chosen then."""
    identifier = question_id(page)
    inputs = page.locator("fieldset.mq-question input")
    picks = page.locator("fieldset.mq-question select")
    if inputs.count():
        inputs.nth(chance.randrange(inputs.count())).click()
    else:
        picks.nth(chance.randrange(picks.count())).select_option(index=chance.randrange(1, 3))
    return identifier, chosen(page)


def chosen(page: Page) -> set[str]:
    values: list[str] = page.locator("fieldset.mq-question").evaluate(
        """set => [...set.querySelectorAll("input:checked")].map(e => e.value)
          .concat([...set.querySelectorAll("select")].map(e => e.ariaLabel + e.value))"""
    )
    return set(values)


def test_killing_the_tab_at_any_moment_loses_no_answer(page: Page, exam: Callable[..., str]) -> None:
    address = exam()
    context = page.context
    page.goto(address)
    start(page)
    deadline = stored(page)["deadline"]
    chance = random.Random(20261123)
    expected: dict[str, set[str]] = {}
    at: dict[str, int] = {}
    for _death in range(20):
        for _step in range(chance.randrange(1, 5)):
            place = chance.randrange(65)
            page.get_by_role("button", name=re.compile(f"^Question {place + 1},")).click()
            identifier, now = choose_at_random(page, chance)
            expected[identifier], at[identifier] = now, place
        page = killed(context, page, address)
        expect(page.get_by_role("heading", name=f"Question {place + 1} of 65")).to_be_visible()
        assert chosen(page) == expected[identifier]
        assert stored(page)["deadline"] == deadline
    for identifier, place in at.items():
        page.get_by_role("button", name=re.compile(f"^Question {place + 1},")).click()
        assert (question_id(page), chosen(page)) == (identifier, expected[identifier])


def killed(context: BrowserContext, page: Page, address: str) -> Page:
    """End the tab's process without a word to the page, and open the exam in a new tab."""
    with page.expect_event("crash", timeout=5000), contextlib.suppress(Error):
        page.goto("chrome://crash", timeout=3000)
    page.close()
    fresh = context.new_page()
    fresh.goto(address)
    return fresh


def test_a_second_tab_is_told_and_takes_over_on_request(page: Page, exam: Callable[..., str]) -> None:
    address = exam()
    page.goto(address)
    start(page)
    choose_at_random(page, random.Random(2))
    second = page.context.new_page()
    second.goto(address)
    expect(second.get_by_role("heading", name="Your exam is open in another tab")).to_be_visible()
    before = stored(page)["work"]
    second.get_by_role("button", name="Continue here").click()
    expect(second.get_by_role("heading", name="Question 1 of 65")).to_be_visible()
    expect(page.get_by_role("heading", name="Your exam is open in another tab")).to_be_visible()
    assert {q: w["draft"] for q, w in stored(second)["work"].items()} == {q: w["draft"] for q, w in before.items()}
    second.get_by_role("button", name="Review and hand in").click()
    second.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.get_by_role("heading", name="Choose your exam")).to_be_visible()
    expect(page.get_by_role("button", name="Form A")).to_be_visible()
    assert len(logged(page)) == 1


def test_a_second_tab_cannot_start_over_a_running_exam(page: Page, exam: Callable[..., str]) -> None:
    address = exam()
    second = page.context.new_page()
    second.goto(address)
    page.goto(address)
    start(page)
    expect(second.get_by_role("heading", name="Your exam is open in another tab")).to_be_visible()
    second.close()
    page.reload()
    expect(page.get_by_role("heading", name="Question 1 of 65")).to_be_visible()


def test_a_reload_at_zero_seconds_submits_once(page: Page, exam: Callable[..., str]) -> None:
    page.goto(exam())
    start(page)
    page.get_by_role("button", name="Flag").click()
    page.evaluate(
        """() => addEventListener("pagehide", () => {
             const slot = JSON.parse(localStorage["mlacourse.sitting.v1"]);
             slot.content.deadline = Date.now();
             localStorage["mlacourse.sitting.v1"] = JSON.stringify(slot);
           })"""
    )
    page.reload()
    expect(page.get_by_role("heading", name="Report: Form A")).to_be_visible()
    expect(page.get_by_text("Time was up: your answers were handed in as they stood.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Choose your exam")).to_be_visible()
    (attempt,) = logged(page)
    assert sum(result["flagged"] for result in attempt["results"]) == 1


def test_at_the_deadline_the_answers_are_handed_in(page: Page, exam: Callable[..., str]) -> None:
    page.clock.install()
    page.goto(exam())
    page.clock.run_for(1000)
    start(page)
    page.clock.fast_forward("02:09:30")
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^0:[0-3]\d$"))
    page.clock.fast_forward("00:40")
    expect(page.get_by_role("heading", name="Report: Form A")).to_be_visible()
    assert len(logged(page)) == 1


def test_a_clock_that_is_set_forward_counts_and_is_reported(page: Page, exam: Callable[..., str]) -> None:
    page.clock.install(time="2026-11-23T12:00:00Z")
    page.goto(exam())
    start(page)
    page.clock.set_system_time("2026-11-23T12:10:00Z")
    page.clock.run_for(2000)
    expect(
        page.get_by_text(re.compile("^(10 min|9 min 5[89] s).* passed while this page was closed or asleep"))
    ).to_be_visible()
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^1:59:5\d$"))


def test_only_an_exam_without_a_clock_can_be_paused(open_exam: Callable[..., Page]) -> None:
    page = open_exam(SMALL)
    start(page, time="No clock, can be paused", what="The diagnostic")
    expect(page.get_by_role("timer")).to_have_count(0)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("group", name="Question 1")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("heading", name="Paused")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Question 1 of 24")).to_be_visible()


def test_extra_time_is_given(open_exam: Callable[..., Page]) -> None:
    page = open_exam()
    page.get_by_label("Time").select_option(label="1.5 times the real time")
    expect(page.get_by_text("Form A: 65 questions, 195 minutes.")).to_be_visible()
    start(page)
    expect(page.get_by_role("timer")).to_have_text(re.compile("^3:1[45]:"))


def test_practice_mode_gives_feedback_and_exam_mode_none(open_exam: Callable[..., Page]) -> None:
    page = open_exam(SMALL)
    start(page, what="One task", mode="Practice mode")
    answer_by_keyboard(page)
    page.get_by_role("button", name="Check").click()
    assert in_focus(page)["text"] in ("Correct", "Not correct")
    expect(page.get_by_text("Read on in the chapter:")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Read on in the chapter:")).to_be_visible()
    page.get_by_role("button", name="Review and hand in").click()
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.get_by_text("A practice set is no sample of the exam")).to_be_visible()
    page.get_by_role("button", name="Choose the next exam").click()
    start(page, what="A fixed form", mode="Exam mode")
    expect(page.get_by_role("button", name="Check")).to_have_count(0)


def to_first(page: Page, selector: str) -> None:
    """Go forward to the first question that holds such an element."""
    for _ in range(65):
        if page.locator(selector).count():
            return
        page.get_by_role("button", name="Next").click()
    raise AssertionError(f"no question with {selector}")


def test_options_are_crossed_out_and_sentences_marked_by_keyboard_and_kept(open_exam: Callable[..., Page]) -> None:
    page = open_exam()
    start(page)
    to_first(page, "fieldset.mq-question input[type=checkbox]")
    page.keyboard.press("1")
    page.keyboard.press("Shift+Digit2")
    page.keyboard.press("m")
    page.get_by_role("button", name="which one serves it?").press("Space")
    page.keyboard.press("m")
    expect(page.locator("mark")).to_have_count(1)
    expect(page.get_by_text("Select two: one chosen so far.")).to_be_visible()
    page.reload()
    expect(page.locator("mark")).to_have_count(1)
    expect(page.get_by_role("button", name="Cross out").nth(1)).to_have_attribute("aria-pressed", "true")
    assert page.get_by_role("checkbox").nth(0).is_checked()


def test_shortcuts_can_be_switched_off_for_good(open_exam: Callable[..., Page]) -> None:
    page = open_exam(SMALL)
    start(page)
    page.get_by_text("Keyboard shortcuts").click()
    page.get_by_role("checkbox", name="Use single keys as shortcuts").uncheck()
    page.get_by_role("heading", name="Question 1").focus()
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Question 1 of")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Question 1 of")).to_be_focused()
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Question 1 of")).to_be_visible()


def test_the_review_names_what_is_open_and_leads_back(open_exam: Callable[..., Page]) -> None:
    page = open_exam(SMALL)
    start(page, what="The diagnostic")
    to_first(page, "fieldset.mq-question input[type=checkbox]")
    number = heading(page).split()[1]
    page.get_by_role("checkbox").first.check()
    page.keyboard.press("f")
    page.keyboard.press("r")
    expect(page.get_by_text("24 questions of 24 without a whole answer.")).to_be_visible()
    row = page.get_by_role("listitem").filter(has_text="Select two: one chosen so far.")
    expect(row).to_contain_text("not complete, ⚑ flagged")
    row.get_by_role("button", name=f"Question {number}").click()
    expect(page.get_by_role("heading", name=f"Question {number} of 24")).to_be_focused()


def finish(page: Page) -> None:
    page.get_by_role("button", name="Review and hand in").click()
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.get_by_role("heading", name="Report:")).to_be_visible()


def test_the_report_says_what_the_estimate_is_worth_and_what_to_do(open_exam: Callable[..., Page]) -> None:
    page = open_exam()
    start(page)
    answer_by_keyboard(page)
    page.get_by_label("Sure", exact=True).check()
    finish(page)
    expect(page.get_by_text("AWS publishes no formula")).to_be_visible()
    expect(page.get_by_text("The pass line is 720.")).to_be_visible()
    expect(page.get_by_text("15 questions did not count")).to_be_visible()
    expect(page.get_by_text("did not count").filter(visible=True)).to_have_count(16)
    expect(page.get_by_role("region", name="Do this next").get_by_role("listitem")).to_have_count(3)
    expect(page.get_by_role("row", name=re.compile("^1 Data Preparation for ML"))).to_contain_text("of 18")
    expect(page.get_by_role("row", name=re.compile("^Sure"))).to_contain_text("of 1")
    page.get_by_role("radio", name="Not right").check()
    wrong = page.locator("details.mx-answered")
    assert wrong.count() in (64, 65)
    wrong.last.locator("summary").click()
    expect(wrong.last.get_by_text("Read on in the chapter:")).to_be_visible()
    expect(wrong.last.get_by_text("read 23 November 2026")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Practise task")).click()
    expect(page.get_by_role("radio", name="One task")).to_be_checked()


def test_mistakes_and_weak_areas_come_from_what_was_answered(open_exam: Callable[..., Page]) -> None:
    page = open_exam(SMALL)
    expect(page.get_by_role("radio", name="My mistakes and guesses (0)")).to_be_disabled()
    start(page, what="The diagnostic")
    finish(page)
    page.get_by_role("button", name="Choose the next exam").click()
    page.get_by_role("radio", name="My mistakes and guesses (24)").check()
    expect(page.get_by_text("My mistakes: 20 questions, 40 minutes.")).to_be_visible()
    expect(page.get_by_role("radio", name="My weak areas (1.1, 1.2, 1.3)")).to_be_enabled()


def test_a_small_bank_says_how_much_is_missing_and_nothing_crashes(open_exam: Callable[..., Page]) -> None:
    document = generated(2)
    document["questions"] = [q for q in document["questions"] if q["id"].startswith("q-2-")]
    for exam in document["rules"]["exams"]:
        for form in exam["forms"]:
            form["entries"] = [e for e in form["entries"] if e["question"].startswith("q-2-")]
    page = open_exam(document)
    expect(page.get_by_text("Form A: 6 questions, 12 minutes. A whole one has 65")).to_contain_text(
        "none of domains 1 and 3 and 4"
    )
    page.get_by_role("radio", name="One task").check()
    expect(page.get_by_text("The bank has no questions for this yet.")).to_be_visible()
    page.get_by_role("button", name="Start").press("Enter")
    expect(page.get_by_role("heading", name="Choose your exam")).to_be_visible()
    start(page, what="A random form")
    finish(page)
    expect(page.get_by_text("This exam had 6 of 65 questions")).to_be_visible()


def test_two_estimates_make_a_trend(open_exam: Callable[..., Page]) -> None:
    page = open_exam(SMALL)
    for _ in range(2):
        start(page)
        finish(page)
        page.get_by_role("button", name="Choose the next exam").click()
    expect(page.get_by_role("img", name="Estimates from the first to the last: 100, 100.")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Form A *report of")).first.click()
    expect(page.get_by_role("heading", name="Report: Form A")).to_be_focused()


def test_text_of_the_bank_is_never_markup(open_exam: Callable[..., Page]) -> None:
    hostile = (
        "<img src=x onerror=document.title='hit'><script>document.title='hit'</script></script> & <b>bold</b>. End."
    )
    document = generated(1)
    for question in document["questions"]:
        question.update(stem=hostile, learn_link={"href": "javascript:document.title='hit'", "label": hostile})
        for option in question.get("options", []):
            option.update(text=f"{option['id']} {hostile}", why=hostile)
    for exam in document["rules"]["exams"]:
        for domain in exam["domains"]:
            domain["title"] = hostile
    page = open_exam(document)
    start(page)
    page.keyboard.press("m")
    page.keyboard.press("1")
    finish(page)
    page.locator("details.mx-answered summary").first.click()
    assert page.title() == "A page"
    region = page.get_by_role("region", name="Mock exam")
    assert region.locator("img, script, b").count() == 0
    assert page.locator("a[href^=javascript]").count() == 0
    expect(region).to_contain_text("<img src=x onerror=")


def test_without_storage_the_exam_works_and_says_so(quiet: Page, exam: Callable[..., str]) -> None:
    quiet.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }});"
    )
    quiet.goto(exam(SMALL))
    start(quiet)
    quiet.get_by_role("button", name="Flag").click()
    expect(quiet.get_by_text("This browser does not store your answers")).to_be_visible()
    finish(quiet)


def test_a_damaged_sitting_is_set_aside_and_the_next_exam_starts(open_exam: Callable[..., Page]) -> None:
    page = open_exam(SMALL)
    page.evaluate(f"localStorage['{SLOT}'] = JSON.stringify({{owner: null, content: {{v: 7}}}})")
    page.reload()
    expect(page.get_by_text("It was set aside, not deleted.")).to_be_visible()
    start(page)
    finish(page)


@pytest.mark.parametrize("text_size", ["100%", "200%"])
def test_a_phone_needs_no_sideways_scroll_and_targets_are_large(open_exam: Callable[..., Page], text_size: str) -> None:
    page = open_exam()
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate("size => { document.documentElement.style.fontSize = size }", text_size)
    assert_fits(page)
    start(page)
    for _ in range(20):
        assert_fits(page)
        page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Review and hand in").click()
    assert_fits(page)
    page.get_by_role("button", name="Hand in", exact=True).click()
    page.locator("details.mx-answered").evaluate_all("all => all.forEach(one => { one.open = true })")
    assert_fits(page)


def assert_fits(page: Page) -> None:
    screen = heading(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, screen
    small = page.evaluate(
        """[...document.querySelectorAll('button, select, label, summary')].filter(e => e.offsetParent)
           .filter(e => { const r = e.getBoundingClientRect(); return r.width < 24 || r.height < 24; })
           .map(e => e.textContent)"""
    )
    assert small == [], screen


def test_on_paper_every_question_is_open(open_exam: Callable[..., Page]) -> None:
    page = open_exam(SMALL)
    start(page, what="The diagnostic")
    finish(page)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("details.mx-answered:not([open])").count() == 0
    expect(page.get_by_role("button", name="Print or save as PDF")).to_be_hidden()


COUNT_WORK = """() => {
  window.work = {writes: 0, characters: 0, changes: 0};
  const write = Storage.prototype.setItem;
  Storage.prototype.setItem = function (key, value) {
    work.writes += 1;
    work.characters += value.length;
    return write.call(this, key, value);
  };
  new MutationObserver((list) => { work.changes += list.length; }).observe(
    document.body, {subtree: true, childList: true, attributes: true, characterData: true});
}"""


def test_an_answer_and_the_report_are_little_work_with_two_thousand_questions(
    open_exam: Callable[..., Page], quiet: Page
) -> None:
    quiet.clock.install(time="2026-11-23T12:00:00Z")
    document = generated(149)
    assert sum(len(item.get("questions", [item])) for item in document["questions"]) >= 2000
    page = open_exam(document)
    page.clock.pause_at("2026-11-23T13:00:00Z")  # no tick of the exam's clock comes between
    start(page)
    page.evaluate(COUNT_WORK)
    for number in range(24):
        page.evaluate("Object.assign(work, {writes: 0, characters: 0, changes: 0})")
        page.keyboard.press("2" if number % 2 else "1")
        work = page.evaluate("work")
        assert work["writes"] <= 1
        assert work["characters"] < 30_000
        assert work["changes"] <= 15
        page.keyboard.press("n")
    page.get_by_role("button", name="Review and hand in").click()
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.get_by_role("heading", name="Report: Form A")).to_be_focused()
    first = page.evaluate("document.querySelectorAll('*').length")
    assert first < 1000  # the estimate, the tables and a line for each question
    page.clock.run_for(100)
    assert page.evaluate("document.querySelectorAll('*').length") > 3 * first
