"""The mock exam's place on a page, and its questions as one script that hands them over by itself."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from mlacourse import resources
from mlacourse.bank import BankError
from mlacourse.bank.exam import exam_document
from mlacourse.site.html import render, script_json
from mlacourse.site.questions import learn_link
from mlacourse.site.translator import CourseTranslator

BANK_FILE = "_static/exam_bank.js"
_LOGGER = logging.getLogger(__name__)


class MockExam(nodes.General, nodes.Element):
    """Stands for the mock exam."""


class MockExamDirective(SphinxDirective):
    """``{mock-exam}``: the exam that runs in the browser."""

    def run(self) -> list[nodes.Node]:
        """Mark the place; questions link to chapters, which must all have been read first."""
        self.env.metadata[self.env.docname]["mlacourse_exam"] = True
        self.env.note_dependency(str(resources.path("quizzes", "mock_exam", "forms.yml")))
        return [MockExam()]


def register(app: Sphinx) -> None:
    """Add the directive, and write its page again on every build, since any chapter's quiz may have changed."""
    app.add_directive("mock-exam", MockExamDirective)
    app.add_node(MockExam, html=(_write, None))
    app.connect("env-updated", _pages_to_write_again)


def bank_script(document: dict[str, Any]) -> str:
    """Return a classic script that hands the exam's data to whoever listens, so that no page has to fetch it."""
    data = script_json(document)
    return f'document.dispatchEvent(new CustomEvent("mlacourse:exam-bank",{{detail:{data}}}));\n'


def _pages_to_write_again(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    return [name for name, metadata in env.metadata.items() if "mlacourse_exam" in metadata]


def _write(self: CourseTranslator, node: MockExam) -> None:
    builder = self.builder
    try:
        document = exam_document(link=lambda chapter, learn: learn_link(self, chapter, learn))
    except BankError as error:
        _LOGGER.warning(str(error), location=builder.current_docname, type="mlacourse", subtype="exam")
        raise nodes.SkipNode from None
    script = bank_script(document)
    file = Path(builder.outdir, BANK_FILE)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(script, encoding="utf-8")
    version = hashlib.sha256(script.encode()).hexdigest()[:10]
    here = builder.get_target_uri(builder.current_docname)
    self.body.append(
        render(
            "exam.html",
            script=f"{relative_uri(here, BANK_FILE)}?v={version}",
            exams=document["rules"]["exams"],
            count=sum(len(question.get("questions", [question])) for question in document["questions"]),
        )
    )
    raise nodes.SkipNode
