"""A learner's data in a real browser: saved, brought in, offered by a link, deleted, whatever the words are."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from web.exams import generated, start, write_exam
from web.pages import embedded, quiz_section, violations, write_page
from web.processor import meter

from mlacourse.notebook import lab
from web import questions

SECTION = '<section class="transfer" data-app="transfer" aria-label="Your data"><p>Without JavaScript</p></section>'
LOG = "mlacourse.log.v1"
HOSTILE = "<img src=x onerror='document.title=1'><script>document.title=1</script>"
NOON = "2026-11-23T12:00:00"


def answer(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "type": "answer",
        "quiz": questions.CHAPTER,
        "question": f"question-{number}",
        "response": ["cost"],
        "correct": number % 2 == 0,
        "seed": 7,
        "v": 1,
        "id": f"answer-{number}",
        "t": f"2026-11-{1 + number % 20:02d}T12:00:{number % 60:02d}.{number % 1000:03d}Z",
        **fields,
    }


def progress_file(events: list[dict[str, Any]], **head: Any) -> str:
    about = {"format": "mlacourse-progress", "version": 1, "exported": "2026-11-22T12:00:00.000Z", **head}
    return json.dumps({**about, "events": events})


@pytest.fixture
def data_page(tmp_path: Path, bundles: object) -> str:
    """Write the page about the learner's data and return its address."""
    return write_page(tmp_path, SECTION, scripts=["transfer.js"], styles=["transfer.css"])


@pytest.fixture
def open_data(quiet: Page, data_page: str) -> Callable[..., Page]:
    """Open the page, at noon of 2026-11-23, in a browser that keeps these events."""

    def visit(events: list[dict[str, Any]] | None = None, *, hash: str = "") -> Page:
        quiet.clock.set_fixed_time(NOON)
        if events is not None:
            kept = json.dumps(json.dumps(events))
            quiet.add_init_script(f"sessionStorage.begun ??= (localStorage['{LOG}'] = {kept}, 'yes')")
        quiet.goto(data_page + hash)
        expect(quiet.get_by_role("heading", name="Save a copy")).to_be_visible()
        return quiet

    return visit


def stored(page: Page) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = json.loads(page.evaluate(f"localStorage['{LOG}'] ?? '[]'"))
    return events


def choose(page: Page, text: str, name: str = "progress.json") -> None:
    page.get_by_label("Progress file").set_input_files(
        {"name": name, "mimeType": "application/json", "buffer": text.encode("utf-8", "surrogatepass")}
    )


def said(page: Page, text: str) -> None:
    expect(page.get_by_role("status").filter(has_text=text)).to_be_visible()


