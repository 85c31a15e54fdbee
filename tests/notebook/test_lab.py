"""The link of a lab's last check: it repeats, it is read on the site, and it names a lab of its chapter."""

import json
import re
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from mlacourse import chapters
from mlacourse.address import Addresses, addresses
from mlacourse.notebook import lab, publish, quiz

VECTOR = json.loads(Path(__file__).parents[1].joinpath("vectors", "lab_link.json").read_text())


def test_the_link_is_the_one_that_the_site_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab, "addresses", lambda: Addresses("https://example.org/repository", VECTOR["site"]))
    assert lab.link(VECTOR["lab"]) == VECTOR["link"]


def test_the_output_is_a_link_and_repeats(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []
    monkeypatch.setattr(publish, "display", lambda content, **_: shown.append(content))
    lab.passed("first-endpoint")
    lab.passed("first-endpoint")
    assert shown[0] == shown[1]
    assert set(shown[0]) == {"text/html", "text/plain"}
    assert shown[0]["text/plain"] == f"Add this lab to your progress: {lab.link('first-endpoint')}"
    assert f'href="{lab.link("first-endpoint")}"' in shown[0]["text/html"]


def test_a_quiz_knows_the_site_that_takes_its_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []
    monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    monkeypatch.setattr(publish, "display", shown.append)
    quiz("02_modeling/06_metrics_and_thresholds")
    assert shown[0].site == addresses().site


@pytest.mark.parametrize("name", ["", "First Endpoint", "first_endpoint", "<b>", "first-"])
def test_what_cannot_be_a_labs_id_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"is no id of a lab\. Write one of 'labs'"):
        lab.passed(name)


@pytest.mark.parametrize("source", chapters.sources(), ids=chapters.chapter_id)
def test_a_chapter_passes_the_labs_that_its_front_matter_names(source: Path) -> None:
    passed = re.findall(r"^lab\.passed\(['\"]([^'\"]+)['\"]\)", source.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(passed) == sorted(named.id for named in chapters.header(source).labs)
