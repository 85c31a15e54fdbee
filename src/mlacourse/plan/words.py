"""What the pieces of a plan are called."""

from mlacourse.bank.forms import load_rules
from mlacourse.plan.items import Item
from mlacourse.plan.material import Material

NAMES = {
    "diagnostic": "Diagnostic",
    "read": "Read",
    "exercises": "Exercises",
    "quiz": "Quiz",
    "cards": "Flashcards",
    "rest": "Rest",
}


def title(item: Item, material: Material) -> str:
    """Return what there is to do, in a few words; a piece with less than its whole time says so."""
    chapter = next((chapter.title for chapter in material.chapters if chapter.id == item.chapter), "")
    topic = next((f"task {topic.id}, {topic.title}" for topic in material.topics if topic.id == item.task), "")
    number = item.id.rpartition("/")[2]
    match item.kind:
        case "practice":
            words = f"Practise {topic}: set {number}, {item.questions} questions"
        case "revise":
            words = f"Revise {topic}" + (f": round {number}" if number != "1" else "")
        case "mock":
            words = f"Mock exam, {_form(item.id)}"
        case "timed":
            words = f"Timed set: {item.questions} questions"
        case "review":
            words = f"Go over the mock exam, {_form(item.id)}" if "/mock/" in item.id else "Go over the timed set"
        case kind:
            words = f"{NAMES[kind]}: {chapter}" if item.chapter else NAMES[kind]
    return f"{words}, shortened" if item.chapter and item.minutes < item.whole else words


def duration(minutes: int) -> str:
    """Return a time in words.

    >>> [duration(minutes) for minutes in (0, 45, 60, 130)]
    ['0 min', '45 min', '1 h', '2 h 10 min']
    """
    hours, rest = divmod(minutes, 60)
    if hours == 0:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def _form(identifier: str) -> str:
    number = int(identifier.rpartition("/")[2])
    fixed = load_rules().fixed
    return f"form {fixed[number - 1]}" if number <= len(fixed) else "a random form"
