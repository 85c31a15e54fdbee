"""The bank: every question and flashcard of the course, and the exams they serve."""

from mlacourse.bank.blueprint import Blueprint, load_blueprints
from mlacourse.bank.errors import BankError
from mlacourse.bank.load import load_bank, load_chapter
from mlacourse.bank.model import Card, ChapterBank, Question

__all__ = [
    "BankError",
    "Blueprint",
    "Card",
    "ChapterBank",
    "Question",
    "load_bank",
    "load_blueprints",
    "load_chapter",
]
