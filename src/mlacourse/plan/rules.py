"""The plan's numbers, in one place: Python reads them here, the browser from the file that is made of them."""

from math import ceil, floor
from typing import Any, Final

from mlacourse.bank.blueprint import Exam, load_blueprints
from mlacourse.bank.forms import load_rules

# Parts in the order of the syllabus; each closes with practice of the domain in the same place.
PHASES: Final = {
    "01_data": "Foundations and data",
    "02_modeling": "Modeling",
    "03_deployment": "Deployment and orchestration",
    "04_monitoring_security": "Monitoring, security and cost",
    "05_projects": "Projects",
}
PROJECTS: Final = "05_projects"
REVISION: Final = "revision"

NUMBERS: Final = {
    "step": 5,  # minutes; all times are multiples
    "card_minutes": 10,
    "card_days": 5,  # a day five times as long as its cards, at least
    "revision_days": 14,
    "revision_share": 4,
    "rest_from": 3,  # days of revision
    "midway_from": 21,  # days of learning
    "exercise_share": 2,  # exercises take half as long as reading: what the instructors' notes measured
    "set_questions": 10,
    "set_minutes": 30,  # ten questions at the exam's pace, and their reasons
    "diagnostic_share": 10,  # of the time for learning, at most
    "over_share": 2,  # going over a sitting takes half as long as the sitting
    "most_mocks": 3,
    "most_timed": 6,
    "least_questions": 5,
    "most_days": 400,
}


def whole_steps(minutes: float) -> int:
    """Return the minutes rounded up to whole steps.

    >>> [whole_steps(minutes) for minutes in (0, 1, 50, 52.5)]
    [0, 5, 50, 55]
    """
    return ceil(minutes / NUMBERS["step"]) * NUMBERS["step"]


def full_steps(minutes: float) -> int:
    """Return the minutes rounded down to whole steps.

    >>> [full_steps(minutes) for minutes in (0, 4, 50, 52.5)]
    [0, 0, 50, 50]
    """
    return floor(minutes / NUMBERS["step"]) * NUMBERS["step"]


def skills(exam: Exam) -> dict[str, int]:
    """Return the number of skills of each task."""
    return {task.id: len(task.skills) for domain in exam.domains for task in domain.tasks}


def browser_rules() -> dict[str, Any]:
    """Return everything that the browser's planner has to know, as plain JSON values."""
    forms = load_rules()
    return {
        "phases": [{"id": part, "title": title} for part, title in PHASES.items()],
        "projects": PROJECTS,
        "revision": REVISION,
        "numbers": NUMBERS,
        "diagnostic_minutes": forms.diagnostic.minutes,
        "forms": forms.fixed,
        "exams": {
            name: {
                "questions": exam.mechanics.questions,
                "minutes": exam.mechanics.minutes,
                "skills": skills(exam),
            }
            for name, exam in load_blueprints().exams.items()
        },
    }
