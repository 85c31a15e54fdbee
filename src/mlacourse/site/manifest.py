"""The web manifest and its icons, so that a browser can install the site and keeps what is stored there longer."""

import json
from pathlib import Path

import vl_convert
from sphinx.application import Sphinx

NAME = "manifest.webmanifest"
_FAVICON_PIXELS = 32
_ICON_PIXELS = (192, 512)
# As the theme's tokens have them: the page's light background, and the favicon's own.
_BACKGROUND, _ACCENT = "#fbfaf7", "#0a5f56"


def register(app: Sphinx) -> None:
    """Write both beside the other assets when the pages are written; the front end's frame links the manifest."""
    app.connect("build-finished", _write)


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception:
        return
    folder = Path(app.outdir, "_static")
    favicon = (folder / "favicon.svg").read_text(encoding="utf-8")
    icons = [{"src": "favicon.svg", "sizes": "any", "type": "image/svg+xml"}]
    for purpose, svg in (("any", favicon), ("maskable", _maskable(favicon))):
        for pixels in _ICON_PIXELS:
            name = f"icon-{purpose}-{pixels}.png"
            (folder / name).write_bytes(vl_convert.svg_to_png(svg, scale=pixels / _FAVICON_PIXELS))
            icons.append({"src": name, "sizes": f"{pixels}x{pixels}", "type": "image/png", "purpose": purpose})
    manifest = {
        "name": app.config.html_title,
        "short_name": app.config.html_title,
        "start_url": "../index.html",
        "scope": "../",
        "display": "standalone",
        "background_color": _BACKGROUND,
        "theme_color": _BACKGROUND,
        "icons": icons,
    }
    (folder / NAME).write_text(json.dumps(manifest, indent=2, ensure_ascii=False), encoding="utf-8")


def _maskable(favicon: str) -> str:
    """Return the favicon on a ground that systems may cut to any shape: what counts stays in the middle."""
    inner = favicon.replace("<svg", '<svg x="4" y="4" width="24" height="24"', 1)
    ground = f'<rect width="32" height="32" fill="{_ACCENT}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32" height="32">{ground}{inner}</svg>'