def test_a_saved_copy_brings_everything_to_another_browser(open_data: Callable[..., Page], tmp_path: Path) -> None:
    page = open_data([answer(number) for number in range(30)])
    expect(page.get_by_text("You have worked for a week or more without a copy.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my progress").click()
    said(page, "A copy of 30 entries went to your downloads as mlacourse-progress-2026-11-23.json.")
    assert download.value.suggested_filename == "mlacourse-progress-2026-11-23.json"
    text = download.value.path().read_text()
    assert {"format", "version", "exported", "device", "site", "events"} == set(json.loads(text))
    expect(page.get_by_text("The last copy was saved today. Nothing has come since.")).to_be_visible()
    assert stored(page)[-1]["type"] == "export"
    page.evaluate("localStorage.clear()")
    page.reload()
    choose(page, text)
    expect(page.get_by_role("heading", name="Add this to your progress?")).to_be_focused()
    expect(page.get_by_text("30 entries are new here, from 1 November 2026 to 20 November 2026:")).to_be_visible()
    page.get_by_role("button", name="Add 30 entries").click()
    said(page, "30 entries added.")
    assert stored(page) == json.loads(text)["events"]


def test_nothing_is_added_before_the_learner_agrees(open_data: Callable[..., Page]) -> None:
    page = open_data([answer(1)])
    choose(page, progress_file([answer(1), answer(2)]))
    expect(page.get_by_text("1 entry is here already")).to_be_visible()
    assert stored(page) == [answer(1)]
    page.get_by_role("button", name="Cancel").click()
    said(page, "Nothing was changed.")
    assert stored(page) == [answer(1)]
    choose(page, progress_file([answer(1)]))
    said(page, "The file “progress.json” holds nothing that is not here already. Nothing was changed.")


REFUSED_FILES = {
    "no json": "Its text breaks off or is damaged.",
    progress_file([], version=2): "It was written by a newer version of this course.",
    progress_file([answer(1, t="soon")]): "Entry 1 of 1: its time 't' is no date and time.",
    progress_file([answer(1)]).replace('"seed"', '"__proto__"'): "it has a field with a forbidden name.",
    progress_file([answer(1, quiz="\ud800")]): "Entry 1 of 1: it holds a damaged character.",
    progress_file([{**answer(1), "type": HOSTILE}]): "Entry 1 of 1: its 'type' is no name.",
    progress_file([answer(1)], device=HOSTILE): "Its 'device' is no name of a browser.",
    "[" * 200_000: "Its text breaks off or is damaged.",
    "[" * 50_000 + "]" * 50_000: "Entry 1 of 1: it is no record with fields.",
}


def test_a_file_that_is_refused_changes_nothing(open_data: Callable[..., Page]) -> None:
    page = open_data([answer(0)])
    for text, reason in REFUSED_FILES.items():
        choose(page, text, name=f"{HOSTILE}.json")
        said(page, reason)
        said(page, "Nothing was changed.")
        assert stored(page) == [answer(0)]
    assert page.title() == "A page"


def test_a_file_is_dropped_on_the_page(open_data: Callable[..., Page]) -> None:
    page = open_data()
    page.evaluate(
        """text => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([text], "dropped.json"));
          const drop = type => document.body.dispatchEvent(
            new DragEvent(type, {dataTransfer, bubbles: true, cancelable: true}));
          return [drop("dragover"), drop("drop")];
        }""",
        progress_file([answer(1)]),
    )
    expect(page.get_by_text("It comes from the file “dropped.json”.")).to_be_visible()


def test_a_labs_link_is_offered_agreed_to_and_gone_from_the_address(open_data: Callable[..., Page]) -> None:
    hash = lab.link("first-endpoint").partition("#")[2]
    page = open_data(hash=f"#{hash}")
    expect(page.get_by_role("heading", name="Add this to your progress?")).to_be_focused()
    expect(page.get_by_text("It comes from the link that you followed.")).to_be_visible()
    expect(page.get_by_role("listitem")).to_have_text(["1 lab"])
    assert stored(page) == []
    page.get_by_role("button", name="Add 1 entry").click()
    said(page, "1 entry added.")
    (event,) = stored(page)
    assert (event["lab"], event["by"], event["id"]) == ("first-endpoint", "notebook", "lab-first-endpoint")
    assert event["t"] == page.evaluate("new Date().toISOString()")
    assert "#" not in page.url
    page.evaluate(f"location.hash = '{hash}'")
    said(page, "The link holds nothing that is not here already. Nothing was changed.")
    assert "#" not in page.url
    assert stored(page) == [event]


REFUSED_LINKS = {
    "#import=": "The link is damaged, or a part of it is missing.",
    f"#import={'A' * 80_001}": "The link is too long to come from a notebook of this course.",
    "#import=eJyLjgUAARUAuQ": "The link is damaged, or a part of it is missing.",
    "#import=W3siX19wcm90b19fIjp7fX1d": "Entry 1 of 1: it has a field with a forbidden name.",
    "#import=%3Cscript%3Edocument.title=1%3C/script%3E": "The link is damaged, or a part of it is missing.",
}


def test_a_hostile_or_broken_link_changes_nothing(open_data: Callable[..., Page]) -> None:
    first, *others = REFUSED_LINKS
    page = open_data([answer(1)], hash=first)
    for link in [first, *others]:
        page.evaluate("link => { if (link) location.hash = link; }", "" if link == first else link)
        said(page, REFUSED_LINKS[link])
        assert "#" not in page.url
        assert stored(page) == [answer(1)]
    assert page.title() == "A page"


def test_a_link_that_is_declined_is_gone_from_the_address(open_data: Callable[..., Page]) -> None:
    page = open_data(hash="#" + lab.link("first-endpoint").partition("#")[2])
    page.get_by_role("button", name="Cancel").click()
    said(page, "Nothing was changed.")
    assert "#" not in page.url
    assert stored(page) == []


def test_an_offer_follows_what_another_tab_does(open_data: Callable[..., Page], data_page: str) -> None:
    page = open_data()
    choose(page, progress_file([answer(1), answer(2)]))
    other = page.context.new_page()
    other.goto(data_page)
    choose(other, progress_file([answer(1)]))
    other.get_by_role("button", name="Add 1 entry").click()
    expect(page.get_by_role("button", name="Add 1 entry")).to_be_visible()
    page.get_by_role("button", name="Add 1 entry").click()
    assert [event["id"] for event in stored(page)] == ["answer-1", "answer-2"]


def test_everything_is_deleted_after_a_typed_word_and_an_offered_copy(
    open_data: Callable[..., Page], data_page: str
) -> None:
    page = open_data([answer(1)])
    for key in ("mlacourse.theme", "mlacourse.sitting.v1", f"{LOG}.unreadable.2026", "another-site"):
        page.evaluate(f"localStorage['{key}'] = '{{}}'")
    other = page.context.new_page()
    other.goto(data_page)
    expect(other.get_by_text("This browser keeps 1 entry, an exam under way and 1 part")).to_be_visible()
    page.get_by_role("button", name="Delete everything…").click()
    word = page.get_by_role("textbox", name="To confirm, type delete")
    expect(word).to_be_focused()
    word.fill("remove")
    page.get_by_role("button", name="Delete everything now").press("Enter")
    expect(word).to_be_focused()
    assert len(stored(page)) == 1
    with page.expect_download():
        page.get_by_role("button", name="Save a copy first").click()
    word.fill("Delete")
    word.press("Enter")
    said(page, "Everything is deleted.")
    assert page.evaluate("Object.keys(localStorage)") == ["another-site"]
    expect(other.get_by_text("This browser keeps nothing yet.")).to_be_visible()
    expect(page.get_by_text("There is nothing to save yet.")).to_be_visible()


def test_an_exam_in_another_tab_is_deleted_with_the_rest(open_data: Callable[..., Page], tmp_path: Path) -> None:
    page = open_data()
    exam = page.context.new_page()
    (tmp_path / "exam").mkdir()
    exam.goto(write_exam(tmp_path / "exam", generated(1)))
    start(exam)
    exam.locator("fieldset.mq-question").get_by_role("radio").or_(exam.get_by_role("checkbox")).first.check()
    page.get_by_role("button", name="Delete everything…").click()
    page.get_by_role("textbox", name="To confirm, type delete").fill("delete")
    page.get_by_role("button", name="Delete everything now").click()
    said(page, "Everything is deleted.")
    expect(exam.get_by_role("heading", name="Choose your exam")).to_be_visible()
    exam.reload()
    expect(exam.get_by_role("heading", name="Choose your exam")).to_be_visible()
    assert "mlacourse.sitting.v1" not in page.evaluate("Object.keys(localStorage)")


def test_a_deletion_is_taken_back(open_data: Callable[..., Page]) -> None:
    page = open_data([answer(1)])
    page.get_by_role("button", name="Delete everything…").click()
    page.get_by_role("button", name="Keep it", exact=True).click()
    expect(page.get_by_role("button", name="Delete everything…")).to_be_focused()
    assert len(stored(page)) == 1


@pytest.mark.parametrize(("kept", "told"), [(True, "It has promised."), (False, "It has not promised.")])
def test_the_browsers_promise_is_asked_for_and_told(open_data: Callable[..., Page], kept: bool, told: str) -> None:
    page = open_data()
    page.evaluate(f"navigator.storage.persist = async () => {str(kept).lower()}")
    page.get_by_role("button", name="Ask the browser to keep it").click()
    said(page, told)


FORBIDDEN = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }});"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"


