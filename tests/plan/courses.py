"""What plans are made of in the tests: courses as the site hands them over, and a learner's settings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from mlacourse.bank import load_blueprints
from mlacourse.bank.exam import exam_domains
from mlacourse.plan import Settings

START = date(2026, 11, 23)  # a Monday
USUAL = (1.5, 1.5, 1.5, 1.5, 1.5, 3.0, 0.0)
# The first task that each chapter of the syllabus names; the projects name many.
SYLLABUS = {
    "01_data": {
        "01_formats_and_storage": "1.1",
        "02_batch_and_streaming_ingestion": "1.1",
        "03_cleaning_and_missing_data": "1.2",
        "04_feature_engineering": "1.2",
        "05_feature_selection": "2.2",
        "06_feature_stores_and_lineage": "1.1",
        "07_labeling": "1.2",
        "08_data_quality": "1.3",
        "09_bias_and_imbalance_in_data": "1.3",
        "10_privacy_and_encryption": "1.3",
    },
    "02_modeling": {
        "01_framing_the_problem": "2.1",
        "02_algorithms_and_their_limits": "2.1",
        "03_training_and_convergence": "2.2",
        "04_overfitting_and_regularization": "2.2",
        "05_hyperparameter_tuning": "2.2",
        "06_metrics_and_thresholds": "2.3",
        "07_ensembles_and_stacking": "2.2",
        "08_neural_networks_and_transfer": "2.2",
        "09_explainability": "2.1",
        "10_fairness": "2.3",
        "11_experiments_and_registry": "2.2",
    },
    "03_deployment": {
        "01_serving_options": "3.1",
        "02_containers": "3.1",
        "03_compute_and_model_placement": "3.1",
        "04_scaling": "3.2",
        "05_infrastructure_as_code": "3.2",
        "06_pipelines": "3.1",
        "07_ci_cd": "3.3",
        "08_release_strategies": "3.1",
        "09_integration_and_resilience": "3.1",
    },
    "04_monitoring_security": {
        "01_drift": "4.1",
        "02_model_monitoring": "4.1",
        "03_observability": "4.1",
        "04_ab_tests_and_feedback_loops": "4.1",
        "05_cost": "4.2",
        "06_identity_and_access": "4.3",
        "07_network_and_data_protection": "4.3",
        "08_audit_and_governance": "4.2",
        "09_privacy_attacks_and_robustness": "4.3",
    },
    "05_projects": {"01_fraud_detection": "1.1", "02_churn": "2.1", "03_recommendation": "2.1"},
}
WHOLE = [f"{part}/{name}" for part, names in SYLLABUS.items() for name in names]
LEARNING = [name for name in WHOLE if not name.startswith("05_projects/")]
# What the site has today.
TODAY = ["02_modeling/06_metrics_and_thresholds", "04_monitoring_security/01_drift"]


def course(
    chapters: Sequence[str] = WHOLE, *, minutes: int = 90, quiz: int = 10, bank: int = 25, title: str = ""
) -> dict[str, Any]:
    """A course document with so many questions in each quiz, and so many more for each task that is taught."""
    documents, questions = [], {}
    for name in chapters:
        part, _, stem = name.partition("/")
        task = SYLLABUS[part][stem]
        own = {f"{stem}-{number}": task for number in range(quiz)}
        more = {f"bank-{task}-{number}": task for number in range(bank)}
        for identifier, place in {**own, **more}.items():
            questions[identifier] = {"chapter": name, "tasks": {"mla-c01": place, "mla-c02": place}}
        documents.append(
            {
                "id": name,
                "title": title or stem[3:].replace("_", " ").capitalize(),
                "part": part,
                "minutes": minutes * 2 if part == "05_projects" else minutes,
                "href": f"chapters/{name}.html",
                "tasks": [task],
                "labs": [],
                "questions": list(own),
                "cards": [],
            }
        )
    exams = load_blueprints().exams.items()
    return {
        "chapters": documents,
        "parts": [{"id": part, "title": part} for part in dict.fromkeys(one["part"] for one in documents)],
        "exams": {
            name: {"title": exam.title, "domains": [domain.model_dump() for domain in exam_domains(exam)]}
            for name, exam in exams
        },
        "questions": questions,
        "cards": {},
    }


def usual(weeks: float = 10, hours: tuple[float, ...] = USUAL) -> Settings:
    """Settings from a Monday on."""
    return Settings("mla-c01", START, START + timedelta(days=round(weeks * 7)), hours)
