"""Flashcards in a real browser: by keyboard, over days, in two tabs, on a phone, in light and dark."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from web.cards import LOG, begin, document, generated, logged, write_cards
from web.pages import violations
from web.processor import Cost, meter, painted

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
# The clock runs on, but from noon: no test sees a day begin.
CLOCK = """((RealDate, shift) => {
  globalThis.Date = class Date extends RealDate {
    constructor(...given) { super(...(given.length > 0 ? given : [Date.now()])); }
    static now() { return RealDate.now() + shift; }
  };
})(Date, %d)"""


@pytest.fixture
def cards(tmp_path: Path, bundles: object) -> Callable[..., str]:
    """Write flashcards and return their address."""
    return lambda content=None: write_cards(tmp_path, content or generated())


@pytest.fixture
def open_cards(quiet: Page, cards: Callable[..., str]) -> Callable[..., Page]:
    """Open flashcards in a page that must stay quiet."""

    def visit(content: dict[str, Any] | None = None) -> Page:
        quiet.set_default_timeout(8000)
        quiet.add_init_script(CLOCK % round(1000 * (NOON - datetime.now(UTC)).total_seconds()))
        quiet.goto(cards(content))
        expect(quiet.get_by_role("heading", name="Choose your cards")).to_be_visible()
        return quiet

    return visit


def review(number: int, card: str, rating: int, at: datetime) -> dict[str, Any]:
    return {"v": 1, "id": f"e{number:06}", "t": at.isoformat(), "type": "review", "card": card, "rating": rating}


def store(page: Page, events: list[dict[str, Any]]) -> None:
    """Put events into the log and open the page again."""
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [LOG, json.dumps(events)])
    page.reload()


def tab_to(page: Page, name: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").startswith(name):
            return
    raise AssertionError(f"Tab never reached {name!r}")


def front(page: Page) -> str:
    return page.locator("#cards-heading").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_day_of_cards_is_done_with_the_keyboard_alone(open_cards: Callable[..., Page], scheme: Any) -> None:
    page = open_cards()
    page.emulate_media(color_scheme=scheme)
    assert violations(page) == []
    tab_to(page, "Start")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Card 0:")).to_be_focused()
    assert violations(page) == []
    page.keyboard.press("Space")
    expect(page.get_by_role("group", name="Answer")).to_be_focused()
    assert violations(page) == []
    page.keyboard.press("1")
    expect(page.get_by_role("status")).to_have_text("Again: comes back in 1 minute.")
    page.keyboard.press("s")
    expect(page.get_by_role("heading", name="Card 2:")).to_be_focused()
    page.keyboard.press("u")
    expect(page.get_by_role("heading", name="Card 1:")).to_be_focused()
    page.keyboard.press("u")
    expect(page.get_by_role("heading", name="Card 0:")).to_be_focused()
    expect(page.get_by_text("10 new, 0 learning, 0 due")).to_be_visible()
    for number in range(10):
        expect(page.get_by_role("heading", name=f"Card {number}:")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("4" if number % 2 else "2")
    expect(page.get_by_text("0 new, 5 learning, 0 due")).to_be_visible()
    for number in (0, 2, 4, 6, 8) * 2:
        expect(page.get_by_role("heading", name=f"Card {number}:")).to_be_focused()
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Done for today")).to_be_focused()
    expect(page.get_by_text("You gave 20 answers. Nothing is left for today. 5 cards are due")).to_be_visible()
    assert violations(page) == []
    tab_to(page, "Keyboard shortcuts")
    page.keyboard.press("Enter")
    assert violations(page) == []
    page.get_by_role("button", name="Back to the decks").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Choose your cards")).to_be_focused()
    tab_to(page, "Search all cards")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="All cards")).to_be_focused()
    page.get_by_role("checkbox", name="Read the answers too").check()
    assert violations(page) == []
    assert [event["type"] for event in logged(page)[:4]] == ["review", "suspend", "suspend", "undo"]


def test_every_button_says_when_the_card_comes_back_and_it_does(page: Page, cards: Callable[..., str]) -> None:
    page.clock.install(time=NOON)
    page.goto(cards(generated(1)))
    begin(page)
    page.get_by_role("button", name="Show the answer").click()
    for name in ("Again in 1 minute", "Hard in 6 minutes", "Good in 10 minutes"):
        expect(page.get_by_role("button", name=name)).to_be_visible()
    page.get_by_role("button", name="Easy in 8 days").click()
    expect(page.get_by_text("1 card is due in 8 days.")).to_be_visible()
    page.clock.set_system_time(NOON + timedelta(days=7))
    page.reload()
    expect(page.get_by_text("Nothing is left for today.")).to_contain_text("1 card is due tomorrow.")
    page.clock.set_system_time(NOON + timedelta(days=8))
    page.reload()
    expect(page.get_by_text("Today: 0 new, 0 learning, 1 due.")).to_be_visible()


def test_the_next_day_brings_new_cards_without_a_reload(page: Page, cards: Callable[..., str]) -> None:
    page.clock.install(time=NOON)
    page.goto(cards(generated(3)))
    page.get_by_label("New cards a day").fill("1")
    page.keyboard.press("Tab")
    begin(page)
    page.keyboard.press("Space")
    page.keyboard.press("4")
    expect(page.get_by_text("Today's new cards are done")).to_be_visible()
    page.clock.set_system_time(NOON + timedelta(days=1))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("heading", name="Card 1:")).to_be_visible()


def test_the_limit_of_new_cards_is_kept_and_a_slip_is_not_taken(open_cards: Callable[..., Page]) -> None:
    page = open_cards()
    field = page.get_by_label("New cards a day")
    field.fill("3")
    field.press("Tab")
    expect(page.get_by_text("Today: 3 new, 0 learning, 0 due.")).to_be_visible()
    for slip in ("-1", "2.5", "", "99999"):
        field.fill(slip)
        field.press("Tab")
        expect(field).to_have_value("3")
    page.reload()
    expect(page.get_by_text("Today: 3 new, 0 learning, 0 due. 24 of 24 cards not seen yet.")).to_be_visible()
    field.fill("0")
    field.press("Tab")
    expect(page.get_by_text("for more, raise the number of new cards a day")).to_be_visible()
    page.get_by_role("button", name="Start").press("Enter")
    expect(page.get_by_role("heading", name="Choose your cards")).to_be_visible()


def test_a_deck_is_a_chapter_a_task_or_a_service(open_cards: Callable[..., Page]) -> None:
    page = open_cards()
    page.get_by_role("radio", name="One chapter").check()
    page.get_by_label("One chapter").last.select_option(label="Chapter 01: 12 cards")
    expect(page.get_by_text("12 of 12 cards not seen yet.")).to_be_visible()
    begin(page)
    assert front(page).startswith("Card 12:")
    page.get_by_role("button", name="Back to the decks").click()
    page.get_by_role("radio", name="One AWS service").check()
    expect(page.get_by_text("8 of 8 cards not seen yet.")).to_be_visible()
    page.get_by_role("radio", name="One task of the exam").check()
    expect(page.get_by_text("Today: 2 new")).to_be_visible()
    page.goto(f"{page.url}#chapter=02_modeling/01_part")
    page.reload()
    expect(page.get_by_role("radio", name="One chapter")).to_be_checked()


def test_a_suspended_card_is_found_and_asked_again(open_cards: Callable[..., Page]) -> None:
    page = open_cards()
    begin(page)
    page.get_by_role("button", name="Suspend this card").click()
    page.get_by_role("button", name="Back to the decks").click()
    expect(page.get_by_text("23 of 24 cards not seen yet, 1 is suspended.")).to_be_visible()
    page.get_by_role("button", name="Search all cards").click()
    page.get_by_label("Which").select_option(label="suspended")
    expect(page.get_by_text("1 card.")).to_be_visible()
    page.locator("summary").click()
    page.get_by_role("button", name="Ask it again Card 0:").click()
    expect(page.get_by_text("No card is like that.")).to_be_visible()
    page.get_by_role("button", name="Back to the decks").click()
    expect(page.get_by_text("24 of 24 cards not seen yet.")).to_be_visible()


def test_the_search_finds_words_and_typing_in_it_is_no_shortcut(open_cards: Callable[..., Page]) -> None:
    page = open_cards(generated(120))
    page.get_by_role("button", name="Search all cards").click()
    expect(page.get_by_text("120 cards.")).to_be_visible()
    expect(page.locator("details")).to_have_count(50)
    page.get_by_role("button", name="Show more").click()
    expect(page.locator("details")).to_have_count(100)
    field = page.get_by_role("searchbox", name="Words to look for")
    field.press_sequentially("us 1 ")
    expect(field).to_have_value("us 1 ")
    field.fill("card 118")
    expect(page.get_by_text("1 card.")).to_be_visible()
    page.get_by_role("checkbox", name="Read the answers too").check()
    expect(page.get_by_text("Back 118:")).to_be_visible()
    expect(page.get_by_text("Read on in the chapter:")).to_be_visible()
    assert logged(page) == []


def test_shortcuts_can_be_switched_off_for_good(open_cards: Callable[..., Page]) -> None:
    page = open_cards()
    begin(page)
    page.get_by_text("Keyboard shortcuts").click()
    page.get_by_role("checkbox", name="Use single keys as shortcuts").uncheck()
    page.reload()
    begin(page)
    for key in ("s", "u", "Enter", "3"):
        page.keyboard.press(key)
    expect(page.get_by_role("heading", name="Card 0:")).to_be_focused()
    tab_to(page, "Show the answer")
    page.keyboard.press("Space")
    tab_to(page, "Good")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Card 1:")).to_be_focused()
    assert [event["rating"] for event in logged(page)] == [3]


def test_space_and_enter_do_on_a_control_what_they_do_everywhere(open_cards: Callable[..., Page]) -> None:
    page = open_cards()
    begin(page)
    page.keyboard.press("Space")
    page.get_by_text("Keyboard shortcuts").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name="Use single keys as shortcuts")).to_be_visible()
    page.get_by_role("link", name="A section").focus()
    page.keyboard.press("Space")
    assert logged(page) == []


def test_a_card_answered_in_another_tab_gives_way(page: Page, cards: Callable[..., str]) -> None:
    address = cards()
    second = page.context.new_page()
    for tab in (page, second):
        tab.goto(address)
        begin(tab)
    second.keyboard.press("Space")
    second.keyboard.press("4")
    expect(page.get_by_role("heading", name="Card 1:")).to_be_visible()
    page.keyboard.press("Space")
    page.keyboard.press("3")
    assert [event["card"] for event in logged(page)] == ["card-0", "card-1"]


def test_a_course_without_cards_says_so(open_cards: Callable[..., Page]) -> None:
    page = open_cards(document([]))
    expect(page.get_by_text("The course has no cards yet.")).to_be_visible()
    page.get_by_role("button", name="Start").press("Enter")
    page.get_by_role("button", name="Search all cards").click()
    expect(page.get_by_text("No card is like that.")).to_be_visible()


def test_without_storage_the_cards_work_and_say_so(quiet: Page, cards: Callable[..., str]) -> None:
    quiet.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }});"
    )
    quiet.goto(cards())
    expect(quiet.get_by_text("This browser does not let the page store anything")).to_be_visible()
    begin(quiet)
    quiet.keyboard.press("Space")
    quiet.keyboard.press("4")
    expect(quiet.get_by_text("9 new, 0 learning, 0 due")).to_be_visible()
    quiet.keyboard.press("u")
    expect(quiet.get_by_text("10 new, 0 learning, 0 due")).to_be_visible()


HOSTILE = "<img src=x onerror=document.title='hit'><script>document.title='hit'</script></script> & <b>bold</b>."


def test_text_of_cards_and_of_the_log_is_never_markup(open_cards: Callable[..., Page]) -> None:
    content = generated(2)
    for entry in content["cards"]:
        entry.update(front=HOSTILE, back=HOSTILE, chapter_title=HOSTILE, services=[HOSTILE])
        entry["learn_link"] = {"href": "javascript:document.title='hit'", "label": HOSTILE}
    content["exams"][0]["tasks"][0]["title"] = HOSTILE
    page = open_cards(content)
    store(page, [review(0, HOSTILE, 3, NOON), {**review(1, "card-0", 3, NOON), "type": HOSTILE}])
    for deck in ("One chapter", "One task of the exam", "One AWS service"):
        page.get_by_role("radio", name=deck).check()
    begin(page)
    page.keyboard.press("Space")
    page.get_by_role("button", name="Back to the decks").click()
    page.get_by_role("button", name="Search all cards").click()
    page.get_by_role("checkbox", name="Read the answers too").check()
    page.get_by_role("searchbox").fill(HOSTILE)
    assert page.title() == "A page"
    region = page.get_by_role("region", name="Flashcards")
    assert region.locator("img, script, b").count() == 0
    assert page.locator("a[href^=javascript]").count() == 0
    expect(region).to_contain_text("<img src=x onerror=")


@pytest.mark.parametrize("text_size", ["100%", "200%"])
def test_a_phone_needs_no_sideways_scroll_and_targets_are_large(
    open_cards: Callable[..., Page], text_size: str
) -> None:
    page = open_cards()
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate("size => { document.documentElement.style.fontSize = size }", text_size)
    for deck in ("One chapter", "One task of the exam", "One AWS service"):
        page.get_by_role("radio", name=deck).check()
        assert_fits(page)
    begin(page)
    assert_fits(page)
    page.get_by_role("button", name="Show the answer").click()
    page.get_by_text("Keyboard shortcuts").click()
    assert_fits(page)
    page.get_by_role("button", name="Back to the decks").click()
    page.get_by_role("button", name="Search all cards").click()
    page.get_by_role("checkbox", name="Read the answers too").check()
    assert_fits(page)


def assert_fits(page: Page) -> None:
    screen = front(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, screen
    small = page.evaluate(
        """[...document.querySelectorAll('button, select, label, summary')].filter(e => e.offsetParent)
           .filter(e => { const r = e.getBoundingClientRect(); return r.width < 24 || r.height < 24; })
           .map(e => e.textContent)"""
    )
    assert small == [], screen


# The browser's own work for its storage comes after the picture, which another test proves.
MEMORY = """(() => {
  const content = new Map([[%s, %s]]);
  const storage = {getItem: key => content.get(key) ?? null, setItem: (key, text) => content.set(key, text)};
  Object.defineProperty(window, "localStorage", {value: storage});
})()"""


@pytest.mark.alone
def test_a_rating_is_quick_with_two_thousand_cards_and_a_year_of_reviews(
    quiet: Page, cards: Callable[..., str]
) -> None:
    begun = NOON - timedelta(days=365)
    # The last hundred cards are still new.
    year = [
        review(n, f"card-{n * 7919 % 1900}", 1 + n * 31 % 4, begun + timedelta(minutes=50) * n) for n in range(10_000)
    ]
    quiet.add_init_script(MEMORY % (json.dumps(LOG), json.dumps(json.dumps(year))))
    quiet.goto(cards(generated(2000)))
    cost = meter(quiet)
    before = cost()
    quiet.reload()
    painted(quiet)
    print(f"ready after {cost().since(before).thread:.0f} ms")
    begin(quiet)
    # The best of three rounds: what else the machine does can only add.
    rounds = [ratings(quiet, cost) for _round in range(3)]
    print("a rating:", ", ".join(f"{steps[20]:.1f} ms (95th percentile {steps[37]:.1f})" for steps in rounds))
    assert len(logged(quiet)) == 10_000 + 3 * 40
    assert min(steps[20] for steps in rounds) <= 50 / 4  # a processor four times slower takes 50 ms


def ratings(page: Page, cost: Callable[[], Cost]) -> list[float]:
    """Rate forty cards; return the milliseconds of processor time until each was painted, in order of size."""
    steps = []
    for _ in range(40):
        page.keyboard.press("Space")
        before = cost()
        page.keyboard.press("3")
        painted(page)
        steps.append(cost().since(before).thread)
    return sorted(steps)