def test_forbidden_storage_is_told_on_the_page(quiet: Page, data_page: str) -> None:
    quiet.add_init_script(FORBIDDEN)
    quiet.goto(data_page)
    expect(quiet.get_by_text("This browser does not let the page store anything")).to_be_visible()
    expect(quiet.get_by_text("This browser forbids the page to keep anything.")).to_be_visible()


def test_a_full_storage_refuses_an_import_whole(quiet: Page, data_page: str) -> None:
    quiet.add_init_script(FULL)
    quiet.goto(data_page)
    choose(quiet, progress_file([answer(1)]))
    quiet.get_by_role("button", name="Add 1 entry").click()
    said(quiet, "The browser has no room for 1 entry. Nothing was changed.")
    assert stored(quiet) == []


def test_a_full_storage_is_told_where_an_answer_is_given(quiet: Page, tmp_path: Path, bundles: object) -> None:
    quiet.add_init_script(FULL)
    body = quiz_section(questions.quiz(questions.choice()))
    quiet.goto(write_page(tmp_path, body, scripts=["quiz.js"], styles=["quiz.css"]))
    quiet.get_by_role("radio", name="lowest expected cost").check()
    quiet.get_by_role("button", name="Check question 1").click()
    expect(quiet.get_by_text("The browser's storage is full")).to_be_visible()


