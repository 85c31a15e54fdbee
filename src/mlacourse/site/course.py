"""The course's data document: the chapters of the table of contents with their addresses."""

from collections.abc import Iterator
from typing import Any

from sphinx.util import logging

from mlacourse.bank.course import ChapterPage, course_document
from mlacourse.chapters import ChapterHeader
from mlacourse.site import header, navigation
from mlacourse.site.translator import CourseTranslator

_LOGGER = logging.getLogger(__name__)


def course(page: CourseTranslator) -> dict[str, Any]:
    """Return the course as plain JSON values; addresses start at the site's root."""
    return course_document(list(_chapters(page)))


def _chapters(page: CourseTranslator) -> Iterator[ChapterPage]:
    env = page.builder.env
    for part in navigation.parts(env, "", address=str):
        for docname in (entry.address for entry in part.entries if header.is_chapter(entry.address)):
            metadata = env.metadata[docname]
            if "chapter_header" not in metadata:  # which the build has told already
                continue
            front = ChapterHeader.model_validate(metadata["chapter_header"])
            for lab in front.labs:
                if lab.section not in metadata.get("myst_slugs", {}):
                    _LOGGER.warning(
                        "mlacourse.labs: %r: section %r is no heading of the chapter. Mend the front matter.",
                        lab.id,
                        lab.section,
                        location=docname,
                        type="mlacourse",
                        subtype="header",
                    )
            yield ChapterPage(
                id=docname.removeprefix("chapters/"),
                part_title=part.caption,
                header=front,
                href=page.builder.get_target_uri(docname),
            )
