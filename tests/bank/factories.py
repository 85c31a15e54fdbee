"""Small questions for tests; every field can be set by name."""

from typing import Any

COMMON: dict[str, Any] = {
    "exams": {"mla-c01": ["2.3.K1"]},
    "difficulty": 2,
    "stem": "A team must choose a metric under two constraints. Which one serves it?",
    "learn": "chapters/02_modeling/06_metrics_and_thresholds.ipynb#a-section",
    "sources": [{"url": "https://example.org/page", "checked": "2026-11-23"}],
    "reviewed": "2026-11-23",
}


def option(identifier: str, **changes: Any) -> dict[str, Any]:
    return {"id": identifier, "text": f"Take option {identifier}.", "why": "It does or does not hold.", **changes}


def multiple_choice(**changes: Any) -> dict[str, Any]:
    options = [option("a", correct=True), option("b"), option("c"), option("d")]
    return {"id": "mc", "type": "multiple_choice", **COMMON, "options": options, **changes}


def multiple_response(**changes: Any) -> dict[str, Any]:
    options = [option("a", correct=True), option("b", correct=True), option("c"), option("d"), option("e")]
    return {"id": "mr", "type": "multiple_response", **COMMON, "options": options, **changes}


def ordering(**changes: Any) -> dict[str, Any]:
    responses = [
        {"id": "train", "text": "Train.", "position": 2, "why": "Needs the split."},
        {"id": "split", "text": "Split.", "position": 1, "why": "Comes first."},
        {"id": "test", "text": "Test.", "position": 3, "why": "Needs the model."},
        {"id": "pray", "text": "Hope.", "why": "No step at all."},
    ]
    return {"id": "order", "type": "ordering", **COMMON, "responses": responses, **changes}


def matching(**changes: Any) -> dict[str, Any]:
    responses = [{"id": "r1", "text": "Recall"}, {"id": "r2", "text": "Precision"}]
    prompts = [
        {"id": "p1", "text": "Missed cancers", "answer": "r1", "why": "Misses are what recall counts."},
        {"id": "p2", "text": "Blocked mail", "answer": "r2", "why": "False alarms are what precision counts."},
        {"id": "p3", "text": "Missed fraud", "answer": "r1", "why": "Misses again."},
    ]
    return {"id": "match", "type": "matching", **COMMON, "prompts": prompts, "responses": responses, **changes}


def case_study(**changes: Any) -> dict[str, Any]:
    shared = {field: COMMON[field] for field in ("exams", "learn", "sources", "reviewed")}
    questions = [
        {
            "id": "case-1",
            "type": "multiple_choice",
            "difficulty": 3,
            "stem": "First?",
            "options": multiple_choice()["options"],
        },
        {
            "id": "case-2",
            "type": "multiple_choice",
            "difficulty": 3,
            "stem": "Second?",
            "options": multiple_choice()["options"],
        },
    ]
    return {
        "id": "case",
        "type": "case_study",
        **shared,
        "scenario": "A bank scores loans.",
        "questions": questions,
        **changes,
    }


def card(**changes: Any) -> dict[str, Any]:
    common = {field: COMMON[field] for field in ("exams", "learn", "sources", "reviewed")}
    return {"id": "card", "front": "What does recall count?", "back": "Found positives.", **common, **changes}
