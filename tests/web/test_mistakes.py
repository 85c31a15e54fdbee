"""The feedback log in a real browser: by keyboard, with every kind of past, on a phone, in light and dark, on paper."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from web.mistakes import TODAY, answer, attempt, bank, choices, remark, remarks, singles, visit, write_mistakes
from web.pages import violations

BANK = bank()
FIRST, SECOND, *_ = choices(BANK, "1.1")
OTHER = next(choices(BANK, "2.3"))
IDS = [question["id"] for item in BANK["questions"] for question in singles(item)]
HOSTILE = "<img src=x onerror=document.title='hit'><script>document.title='hit'</script> & <b>bold</b>"
Open = Callable[..., Page]


@pytest.fixture
def open_log(quiet: Page, tmp_path: Path, bundles: object) -> Open:
    """Open the page with a past behind it; the page must stay quiet."""

    def opened(*events: dict[str, Any], document: dict[str, Any] = BANK) -> Page:
        quiet.set_default_timeout(8000)
        quiet.clock.set_fixed_time(TODAY + timedelta(hours=1))
        visit(quiet, write_mistakes(tmp_path, document), events)
        expect(quiet.get_by_role("region", name="Feedback log")).not_to_contain_text("Without JavaScript")
        return quiet

    return opened


def past() -> list[dict[str, Any]]:
    """Something of everything: wrong, guessed, blank, half and wholly cleared, with and without remarks, and gone."""
    return [
        attempt({**dict.fromkeys(IDS[:20], "wrong"), IDS[20]: "guess", IDS[21]: "blank", "gone-one": "wrong"}, 5),
        answer(IDS[1], True, 3),
        answer(IDS[2], True, 3),
        answer(IDS[2], True, 2),
        *(remark(question, "misread", "Too fast.") for question in IDS[3:9]),
        *(remark(question, "careless") for question in IDS[9:12]),
    ]


def entries(page: Page) -> Locator:
    return page.locator("details.mx-answered")


def titles(page: Page) -> list[str]:
    return page.get_by_role("region", name="One by one").get_by_role("heading", level=3).all_inner_texts()


def unfold(page: Page, number: int = 0) -> Locator:
    entry = entries(page).nth(number)
    entry.locator("summary").click()
    expect(entry.get_by_role("group", name="What you say about it")).to_be_visible()
    return entry


def in_focus(page: Page) -> str:
    text: str = page.evaluate(
        """(e => e.labels?.[0]?.firstChild.textContent.trim() ?? e.textContent)(document.activeElement)"""
    )
    return text


def tab_to(page: Page, wanted: str) -> None:
    for _ in range(200):
        page.keyboard.press("Tab")
        if in_focus(page).startswith(wanted):
            return
    raise AssertionError(f"Tab never reached {wanted}")


def test_a_mistake_is_opened_explained_and_remarked_on_with_the_keyboard_alone(open_log: Open) -> None:
    page = open_log(answer(FIRST, False, 3), answer(OTHER, False, 1))
    tab_to(page, "A team scores")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your answer, not correct")).to_be_visible()
    expect(page.get_by_text("Correct answer", exact=True)).to_be_visible()
    expect(page.get_by_text("To clear it, answer it right on 2 different days.")).to_be_visible()
    tab_to(page, "What went wrong?")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Your note")
    page.keyboard.type("I took the first one.")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    (event,) = remarks(page)
    assert (event["question"], event["kind"], event["note"]) == (FIRST, "unknown-service", "I took the first one.")
    page.reload()
    entry = unfold(page)
    expect(entry.get_by_label("What went wrong?")).to_have_value("unknown-service")
    expect(entry.get_by_label("Your note")).to_have_value("I took the first one.")


def test_a_note_is_saved_when_the_page_is_left_in_the_middle_of_it(open_log: Open) -> None:
    page = open_log(answer(FIRST, False))
    unfold(page).get_by_label("Your note").fill("Half a")
    page.reload()
    assert [event["note"] for event in remarks(page)] == ["Half a"]


def test_fields_that_are_only_looked_at_write_nothing(open_log: Open) -> None:
    page = open_log(answer(FIRST, False), remark(FIRST, "careless", "Kept."))
    unfold(page).get_by_label("Your note").focus()
    page.keyboard.press("Tab")
    assert len(remarks(page)) == 1


def test_mistakes_are_grouped_by_task_by_chapter_and_by_kind(open_log: Open) -> None:
    page = open_log(
        attempt({FIRST: "wrong", SECOND: "guess", OTHER: "blank"}), remark(FIRST, "misread"), remark(OTHER, "misread")
    )
    assert titles(page) == ["Task 1.1 Ingest and store data (2)", "Task 2.3 Analyze model performance (1)"]
    page.get_by_label("Group by").select_option("Chapter")
    assert titles(page) == ["Chapter 1_1 (2)", "Chapter 2_3 (1)"]
    page.get_by_label("Group by").select_option("Kind of error")
    assert titles(page) == ["I misread a constraint (2)", "Not said yet (1)"]
    page.get_by_role("combobox", name="Kind of error").select_option("Not said yet")
    assert titles(page) == ["Not said yet (1)"]
    expect(page.get_by_text("1 of 3 are shown.")).to_be_visible()
    expect(entries(page)).to_contain_text("guessed once")


def test_mistakes_are_sorted_by_day_and_by_how_often(open_log: Open) -> None:
    page = open_log(
        answer(FIRST, False, 9), answer(FIRST, False, 3), answer(SECOND, False, 1), attempt({"q-1-1-1": "guess"}, 5)
    )

    def days(order: str) -> list[str]:
        page.get_by_label("Order").select_option(order)
        return re.findall(r"last on (\d+) November", page.get_by_role("region", name="One by one").inner_text())

    assert days("Most recent first") == ["22", "20", "18"]
    assert days("Oldest first") == ["18", "20", "22"]
    assert days("Most often wrong first") == ["20", "22", "18"]


def test_an_entry_stays_in_its_place_until_the_list_is_grouped_again(open_log: Open) -> None:
    page = open_log(answer(FIRST, False, 2), answer(SECOND, False, 1))
    page.get_by_label("Group by").select_option("Kind of error")
    entry = unfold(page)
    entry.get_by_label("What went wrong?").select_option("I was careless")
    entry.get_by_label("Your note").focus()
    page.keyboard.press("Tab")
    expect(entry.get_by_text("It keeps its place here until you group the list again.")).to_be_visible()
    assert titles(page) == ["Not said yet (2)"]
    page.get_by_label("Order").select_option("Oldest first")
    assert titles(page) == ["I was careless (1)", "Not said yet (1)"]


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([attempt({FIRST: "blank"}, 1)], "Your answer of 22 November 2026: none was given."),
        ([attempt({FIRST: "guess"}, 1)], "22 November 2026: right, and you said that it was a guess."),
        ([answer(FIRST, False, 1, ["no-such-option"])], "22 November 2026 is not shown: the question has been changed"),
        ([answer(FIRST, False, 1, {"a": [HOSTILE]})], "22 November 2026 is not shown"),
        (
            [answer(FIRST, False, 3), answer(FIRST, True, 2)],
            "Right on 21 November 2026. To clear it, answer it right on one other day.",
        ),
    ],
    ids=["blank", "guessed", "changed", "strange", "half cleared"],
)
def test_an_entry_says_how_the_question_stands(open_log: Open, events: list[dict[str, Any]], words: str) -> None:
    page = open_log(*events)
    expect(unfold(page)).to_contain_text(words)
    assert "a" in [box.get_attribute("value") for box in page.get_by_role("radio").all()]


def test_sections_to_read_again_come_in_the_order_of_mistakes_times_weight(open_log: Open) -> None:
    by_section: dict[str, list[str]] = {}
    for item in BANK["questions"]:
        for question in singles(item):
            by_section.setdefault(question["learn_link"]["label"], []).append(question["id"])

    def some(task: str, number: int) -> list[str]:
        return next(ids[:number] for label, ids in by_section.items() if label.endswith(task) and len(ids) >= number)

    # 1 × 28, 2 × 22, 1 × 26 percent
    wrong = [*some("1.2", 1), *some("3.2", 2), *some("2.3", 1)]
    page = open_log(attempt(dict.fromkeys(wrong, "wrong")))
    rows = page.get_by_role("region", name="Read again").get_by_role("listitem")
    assert [re.findall(r"task (\S+)", row.inner_text())[0] for row in rows.all()] == ["3.2", "1.2", "2.3"]
    expect(rows.first).to_contain_text("2 open mistakes")
    expect(rows.first.get_by_role("link")).to_have_attribute("href", re.compile(r"chapters/part/3_2\.html#section-"))


def test_on_paper_stands_the_whole_list_of_sections_and_nothing_else(open_log: Open) -> None:
    page = open_log(attempt(dict.fromkeys(IDS, "wrong")))
    expect(page.get_by_text(re.compile(r"^The other \d+ sections$"))).to_be_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    shown = page.get_by_role("region", name="Read again").get_by_role("listitem")
    sections = {q["learn_link"]["href"] for item in BANK["questions"] for q in singles(item)}
    assert shown.filter(visible=True).count() == len(sections) > 10
    expect(page.get_by_role("heading", name="One by one")).to_be_hidden()
    expect(page.get_by_role("button", name="Print this list")).to_be_hidden()


def test_a_pattern_is_named_only_when_there_is_enough_to_see_one(open_log: Open) -> None:
    wrong, others = ([question for question in IDS if question.startswith(task)] for task in ("q-3-1", "q-1-1"))
    said = [*wrong[:4], *others[:3]]
    page = open_log(
        attempt(dict.fromkeys([*wrong, *others], "wrong")),
        *(remark(question, "misread") for question in said[:5]),
        *(remark(question, "careless") for question in said[5:]),
    )
    expect(page.get_by_text("Name the kind of error of 1 more of them, and a pattern may show.")).to_be_visible()
    page.get_by_role("combobox", name="Kind of error").select_option("Not said yet")
    entry = unfold(page)
    entry.get_by_label("What went wrong?").select_option("I misread a constraint")
    entry.get_by_label("Your note").focus()
    page.keyboard.press("Tab")
    words = "Of the 8 open mistakes whose kind you named, 6 are misread constraints, 4 of them in task 3.1."
    expect(page.get_by_text(words)).to_be_visible()


def test_links_ask_the_exam_for_these_questions(open_log: Open) -> None:
    page = open_log(attempt({FIRST: "wrong", SECOND: "wrong", OTHER: "wrong"}))
    hrefs = {" ".join(link.inner_text().split()): link.get_attribute("href") for link in page.get_by_role("link").all()}
    assert hrefs["Practise them"] == "mock_exam.html#mistakes&exam=mla-c01"
    assert hrefs["Practise these 2 of Task 1.1 Ingest and store data"] in (
        f"mock_exam.html#questions={FIRST},{SECOND}&exam=mla-c01",
        f"mock_exam.html#questions={SECOND},{FIRST}&exam=mla-c01",
    )
    expect(unfold(page).get_by_role("link", name="Practise this question")).to_have_attribute(
        "href", re.compile(r"^mock_exam\.html#questions=[a-z0-9-]+&exam=mla-c01$")
    )


def test_the_other_exam_has_its_own_tasks(open_log: Open) -> None:
    page = open_log(answer(FIRST, False))
    page.get_by_label("Tasks and weights of").select_option("MLA-C02")
    expect(page.get_by_role("link", name="Practise them")).to_have_attribute(
        "href", "mock_exam.html#mistakes&exam=mla-c02"
    )
    expect(page.get_by_text("weight of its domain in MLA-C02")).to_be_visible()


def test_what_is_cleared_is_folded_away_with_its_day(open_log: Open) -> None:
    page = open_log(answer(FIRST, False, 9), answer(FIRST, True, 8), answer(FIRST, True, 4))
    expect(page.get_by_text("You have no open mistakes: all of them are cleared.")).to_be_visible()
    page.get_by_text("Cleared (1)").click()
    expect(page.get_by_text("cleared on 19 November 2026")).to_be_visible()


def test_days_are_those_of_the_learner(chromium: Browser, tmp_path: Path, bundles: object) -> None:
    address = write_mistakes(tmp_path, BANK)
    # 22:30 and 23:30 on one day of UTC, on both sides of midnight in Berlin
    events = [answer(FIRST, False, 5), answer(FIRST, True, 2 - 10.5 / 24), answer(FIRST, True, 2 - 11.5 / 24)]
    for zone, words in (("UTC", re.compile("^1 open mistake$")), ("Europe/Berlin", "all of them are cleared")):
        context = chromium.new_context(timezone_id=zone)
        page = context.new_page()
        visit(page, address, events)
        expect(page.get_by_text(words)).to_be_visible()
        context.close()


def test_questions_that_have_left_are_shown_by_id_and_taken_off_for_good(open_log: Open) -> None:
    page = open_log(attempt({"gone-one": "wrong", "gone-two": "blank"}, 4), answer(HOSTILE, False, 1))
    region = page.get_by_role("region", name="No longer in the course")
    assert [row.split(" last on")[0] for row in region.get_by_role("listitem").all_inner_texts()] == [
        HOSTILE,
        "gone-one",
        "gone-two",
    ]
    for identifier in (HOSTILE, "gone-one"):
        region.get_by_role("button", name=f"Take off the list question {identifier}").click()
        expect(region.get_by_role("heading")).to_be_focused()
    page.reload()
    expect(region.get_by_role("listitem")).to_have_text(re.compile("^gone-two last on 19 November 2026"))
    region.get_by_role("button").click()
    expect(region).to_have_count(0)
    expect(page.get_by_role("region", name="Feedback log")).to_be_focused()


def test_notes_ids_and_texts_are_never_markup(open_log: Open) -> None:
    document = bank(1)
    for item in document["questions"]:
        for question in singles(item):
            question.update(stem=HOSTILE, learn_link={"href": "javascript:document.title='hit'", "label": HOSTILE})
    first = document["questions"][0]["id"]
    page = open_log(
        answer(first, False),
        answer(HOSTILE, False),
        answer("__proto__", False),
        remark(first, "misread", HOSTILE),
        remark("__proto__", "careless", HOSTILE),
        document=document,
    )
    expect(unfold(page).get_by_label("Your note")).to_have_value(HOSTILE)
    region = page.get_by_role("region", name="Feedback log")
    assert page.title() == "A page"
    assert region.locator("img, script, b").count() == 0
    assert page.locator("a[href^=javascript]").count() == 0


def test_an_answer_in_another_tab_comes_in(open_log: Open) -> None:
    page = open_log(answer(FIRST, False, 3))
    second = page.context.new_page()
    second.goto(page.url)
    second.evaluate(
        """event => {
             const log = JSON.parse(localStorage["mlacourse.log.v1"]);
             localStorage["mlacourse.log.v1"] = JSON.stringify([...log, event]);
           }""",
        answer(OTHER, False),
    )
    expect(page.get_by_text("2 open mistakes")).to_be_visible()
    second.close()


def test_what_was_answered_while_the_page_slept_is_there_when_it_comes_back(open_log: Open) -> None:
    page = open_log(answer(FIRST, False, 3))
    page.evaluate(
        """event => {
             const log = JSON.parse(localStorage["mlacourse.log.v1"]);
             localStorage["mlacourse.log.v1"] = JSON.stringify([...log, event]);
             dispatchEvent(new PageTransitionEvent("pageshow", {persisted: true}));
           }""",
        answer(OTHER, False),
    )
    expect(page.get_by_text("2 open mistakes")).to_be_visible()


def test_without_storage_the_page_says_so(quiet: Page, tmp_path: Path, bundles: object) -> None:
    quiet.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }});"
    )
    quiet.goto(write_mistakes(tmp_path, BANK))
    expect(quiet.get_by_text("This browser does not let the page store anything")).to_be_visible()
    expect(quiet.get_by_text("You have no open mistakes yet.")).to_be_visible()


def test_a_remark_that_cannot_be_stored_says_so(open_log: Open) -> None:
    page = open_log(answer(FIRST, False))
    page.evaluate(
        "() => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }; }"
    )
    entry = unfold(page)
    entry.get_by_label("Your note").fill("Lost?")
    page.keyboard.press("Tab")
    expect(entry.get_by_text("Kept until you leave this page: this browser does not store it.")).to_be_visible()
    expect(page.get_by_text("The browser's storage is full")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_passes_axe(open_log: Open, scheme: Any) -> None:
    page = open_log(*past())
    page.emulate_media(color_scheme=scheme)
    page.get_by_text("Cleared (1)").click()
    for number in (0, 3):
        unfold(page, number)
    assert violations(page) == []
    page.get_by_label("Group by").select_option("Kind of error")
    unfold(page)
    page.get_by_label("What went wrong?").select_option("I calculated wrong")
    page.get_by_label("Your note").focus()
    page.keyboard.press("Tab")
    assert violations(page) == []
    page.get_by_role("combobox", name="Kind of error").select_option("I mixed up two services")
    expect(page.get_by_text(re.compile(r"^0 of \d+ are shown\.$"))).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_empty_log_passes_axe(open_log: Open, scheme: Any) -> None:
    page = open_log()
    page.emulate_media(color_scheme=scheme)
    expect(page.get_by_text("You have no open mistakes yet.")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("text_size", ["100%", "200%"])
def test_a_phone_needs_no_sideways_scroll_and_targets_are_large(open_log: Open, text_size: str) -> None:
    long = "gone-" * 30
    page = open_log(*past(), answer(long, False))
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate("size => { document.documentElement.style.fontSize = size }", text_size)
    page.get_by_text("Cleared (1)").click()
    for number in range(9):
        unfold(page, number)
    page.get_by_label("Group by").select_option("Chapter")
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    small = page.evaluate(
        """[...document.querySelectorAll('button, select, textarea, summary, a')].filter(e => e.offsetParent)
           .filter(e => !e.closest('p, li') || e.tagName !== 'A')
           .filter(e => { const r = e.getBoundingClientRect(); return r.width < 24 || r.height < 24; })
           .map(e => e.textContent)"""
    )
    assert small == []


def test_the_rest_of_a_long_group_comes_on_request_and_takes_the_focus(open_log: Open) -> None:
    document = bank(30)
    wrong = list(islice(choices(document, "1.1"), 14))
    page = open_log(attempt(dict.fromkeys(wrong, "wrong")), document=document)
    expect(entries(page)).to_have_count(10)
    page.get_by_role("button", name="Show the other 4").press("Enter")
    expect(entries(page)).to_have_count(14)
    expect(entries(page).nth(10).locator("summary")).to_be_focused()


def test_two_thousand_questions_and_ten_thousand_events_make_a_light_page(open_log: Open) -> None:
    document = bank(149)
    chance = random.Random(20261123)
    ids = [question["id"] for item in document["questions"] for question in singles(item)]
    assert len(ids) >= 2000
    events = [
        answer(chance.choice(ids), chance.random() < 0.5, 180 * chance.random())
        if number % 10
        else remark(chance.choice(ids), "misread", "A note of the length that a learner writes.")
        for number in range(10_000)
    ]
    page = open_log(*events, document=document)
    expect(page.get_by_text(re.compile(r"^1[0-9]{3} open mistakes"))).to_be_visible()
    assert page.evaluate("document.querySelectorAll('*').length") < 1200
    touched = page.evaluate(
        """async () => {
             let records = 0;
             new MutationObserver(list => { records += list.length }).observe(document.body, {
               subtree: true, childList: true, attributes: true, characterData: true });
             document.querySelector("details.mx-answered summary").click();
             await new Promise(done => setTimeout(done));
             return records;
           }"""
    )
    assert touched < 10
