"""The page of the learner's mistakes: readable without a script, and fed by the quizzes of the built site."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from bank.factories import multiple_choice
from playwright.sync_api import Browser, expect
from served import address_of
from small_book import CHAPTER, ROOT, SmallBook, notebook

PAGE = "practice/mistakes.html"


def test_without_scripts_the_page_says_what_counts_and_leads_to_the_questions(site: Path, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address_of(site / PAGE))
    expect(page.get_by_text("The list itself needs JavaScript")).to_be_visible()
    expect(page.get_by_role("heading", name="What counts as a mistake")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^Misread a constraint"))).to_be_visible()
    page.get_by_role("region", name="Feedback log").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/chapters/.*\.html$"))
    context.close()


def test_a_wrong_answer_in_a_chapter_comes_to_the_page_and_from_there_to_the_exam(
    site: Path, chromium: Browser
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address_of(site / "chapters/02_modeling/06_metrics_and_thresholds.html"))
    question = page.get_by_role("group", name="Question 1 of")
    for option in range(4):
        question.get_by_role("radio").nth(option).check()
        question.get_by_role("button", name="Check").click()
        if question.get_by_text("Your answer, not correct").count():
            break
        question.get_by_role("button", name="Try again").click()
    page.goto(address_of(site / PAGE))
    expect(page.get_by_text("1 open mistake", exact=True).first).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile(r"^Task \d\.\d .* \(1\)$"))).to_be_visible()
    page.get_by_role("link", name="Practise these 1").click()
    expect(page.get_by_text("Chosen questions: 1 question, 2 minutes.")).to_be_visible()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", name="Question 1 of 1")).to_be_focused()
    context.close()
    assert complaints == []


def test_the_page_has_the_questions_and_the_chapters_as_data(book: SmallBook) -> None:
    book.write(f"{CHAPTER}.ipynb", notebook({"cell_type": "markdown", "metadata": {}, "source": "## A section\n\nA."}))
    book.write("book/practice/mistakes.md", "# Mistakes\n\nWhat.\n\n```{app} mistakes\n```\n")
    quizzes = book.root / "quizzes"
    (quizzes / "02_modeling").mkdir(parents=True)
    (quizzes / "mock_exam").mkdir()
    (quizzes / "mock_exam" / "forms.yml").write_bytes((ROOT / "quizzes/mock_exam/forms.yml").read_bytes())
    chapter = {"chapter": CHAPTER.removeprefix("chapters/"), "quiz": [multiple_choice(id="taught")], "cards": []}
    (quizzes / "02_modeling" / "06_metrics_and_thresholds.yml").write_text(yaml.safe_dump(chapter))
    own = {"task": "2.3", "questions": [multiple_choice(id="asked")]}
    (quizzes / "mock_exam" / "2.3.yml").write_text(yaml.safe_dump(own))
    built = book.build()
    assert built.faults == ""
    page = built.page("practice/mistakes")
    scripts = [script["src"].partition("?")[0] for script in page.select("main script[src]")]
    assert scripts == ["../_static/exam_bank.js", "../_static/course.js"]
    data = (built.folder / "_static" / "exam_bank.js").read_text()
    assert '"taught"' in data
    assert '"asked"' in data
    link = page.select_one("section.mistakes a")
    assert link is not None
    assert link["href"] == f"../{CHAPTER}.html"
