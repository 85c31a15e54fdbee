"""Reading the bank: YAML files to validated questions, with errors that name file, line and field."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from mlacourse import resources
from mlacourse.bank.blueprint import load_blueprints
from mlacourse.bank.errors import BankError
from mlacourse.bank.forms import task_of
from mlacourse.bank.model import ChapterBank, TaskBank

_Bank = TypeVar("_Bank", ChapterBank, TaskBank)

# The C parser, where PyYAML was built with it, reads the bank ten times as fast.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MENDS = {
    "missing": "is missing; add it",
    "extra_forbidden": "is not a field; remove it or mend its name",
    "string_type": "is not text; put it in quotes",
}


def load_chapter(chapter: str) -> ChapterBank:
    """Return a chapter's quiz and cards, for example ``02_modeling/06_metrics_and_thresholds``.

    Raises ``BankError`` if there is no such file or something in it does not hold.
    """
    file = resources.path("quizzes") / f"{chapter}.yml"
    if not file.is_file():
        near = get_close_matches(chapter, chapters(), n=1, cutoff=0.4)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise BankError(f"quizzes/{chapter}.yml: there is no such file.{hint}")
    return read(file)


def load_bank() -> list[ChapterBank]:
    """Return every chapter's questions and cards; ids are unique over all of them.

    Raises ``BankError`` with one line for each finding in any file.
    """
    banks, findings = _each(read, _chapter_files())
    _raise([*findings, *_repeated_ids(banks)])
    return banks


def load_exam_bank() -> list[ChapterBank | TaskBank]:
    """Return all that the mock exam can ask: every chapter's file, then every task's; ids are unique over the whole.

    Raises ``BankError`` with one line for each finding in any file.
    """
    quizzes, findings = _each(read, _chapter_files())
    tasks, more = _each(read_task, _task_files())
    banks: list[ChapterBank | TaskBank] = [*quizzes, *tasks]
    _raise([*findings, *more, *_repeated_ids(banks)])
    return banks


def chapters() -> list[str]:
    """Return the ids of the chapters that have a bank file, in book order."""
    return [f"{file.parent.name}/{file.stem}" for file in _chapter_files()]


def read(file: Path) -> ChapterBank:
    """Read and validate a chapter's file."""
    name, bank = _validated(file, ChapterBank)
    findings = list(_unknown_skills(name, bank))
    expected = f"{file.parent.name}/{file.stem}"
    if bank.chapter != expected:
        findings.append(f"{name}: chapter is {bank.chapter!r}; the file's place says {expected!r}. Write that.")
    _raise(findings)
    return bank


def read_task(file: Path) -> TaskBank:
    """Read and validate a task's file of ``quizzes/mock_exam/``."""
    name, bank = _validated(file, TaskBank)
    _raise([*_wrong_task(name, file.stem, bank), *_unknown_skills(name, bank), *_foreign_questions(name, bank)])
    return bank


def _chapter_files() -> list[Path]:
    return sorted(resources.path("quizzes").glob("[0-9]*/*.yml"))


def _task_files() -> list[Path]:
    files = resources.path("quizzes").glob("mock_exam/*.yml")
    return sorted(file for file in files if file.name != "forms.yml")


def _each(read: Callable[[Path], _Bank], files: Iterable[Path]) -> tuple[list[_Bank], list[str]]:
    """Read every file, and return those that hold beside the findings in the others."""
    banks: list[_Bank] = []
    findings: list[str] = []
    for file in files:
        try:
            banks.append(read(file))
        except BankError as error:
            findings.append(str(error))
    return banks, findings


def _raise(findings: Sequence[str]) -> None:
    if findings:
        raise BankError("\n".join(findings))


