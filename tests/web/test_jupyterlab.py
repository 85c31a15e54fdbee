"""A stored notebook in JupyterLab itself: its charts move before any cell has run."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from mlacourse import resources

NOTEBOOK = "02_modeling/06_metrics_and_thresholds.ipynb"


@pytest.fixture(scope="module")
def jupyterlab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a JupyterLab that serves a copy of the notebook; nothing of the user's settings is read."""
    folder = tmp_path_factory.mktemp("jupyterlab")
    work = folder / "work"
    work.mkdir()
    shutil.copy(resources.path("chapters", *NOTEBOOK.split("/")), work / "chapter.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {
        name: str(folder / name.lower()) for name in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}"]
    options = ["--ServerApp.port_retries=0", "--IdentityProvider.token=", f"--ServerApp.root_dir={work}"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([*command, *options], stdout=log, stderr=log, env={**os.environ, **own})
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 60
        while not answers(f"{address}/api/status"):
            if server.poll() is not None or time.monotonic() > until:
                pytest.fail("JupyterLab did not start:\n" + (folder / "log").read_text()[-2000:], pytrace=False)
            time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=1):
            return True
    except OSError:
        return False


def test_a_stored_chart_moves_in_jupyterlab_before_any_cell_has_run(jupyterlab: str, page: Page) -> None:
    dialog = page.get_by_role("dialog").get_by_role("button", name="Cancel")
    page.add_locator_handler(dialog, lambda: dialog.click())
    page.goto(f"{jupyterlab}/lab/tree/chapter.ipynb")
    slider = page.locator("input[type=range][name=threshold]").first
    slider.scroll_into_view_if_needed(timeout=60_000)
    canvas = page.locator(".vega-embed", has=slider).first.locator("canvas").first
    before = canvas.evaluate("canvas => canvas.toDataURL()")

    slider.click(position={"x": 4, "y": 4})  # far left: a threshold of a few per cent

    expect(page.locator(".vega-bind", has=slider).first).not_to_contain_text("50")
    page.wait_for_function(
        "([canvas, before]) => canvas.toDataURL() !== before", arg=[canvas.element_handle(), before], timeout=10_000
    )
