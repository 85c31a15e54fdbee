"""Links that open a chapter elsewhere: Binder, Colab, its source, a report of a mistake."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote

from sphinx.builders.html import StandaloneHTMLBuilder


@dataclass(frozen=True)
class LaunchLinks:
    """Addresses for one chapter, all derived from the configured repository and branch."""

    binder: str
    colab: str
    source: str
    report: str


def links(builder: StandaloneHTMLBuilder, docname: str) -> LaunchLinks:
    """Return the links of the page ``docname``."""
    options = builder.theme_options
    path = PurePosixPath(builder.env.doc2path(docname, False)).as_posix()
    return addresses(str(options["repository_url"]), str(options["repository_branch"]), path)


def addresses(repository: str, branch: str, path: str) -> LaunchLinks:
    """Return the links of the file ``path``.

    >>> addresses("https://github.com/a/b", "main", "chapters/x/y.ipynb").colab
    'https://colab.research.google.com/github/a/b/blob/main/chapters/x/y.ipynb'
    """
    base = repository.rstrip("/")
    owner_and_name = base.removeprefix("https://github.com/")
    source = path.removesuffix(".ipynb") + ".md" if path.endswith(".ipynb") else path
    return LaunchLinks(
        binder=f"https://mybinder.org/v2/gh/{owner_and_name}/{branch}?urlpath={quote(f'lab/tree/{path}', safe='')}",
        colab=f"https://colab.research.google.com/github/{owner_and_name}/blob/{branch}/{path}",
        source=f"{base}/blob/{branch}/{source}",
        report=f"{base}/issues/new/choose",
    )
