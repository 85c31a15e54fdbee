"""Files of this machine at an address, as a reader's browser gets them.

Pages opened from ``file://`` would do, but Chromium gives 3 to 12 % of those that touch their storage early an empty
one of its own.
"""

import threading
from functools import cache
from pathlib import Path

from mlacourse.site.server import server


@cache
def _origin() -> str:
    running = server(Path("/"), "/")
    threading.Thread(target=running.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{running.server_port}"


def address_of(path: Path) -> str:
    """Return where a browser finds a file or a folder; the one server lives as long as the tests."""
    return _origin() + path.resolve().as_posix()
