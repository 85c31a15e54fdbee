"""The blueprints are the exam guides' facts."""

import pytest

from mlacourse.bank import load_blueprints


@pytest.mark.parametrize(("exam", "skills"), [("mla-c01", 133), ("mla-c02", 107)])
def test_an_exam_has_all_its_skills(exam: str, skills: int) -> None:
    assert len(load_blueprints().exams[exam].skills) == skills


@pytest.mark.parametrize("exam", ["mla-c01", "mla-c02"])
def test_weights_and_questions_add_up(exam: str) -> None:
    blueprint = load_blueprints().exams[exam]
    assert sum(domain.weight for domain in blueprint.domains) == 100
    assert blueprint.mechanics.scored + blueprint.mechanics.unscored == blueprint.mechanics.questions


def test_every_skill_belongs_to_its_task() -> None:
    for exam in load_blueprints().exams.values():
        for domain in exam.domains:
            for task in domain.tasks:
                assert task.id.startswith(domain.id + ".")
                assert all(skill.startswith(task.id + ".") for skill in task.skills)
