"""One question of every type, as the bank hands it to the browser."""

from typing import Any

CHAPTER = "02_modeling/06_metrics_and_thresholds"


def _question(identifier: str, kind: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": identifier,
        "type": kind,
        "exams": {"mla-c01": ["2.3.K1", "2.3.S1"], "mla-c02": ["2.3.6"]},
        "difficulty": 2,
        "learn_link": {"href": "#choosing-a-threshold", "label": "Choosing a threshold from costs"},
        "sources": [
            {
                "url": "https://scikit-learn.org/stable/modules/classification_threshold.html",
                "checked": "2026-11-23",
            }
        ],
        "reviewed": "2026-11-23",
        **fields,
    }


def choice() -> dict[str, Any]:
    return _question(
        "card-fraud",
        "multiple_choice",
        difficulty=3,
        stem="A card issuer scores each payment with a fraud model (AUC 0.94). A missed fraud costs 180 USD on "
        "average. A blocked honest payment costs 6 USD in support and lost goodwill. Analysts can review 400 of "
        "the 50,000 payments a day. The model goes live tomorrow with the default threshold of 0.5.\n\n"
        "What should the engineer do **first**?",
        options=[
            {
                "id": "cost",
                "text": "Choose the cut-off with the lowest expected cost of both errors on recent labels.",
                "correct": True,
                "why": "Both error costs and the review capacity are given; the threshold is where they enter.",
            },
            {
                "id": "f1",
                "text": "Choose the threshold with the highest `f1_score` on recent payments, since fraud is rare.",
                "correct": False,
                "why": "F1 weighs a missed fraud and a false alarm alike; here one costs thirty times the other.",
            },
            {
                "id": "retrain",
                "text": "Retrain with SMOTE so that fraud is balanced, and keep the default threshold of 0.5.",
                "correct": False,
                "why": "Resampling moves the scores, not the trade-off; the costs still decide the threshold.",
            },
            {
                "id": "auc",
                "text": "Tune the fraud model until its AUC exceeds 0.95 on recent payments, and only then go live.",
                "correct": False,
                "why": "AUC averages over all thresholds; one more point does not say where to act.",
            },
        ],
    )


def response() -> dict[str, Any]:
    return _question(
        "rare-class",
        "multiple_response",
        stem="Fraud is 0.2 % of the payments. Which metrics say how well the model finds it?",
        options=[
            {"id": "recall", "text": "Recall", "correct": True, "why": "The share of frauds that is found."},
            {"id": "ap", "text": "Average precision", "correct": True, "why": "Precision over all recalls."},
            {"id": "accuracy", "text": "Accuracy", "correct": False, "why": "99.8 % by never flagging anything."},
            {"id": "rmse", "text": "RMSE", "correct": False, "why": "For regression."},
            {"id": "spec", "text": "Specificity", "correct": False, "why": "Says how honest payments fare."},
        ],
    )


def ordering() -> dict[str, Any]:
    return _question(
        "promote-model",
        "ordering",
        stem="A new model version shall replace the old one without a gap. Put the steps in order.",
        responses=[
            {"id": "register", "text": "Register the model version", "position": 1, "why": "The record comes first."},
            {"id": "approve", "text": "Approve the version", "position": 2, "why": "Deployment waits for approval."},
            {"id": "shift", "text": "Shift 10 % of the traffic", "position": 3, "why": "A small share first."},
            {"id": "delete", "text": "Delete the old endpoint", "why": "Then there is no way back."},
        ],
    )


def matching() -> dict[str, Any]:
    return _question(
        "which-metric",
        "matching",
        stem="Which metric answers which need?",
        prompts=[
            {"id": "miss", "text": "A miss is expensive", "answer": "recall", "why": "Recall counts misses."},
            {"id": "alarm", "text": "An alarm is expensive", "answer": "precision", "why": "It counts false alarms."},
            {"id": "rank", "text": "Only the ranking matters", "answer": "auc", "why": "No threshold enters."},
        ],
        responses=[
            {"id": "recall", "text": "Recall"},
            {"id": "precision", "text": "Precision"},
            {"id": "auc", "text": "AUC"},
            {"id": "r2", "text": "R²"},
        ],
    )


def case_study() -> dict[str, Any]:
    first = {**choice(), "id": "case-threshold", "stem": "Where does the threshold go?", "difficulty": 1}
    second = {**response(), "id": "case-metrics", "stem": "Which metrics does the report need?"}
    return {
        "id": "a-bank",
        "type": "case_study",
        "scenario": "A bank runs one endpoint on `ml.m5.large` for a fraud model.\n\nTraffic triples in December.",
        "questions": [first, second],
    }


def quiz(*questions: dict[str, Any]) -> dict[str, Any]:
    """A quiz of these questions, of one of each type without any."""
    every = [choice(), response(), ordering(), matching(), case_study()]
    return {"id": CHAPTER, "title": "Metrics and thresholds", "questions": list(questions) or every}
