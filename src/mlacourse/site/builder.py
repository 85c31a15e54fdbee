"""The builder: addresses without the folder ``book/``, own assets only, and every page's frame."""

import json
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from docutils import nodes
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util.osutil import relative_uri

from mlacourse.site import apps, assets, charts, header, launch, navigation, policy
from mlacourse.site.highlight import LeanHighlighter
from mlacourse.site.questions import Cards, Quiz

NOT_FOUND = "404"
_THEME_SCRIPT = (
    "try{const t=localStorage.getItem('mlacourse.theme');if(t)document.documentElement.dataset.theme=t}catch{}"
)


class CourseBuilder(StandaloneHTMLBuilder):
    """Sphinx's HTML builder with the course's addresses and page frame."""

    name = "html"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return the address of a page: pages of ``book/`` stand at the top."""
        return quote(docname.removeprefix("book/")) + self.link_suffix

    def get_outfilename(self, pagename: str) -> str:
        """Return the file of a page."""
        return str(Path(self.outdir) / (pagename.removeprefix("book/") + self.out_suffix))

    def init_css_files(self) -> None:
        """Take none of the styles that extensions bring."""
        self._css_files = []

    def init_js_files(self) -> None:
        """Take none of the scripts that extensions bring."""
        self._js_files = []

    def init_highlighter(self) -> None:
        """Highlight code with the few classes that the page colours."""
        self.highlighter = LeanHighlighter("html", "none")
        self.dark_highlighter = None

    def create_pygments_style_file(self) -> None:
        """Write nothing: the page's own style sheet colours code."""

    def copy_static_files(self) -> None:
        """Copy the theme's files and the built front end."""
        super().copy_static_files()
        versions: dict[str, str] = self.config.mlacourse_asset_versions
        for name in versions:
            shutil.copyfile(assets.folder(self.srcdir) / name, Path(self.outdir) / "_static" / name)

    def update_page_context(
        self, pagename: str, templatename: str, ctx: dict[str, Any], event_arg: nodes.document | None
    ) -> None:
        """Give the templates what the frame needs."""
        ctx["script_files"], ctx["css_files"] = [], []
        base = self.config.html_baseurl.rstrip("/") + "/"
        # The page for wrong addresses is shown at any depth, so its links start at the site's root.
        here = None if pagename == NOT_FOUND else self.get_target_uri(pagename)

        def at(target: str) -> str:
            return urlsplit(base).path + target if here is None else relative_uri(here, target) or "#"

        def asset(name: str) -> str:
            return f"{at('_static/' + name)}?v={self.config.mlacourse_asset_versions[name]}"

        style = str(charts.page_style(event_arg)) if event_arg is not None else ""
        target = self.get_target_uri(pagename)
        ctx.update(
            at=at,
            asset=asset,
            policy=policy.content_security_policy([_THEME_SCRIPT], [style] if style else []),
            theme_script=_THEME_SCRIPT,
            page_style=style,
            page_address=urljoin(base, "" if target == "index.html" else target),
            description=self._about(pagename),
            parts=navigation.parts(self.env, pagename, lambda name: at(self.get_target_uri(name))),
            part=navigation.caption(self.env, pagename),
            sections=navigation.sections(self.env, pagename),
            is_chapter=header.is_chapter(pagename),
            launch=launch.links(self, pagename) if pagename in self.env.all_docs else None,
            repository=str(self.theme_options.get("repository_url", "")),
            has_charts=_holds(event_arg, charts.Chart),
            has_quiz=_holds(event_arg, Quiz),
            has_cards=_holds(event_arg, Cards),
            apps=apps.names(event_arg),
        )

    def _about(self, pagename: str) -> str:
        """Return the sentence that says what a page is for."""
        metadata = self.env.metadata.get(pagename, {})
        return str((metadata.get("chapter_header") or {}).get("promise") or metadata.get("description") or "")

    def gen_additional_pages(self) -> None:
        """Write the pages that are nobody's chapter: search, and the one for wrong addresses."""
        super().gen_additional_pages()
        self.handle_page(NOT_FOUND, {"title": "Page not found"}, "404.html")

    def dump_search_index(self) -> None:
        """Write the index, and beside it what the results say about each page."""
        super().dump_search_index()
        if self.indexer is None:
            return
        pages = {
            name: {
                "address": self.get_target_uri(name),
                "part": navigation.caption(self.env, name),
                "about": self._about(name),
            }
            for name in sorted(self.env.all_docs)
        }
        stemmer = self.indexer.lang.js_stemmer_code
        stopwords = json.dumps(sorted(self.indexer.lang.stopwords))
        Path(self.outdir, "searchpages.js").write_text(
            f"(()=>{{{stemmer}\nSearch.setPages({json.dumps(pages)},{stopwords},new Stemmer())}})()",
            encoding="utf-8",
        )

    def handle_finish(self) -> None:
        """Write the site map for search engines too, and remove the pages of an earlier build."""
        super().handle_finish()
        written = {Path(self.get_outfilename(name)) for name in (*self.env.all_docs, "search", NOT_FOUND)}
        for page in set(Path(self.outdir).rglob("*.html")) - written:
            page.unlink()
        base = self.config.html_baseurl.rstrip("/") + "/"
        addresses = sorted(urljoin(base, self.get_target_uri(name)) for name in self.env.all_docs)
        urls = "".join(f"<url><loc>{address}</loc></url>" for address in addresses)
        Path(self.outdir, "sitemap.xml").write_text(
            f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>\n',
            encoding="utf-8",
        )


def _holds(doctree: nodes.document | None, kind: type[nodes.Element]) -> bool:
    return doctree is not None and next(doctree.findall(kind), None) is not None
