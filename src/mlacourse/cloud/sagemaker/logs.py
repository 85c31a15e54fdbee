"""A CloudWatch log stream that a program's output goes to, line by line, with its role's keys."""

from __future__ import annotations

import contextlib
import queue
import threading
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from mlacourse.cloud.sagemaker.roles import Role

_MOST_EVENTS = 1000
_PATIENCE = 0.1


class LogStream:
    """Writes lines in the background; a role without permission writes none, and its program goes on, as on AWS."""

    def __init__(self, role: Role, group: str, stream: str) -> None:
        self._role = role
        self._name = {"logGroupName": group, "logStreamName": stream}
        # An event asks to be told once everything before it is written; None is the end.
        self._lines: queue.SimpleQueue[tuple[int, str] | threading.Event | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write, name=f"logs {stream}", daemon=True)
        self._writer.start()

    def write(self, line: str) -> None:
        """Add a line at the cloud's time."""
        # CloudWatch Logs refuses an empty message.
        self._lines.put((int(self._role.cloud.clock.now().timestamp() * 1000), line or " "))

    def flush(self) -> None:
        """Wait until what was added so far is written."""
        written = threading.Event()
        self._lines.put(written)
        while self._writer.is_alive() and not written.wait(_PATIENCE):
            pass

    def close(self) -> None:
        """Write what is left and end."""
        self.abandon()
        self._writer.join()

    def abandon(self) -> None:
        """End without waiting for what is left to be written."""
        self._lines.put(None)

    def _write(self) -> None:
        created = ended = False
        while not ended:
            batch = [self._lines.get()]
            while len(batch) < _MOST_EVENTS and not self._lines.empty():
                batch.append(self._lines.get())
            ended = batch[-1] is None
            events = [{"timestamp": line[0], "message": line[1]} for line in batch if isinstance(line, tuple)]
            try:
                if events and not created:
                    self._create()
                    created = True
                if events:
                    self._role.logs.put_log_events(**self._name, logEvents=events)
            except (ClientError, BotoCoreError):
                return
            for line in batch:
                if isinstance(line, threading.Event):
                    line.set()

    def _create(self) -> None:
        logs = self._role.logs
        try:
            logs.create_log_stream(**self._name)
        except logs.exceptions.ResourceNotFoundException:
            with contextlib.suppress(logs.exceptions.ResourceAlreadyExistsException):
                logs.create_log_group(logGroupName=self._name["logGroupName"])
            logs.create_log_stream(**self._name)
