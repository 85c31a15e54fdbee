"""Serving the built site on this machine: its page for wrong addresses, and a reload after each build."""

import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

RELOAD_SCRIPT = b"""addEventListener("load", () => {
  const wait = () => {
    const script = document.createElement("script");
    script.src = "/_changed?" + Date.now();
    script.onload = script.onerror = () => { script.remove(); setTimeout(wait, 200); };
    document.head.append(script);
  };
  wait();
});
"""
_LONGEST_WAIT_S = 25.0


class Changes:
    """Tells the pages that are open when the site has been built again."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._builds = 0

    def announce(self) -> None:
        """Say that the site has changed."""
        with self._changed:
            self._builds += 1
            self._changed.notify_all()

    def wait(self) -> bool:
        """Wait for the next change; ``False`` if none came for a while."""
        with self._changed:
            seen = self._builds
            return self._changed.wait_for(lambda: self._builds > seen, timeout=_LONGEST_WAIT_S)


class Handler(SimpleHTTPRequestHandler):
    """Files of the site; with ``changes``, pages that reload themselves."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, base_path: str, changes: Changes | None, **kwargs: Any) -> None:
        self.base_path = base_path
        self.changes = changes
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        """Answer a request."""
        path = urlsplit(self.path).path
        if self.changes and path == "/_live.js":
            self._send(200, RELOAD_SCRIPT, "text/javascript")
        elif self.changes and path == "/_changed":
            self._send(200, b"location.reload()" if self.changes.wait() else b"", "text/javascript")
        else:
            self._send_file()

    def _send_file(self) -> None:
        file, page = Path(self.translate_path(self.path)), Path(self.directory, "404.html")
        if file.is_dir():
            file /= "index.html"
        if not file.is_file() or file == page:
            text = page.read_text(encoding="utf-8") if page.is_file() else "There is no page at this address."
            # Its links start where the published site does; here the site starts at the top.
            self._send(
                200 if file == page else 404,
                text.replace(f'"{self.base_path}', '"/').encode(),
                "text/html; charset=utf-8",
            )
            return
        content, kind = file.read_bytes(), self.guess_type(file)
        if kind == "text/html":
            kind = "text/html; charset=utf-8"
            if self.changes:
                content = content.replace(b"</body>", b'<script src="/_live.js" defer></script>\n</body>')
        self._send(200, content, kind)

    def _send(self, status: int, content: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-cache")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: the terminal is for builds."""


class Server(ThreadingHTTPServer):
    """Serves every page in a thread of its own; a browser that hangs up is no fault."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report what went wrong, unless the other side has left."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def server(folder: Path, base_url: str, *, port: int = 0, changes: Changes | None = None) -> Server:
    """Return a server of ``folder`` on localhost; a taken port gives way to a free one."""
    handler = partial(Handler, directory=str(folder), base_path=urlsplit(base_url).path, changes=changes)
    try:
        return Server(("127.0.0.1", port), handler)
    except OSError:
        return Server(("127.0.0.1", 0), handler)
