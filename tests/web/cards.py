"""The flashcards on a page of their own, as the site writes it, with the bank's cards or generated ones."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bank.factories import card
from playwright.sync_api import Page, expect
from web.pages import write_page
from web.processor import painted

from mlacourse.bank import load_blueprints
from mlacourse.bank.cards import card_document
from mlacourse.bank.export import Link
from mlacourse.bank.model import ChapterBank
from mlacourse.site.apps import data_script

SECTION = '<section class="flashcards" data-app="cards" aria-label="Flashcards"><p>Without JavaScript</p></section>'
LOG = "mlacourse.log.v1"
LINK = Link(href="../chapters/a.html#section", label="A section")
DOWNLOADS = [
    Link(href="_static/mlacourse-cards.apkg", label="All cards for Anki"),
    Link(href="_static/mlacourse-cards.csv", label="All cards as a table (CSV)"),
]


def generated(count: int = 24, **changes: Any) -> dict[str, Any]:
    """So many cards in chapters of 12, over all tasks, every third with a service."""
    tasks = [task.id for domain in load_blueprints().exams["mla-c01"].domains for task in domain.tasks]
    cards = [
        card(
            id=f"card-{number}",
            front=f"Card {number}: what does `recall` count?",
            back=f"Back {number}: of the truly positive, the **share** that is found.",
            exams={"mla-c01": [f"{tasks[number % len(tasks)]}.K1"]},
            services=["Amazon CloudWatch"] if number % 3 == 0 else [],
            **changes,
        )
        for number in range(count)
    ]
    return document(cards)


def document(cards: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The data of these cards, twelve in a chapter."""
    every = list(cards)
    banks = [
        ChapterBank.model_validate(
            {"chapter": f"02_modeling/{start // 12:02}_part", "quiz": [], "cards": every[start : start + 12]}
        )
        for start in range(0, len(every), 12)
    ]
    return card_document(
        banks,
        link=lambda chapter, learn: LINK,
        title=lambda chapter: f"Chapter {chapter[12:14]}",
        downloads=DOWNLOADS,
    )


def write_cards(folder: Path, content: dict[str, Any]) -> str:
    """Write the page and its data into a folder and return its address."""
    (folder / "data.js").write_text(data_script("card_bank", content), encoding="utf-8")
    return write_page(folder, SECTION, scripts=["cards.js", "data.js"], styles=["cards.css"])


def logged(page: Page) -> list[dict[str, Any]]:
    """The events in the log, after what is on its way into it."""
    painted(page)
    events: list[dict[str, Any]] = json.loads(page.evaluate(f"localStorage.getItem('{LOG}') ?? '[]'"))
    return events


def begin(page: Page) -> None:
    """Start a review of the deck that is chosen."""
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("button", name="Show the answer")).to_be_visible()
