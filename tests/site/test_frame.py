"""The frame of every page: policy, addresses, navigation, the page for wrong addresses."""

from __future__ import annotations

import re

import pytest
from small_book import Built, SmallBook

from mlacourse.site import policy

PAGES = ("index", "guide/exam", "guide/running", "search", "404")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    book = SmallBook(tmp_path_factory.mktemp("book"))
    book.write("book/guide/exam.md", "---\ndescription: How it is scored.\n---\n\n# The exam\n\n## Scoring\n\nText.\n")
    book.write("book/guide/running.md", "# Running\n\nText.\n")
    return book.build()


@pytest.mark.parametrize("name", PAGES)
def test_the_policy_allows_the_inline_script_and_nothing_from_elsewhere(built: Built, name: str) -> None:
    page = built.page(name)
    content = str(page.select_one('meta[http-equiv="Content-Security-Policy"]')["content"])
    directives = dict(part.strip().split(" ", 1) for part in content.split(";"))
    (inline,) = [script.string for script in page.find_all("script") if not script.get("src")]
    assert directives["script-src"] == f"'self' {policy.digest(inline)}"
    assert directives["default-src"] == directives["connect-src"] == directives["base-uri"] == "'none'"
    assert "unsafe" not in content
    assert "http" not in content


@pytest.mark.parametrize("name", PAGES)
def test_each_page_has_one_title_and_its_landmarks(built: Built, name: str) -> None:
    page = built.page(name)
    assert len(page.find_all("h1")) == len(page.find_all("main")) == 1
    assert page.find("header")
    assert page.find("footer")
    names = [nav.get("aria-label") or nav["aria-labelledby"] for nav in page.find_all("nav")]
    assert len(names) == len(set(names))
    assert page.find("html")["lang"] == "en"


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_asked_from_another_host(built: Built, name: str) -> None:
    page = built.page(name)
    loaded = [
        str(tag.get("src") or tag.get("href")) for tag in page.select("script[src], img, link:not([rel=canonical])")
    ]
    assert loaded
    assert not [address for address in loaded if re.match("(https?:)?//", address)]


def test_the_front_page_is_real_and_stands_at_the_top(built: Built) -> None:
    page = built.page("index")
    assert page.find("h1").get_text() == "The front page"
    assert page.select_one("link[rel=canonical]")["href"] == "https://mlacourse.github.io/mlacourse/"
    assert not (built.folder / "book").exists()


def test_a_page_says_what_it_is_for_and_where_it_stands(built: Built) -> None:
    page = built.page("guide/exam")
    assert page.select_one("meta[name=description]")["content"] == "How it is scored."
    assert page.select_one("link[rel=canonical]")["href"].endswith("/mlacourse/guide/exam.html")
    current = page.select_one('[aria-label="Course"] [aria-current="page"]')
    assert current
    assert current.get_text() == "The exam"
    assert [a.get_text() for a in page.select(".page-contents a")] == ["Scoring"]
    assert page.select_one("a[rel=next]")["href"] == "running.html"


def test_the_page_for_wrong_addresses_works_at_any_depth(built: Built) -> None:
    page = built.page("404")
    addresses = [
        str(tag.get("href") or tag.get("src")) for tag in page.select("link[rel=stylesheet], script[src], nav a")
    ]
    assert addresses
    assert all(address.startswith("/mlacourse/") for address in addresses)


def test_search_engines_find_every_page(built: Built) -> None:
    listed = re.findall("<loc>(.*?)</loc>", (built.folder / "sitemap.xml").read_text())
    assert listed == [
        f"https://mlacourse.github.io/mlacourse/{p}" for p in ("guide/exam.html", "guide/running.html", "index.html")
    ]


def test_a_page_that_was_taken_out_is_gone(book: SmallBook) -> None:
    book.write("book/guide.md", "# A guide\n\nText.\n")
    assert (book.build().folder / "guide.html").is_file()
    book.take_out("book/guide")
    built = book.build()
    assert not (built.folder / "guide.html").exists()
    assert (built.folder / "search.html").is_file()


def test_scripts_and_styles_are_named_with_their_content(built: Built) -> None:
    address = str(built.page("index").select_one("link[rel=stylesheet]")["href"])
    assert re.fullmatch(r"_static/page\.css\?v=[0-9a-f]{10}", address)


def test_a_missing_bundle_is_told_with_the_mend(book: SmallBook) -> None:
    (book.root / "web" / "dist" / "page.css").unlink()
    with pytest.raises(Exception, match=r"page\.css missing\. Build the front end first: deno task build"):
        book.build()