def _validated(file: Path, model: type[_Bank]) -> tuple[str, _Bank]:
    """Return the file's name, as errors give it, and its content."""
    name = _display_name(file)
    text = file.read_text(encoding="utf-8")
    try:
        data = yaml.load(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BankError(f"{name}:{line}: is not valid YAML: {error.problem}. Check indentation and quotes.") from None
    try:
        return name, model.model_validate(data)
    except ValidationError as error:
        raise BankError("\n".join(_explain(name, text, data, error))) from None


def _display_name(file: Path) -> str:
    try:
        return file.relative_to(resources.root()).as_posix()
    except ValueError:
        return file.as_posix()


def _explain(name: str, text: str, data: Any, error: ValidationError) -> Iterator[str]:
    for finding in error.errors():
        location = finding["loc"]
        where, path = _place(data, location)
        mend = _MENDS.get(finding["type"], finding["msg"].removeprefix("Value error, "))
        yield f"{name}:{_line(text, location)}: {where}{path}{': ' if path else ''}{mend}."


def _place(data: Any, location: Sequence[str | int]) -> tuple[str, str]:
    """Describe a location by the ids a person sees rather than by list positions."""
    where, node = "", data
    fields: list[str] = []
    for step in location:
        if isinstance(node, dict) and step in node:
            node = node[step]
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            node = node[step]
            if isinstance(node, dict) and "id" in node:
                kind = {"cards": "card", "quiz": "question", "questions": "question"}.get(
                    "".join(fields[-1:]), "option"
                )
                where += f"{kind} {str(node['id'])!r}: "
                fields = []
                continue
        elif isinstance(step, str) and step == (node.get("type") if isinstance(node, dict) else None):
            continue
        fields.append(str(step))
    return where, ".".join(fields)


def _line(text: str, location: Sequence[str | int]) -> int:
    """Return the line of the innermost node of ``location`` that the YAML text has."""
    node = yaml.compose(text)
    line = 1
    for step in location:
        if isinstance(node, yaml.MappingNode):
            found = [value for key, value in node.value if key.value == step]
            if not found:
                continue
            node = found[0]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
        else:
            continue
        line = node.start_mark.line + 1
    return line


def _wrong_task(name: str, stem: str, bank: TaskBank) -> Iterator[str]:
    tasks = [task.id for domain in load_blueprints().exams["mla-c01"].domains for task in domain.tasks]
    if bank.task not in tasks:
        yield f"{name}: task: {bank.task!r} is no task of mla-c01. Use one of {', '.join(tasks)}."
    elif bank.task != stem:
        yield f"{name}: task is {bank.task!r}; the file's name says {stem!r}. Make them one."


def _foreign_questions(name: str, bank: TaskBank) -> Iterator[str]:
    for item in bank.items():
        for skill in item.exams.get("mla-c01", [])[:1]:
            if task_of(skill) != bank.task:
                yield (
                    f"{name}: question {item.id!r}: exams.mla-c01: its first skill, {skill}, is one of task "
                    f"{task_of(skill)}. Put a skill of task {bank.task} first, or move the question to "
                    f"quizzes/mock_exam/{task_of(skill)}.yml."
                )


def _unknown_skills(name: str, bank: ChapterBank | TaskBank) -> Iterator[str]:
    exams = load_blueprints().exams
    for item in [*bank.items(), *bank.cards]:
        kind = "card" if item in bank.cards else "question"
        if not item.exams.get("mla-c01"):
            yield f"{name}: {kind} {item.id!r}: exams: names no skill of mla-c01; add one."
        for exam, skills in item.exams.items():
            for skill in skills:
                if skill not in exams[exam].skills:
                    near = get_close_matches(skill, exams[exam].skills, n=1)
                    hint = f" Did you mean {near[0]!r}?" if near else ""
                    yield f"{name}: {kind} {item.id!r}: exams.{exam}: {skill!r} is not a skill of the exam.{hint}"


def _repeated_ids(banks: Iterable[ChapterBank | TaskBank]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for bank in banks:
        outer = [q.id for q in bank.questions if q.type == "case_study"]
        for identifier in [*outer, *(i.id for i in bank.items()), *(c.id for c in bank.cards)]:
            if identifier in seen:
                yield (
                    f"quizzes/{bank.name}.yml: id {identifier!r} also stands in quizzes/{seen[identifier]}.yml. "
                    "Answers are keyed by it: give the newer one another id."
                )
            seen.setdefault(identifier, bank.name)
