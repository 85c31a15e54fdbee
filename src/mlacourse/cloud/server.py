"""The loopback HTTP server: one thread a connection, kept alive, header names untouched."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, dict[str, str], bytes]
# method, target, headers as they were sent, body
Application = Callable[[str, str, list[tuple[str, str]], bytes], Answer]


class Server:
    """Serves an application on a free port of the loopback until it is closed."""

    def __init__(self, application: Application) -> None:
        self._listener = _Listener(application)
        self._thread = threading.Thread(
            target=self._listener.serve_forever, kwargs={"poll_interval": 0.05}, name="offline-aws", daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._listener.server_port

    def close(self) -> None:
        """Stop listening and hang up on every client."""
        self._listener.shutdown()
        self._thread.join()
        self._listener.server_close()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, application: Application) -> None:
        self.application = application
        self._connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer a client in a thread of its own, remembering its connection."""
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Hang up on a client."""
        self._connections.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Free the port and hang up on the clients that still hold a connection."""
        super().server_close()
        for connection in list(self._connections):
            self.shutdown_request(connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing about a client that hung up in the middle of an answer."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one packet an answer
    server: _Listener

    def _answer(self) -> None:
        if "://" in self.path.split("?")[0]:  # a proxy's request, for another host
            self.do_CONNECT()
            return
        sent = list(self.headers.raw_items())
        status, answer_headers, body = self.server.application(self.command, self.path, sent, self._body())
        self.send_response_only(status)
        length = str(len(body))
        if self.command == "HEAD":  # tells the length of what it does not send
            length = next((v for n, v in answer_headers.items() if n.lower() == "content-length"), length)
        answer_headers = {n: v for n, v in answer_headers.items() if n.lower() != "content-length"}
        answer_headers["Content-Length"] = length
        for name, value in answer_headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_CONNECT(self) -> None:
        """Refuse to be the way out: child processes have this server as their proxy."""
        self.send_response_only(403, "This would leave the machine, and the offline cloud is running")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = do_PATCH = do_OPTIONS = _answer  # noqa: N815

    def handle_expect_100(self) -> bool:
        """Tell a client at once that it may send the body that it holds back."""
        super().handle_expect_100()
        self.wfile.flush()
        return True

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return b"".join(parts)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep a notebook's output to what the learner prints."""
