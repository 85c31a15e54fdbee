"""Where the course's files are: the repository, or the copy inside an installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def root() -> Path:
    """Return the folder that holds ``quizzes/`` and ``datasets/``.

    An editable install reads the repository; a wheel carries its own copy.
    """
    bundled = _PACKAGE / "_bundled"
    return bundled if bundled.is_dir() else _PACKAGE.parents[1]


def path(*parts: str) -> Path:
    """Return the path of a course file or folder.

    >>> path("quizzes", "blueprints.yml").name
    'blueprints.yml'

    Raises ``FileNotFoundError`` with the mend if it is not there.
    """
    found = root().joinpath(*parts)
    if not found.exists():
        raise FileNotFoundError(
            f"{'/'.join(parts)} is not in {root()}. Check the name, or reinstall the course: "
            "pip install -e . in a clone of the repository."
        )
    return found