def test_hostile_words_are_shown_as_words_and_run_nowhere(open_data: Callable[..., Page]) -> None:
    events = [
        answer(1, question=HOSTILE, quiz=HOSTILE, response=[HOSTILE]),
        answer(2, type="mistake", kind=None, note=HOSTILE),
        answer(3, type="journal", entry=HOSTILE, date="2026-11-01", text=HOSTILE),
        answer(4, type="lab", lab=HOSTILE, passed=True, by=HOSTILE),
        answer(5, type="plan", settings={"exam": HOSTILE}),
        answer(6, type="not-known", words=HOSTILE),
    ]
    page = open_data()
    choose(page, progress_file(events, device="Firefox on Windows"), name=f"{HOSTILE}.json")
    region = page.get_by_role("region", name="Add this to your progress?")
    expect(region).to_contain_text("<img src=x onerror=")
    assert region.locator("img, script").count() == 0
    page.get_by_role("button", name="Add 6 entries").click()
    said(page, "6 entries added.")
    assert stored(page) == events
    page.reload()
    assert page.title() == "A page"


def test_a_broken_log_is_set_aside_and_counted(open_data: Callable[..., Page], data_page: str) -> None:
    page = open_data()
    page.evaluate(f"localStorage['{LOG}'] = {embedded('{' + HOSTILE)}")
    page.goto(data_page)
    page.reload()
    expect(page.get_by_text("1 part that could not be read and was set aside")).to_be_visible()
    assert page.title() == "A page"


def test_ten_thousand_entries_come_in_within_a_second(open_data: Callable[..., Page]) -> None:
    page = open_data()
    text = progress_file([answer(number) for number in range(10_000)])
    cost = meter(page)
    begun = cost()
    choose(page, text)
    button = page.get_by_role("button", name="Add 10,000 entries")
    expect(button).to_be_visible()
    read = cost().since(begun).thread
    button.click()
    said(page, "10,000 entries added.")
    whole = cost().since(begun).thread
    print(f"{len(text) / 1e6:.1f} MB: read and previewed in {read:.0f} ms, added in {whole - read:.0f} ms")
    assert whole < 1000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_of_accessibility_is_broken(open_data: Callable[..., Page], scheme: Any) -> None:
    page = open_data([answer(1)])
    page.emulate_media(color_scheme=scheme)
    choose(page, progress_file([answer(2)]))
    page.get_by_role("button", name="Delete everything…").click()
    assert violations(page) == []
    choose(page, "broken")
    said(page, "Nothing was changed.")
    assert violations(page) == []


@pytest.mark.parametrize("size", ["100%", "200%"])
def test_a_phone_needs_no_sideways_scroll_and_targets_are_large(open_data: Callable[..., Page], size: str) -> None:
    page = open_data([answer(1)])
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate(f"document.documentElement.style.fontSize = '{size}'")
    choose(page, progress_file([answer(2)]), name="a-very-long-name-without-a-break-" * 4)
    page.get_by_role("button", name="Delete everything…").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    small = page.evaluate(
        """[...document.querySelectorAll('button, input')].filter(e => e.offsetParent)
           .filter(e => { const r = e.getBoundingClientRect(); return r.width < 24 || r.height < 24; })
           .map(e => e.outerHTML)"""
    )
    assert small == []
