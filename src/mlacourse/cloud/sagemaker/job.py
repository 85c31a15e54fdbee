"""The life of one job: it runs in the background in a container, can be stopped, interrupted and limited in time.

A job really runs, in seconds of this machine, while the cloud's clock stands still; what the clock moves meanwhile
counts as running time too. So ``MaxRuntimeInSeconds`` ends a job after as many real seconds, or as soon as the clock
has moved by them.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from mlacourse.cloud.sagemaker.child import Child
from mlacourse.cloud.sagemaker.container import Container
from mlacourse.cloud.sagemaker.state import invalid

if TYPE_CHECKING:
    from mlacourse.cloud.sagemaker.logs import LogStream
    from mlacourse.cloud.sagemaker.roles import Role

Status = Literal["InProgress", "Completed", "Failed", "Stopping", "Stopped"]
Ending = Literal["Stopped", "MaxRuntimeExceeded", "MaxWaitTimeExceeded"]
END_MESSAGES: Mapping[Ending, str] = {
    "Stopped": "Training job stopped",
    "MaxRuntimeExceeded": "Training job runtime exceeded MaxRuntimeInSeconds provided",
    "MaxWaitTimeExceeded": "Training job wait time exceeded MaxWaitTimeInSeconds provided",
}

# AWS waits 120 seconds between SIGTERM and SIGKILL; a lab does not.
GRACE = 10.0
REASON_LETTERS = 1024
_TICK = 0.2


class JobFailedError(Exception):
    """The end of a job that did not succeed; the text becomes its ``FailureReason``."""


class Job:
    """What a ``Describe…Job`` operation tells, and the thread that makes it so."""

    def __init__(
        self,
        request: dict[str, Any],
        arn: str,
        role: Role,
        log: LogStream,
        max_runtime: float,
    ) -> None:
        self.request, self.arn, self.role, self.log, self.max_runtime = request, arn, role, log, max_runtime
        self.clock = role.cloud.clock
        self.created = self.modified = self.clock.now()
        self.started: datetime | None = None
        self.ended: datetime | None = None
        self.status: Status = "InProgress"
        self.reason: str | None = None
        self.ending: Ending | None = None
        self.interrupted_until: datetime | None = None
        self.transitions: list[dict[str, Any]] = []
        self.container = Container()
        self.changed = threading.Condition()
        self.killed = False
        self._child: Child | None = None
        self._seconds = 0.0
        self._running_since: tuple[float, datetime] | None = None
        self._thread: threading.Thread | None = None

    def start(self, work: Callable[[], object]) -> None:
        """Begin in the background.

        ``work`` is the whole job. It calls :meth:`enter` for each stage and :meth:`run` for the container, returns at
        the end, also when the job was told to end, and raises :class:`JobFailedError` for a failure.
        """
        self._thread = threading.Thread(target=self._live, args=(work,), name=self.arn, daemon=True)
        self._thread.start()

    @property
    def secondary(self) -> str:
        """The stage that the job is in."""
        return str(self.transitions[-1]["Status"])

    def enter(self, secondary: str, message: str) -> None:
        """Move on to a stage, or report progress within it."""
        with self.changed:
            now = self.modified = self.clock.now()
            if self.transitions and self.transitions[-1]["Status"] == secondary:
                self.transitions[-1]["StatusMessage"] = message
            else:
                if self.transitions:
                    self.transitions[-1]["EndTime"] = now
                self.transitions.append({"Status": secondary, "StartTime": now, "StatusMessage": message})
            self.changed.notify_all()

    def run(
        self,
        command: Sequence[str],
        variables: Mapping[str, str],
        on_line: Callable[[str], object],
        folder: str,
        on_tick: Callable[[], object] = lambda: None,
    ) -> int:
        """Run a program in the container to its end and return its exit code; ``on_tick`` is called meanwhile."""
        with self.changed:
            if self.told_to_end:
                return 0
            self._running_since = (time.monotonic(), self.clock.now())
            child = self._child = Child(
                self.container.command(command),
                environment=self.container.environment(variables),
                root=self.container.root,
                folder=self.container.path(folder),
                on_line=lambda line: on_line(self.container.inside(line)),
            )
            self.changed.notify_all()
        left = timedelta(seconds=self.max_runtime - self._seconds)
        alarm = self.clock.after(left, lambda: self.end("MaxRuntimeExceeded"))
        try:
            while True:
                try:
                    return child.wait(_TICK)
                except TimeoutError:
                    on_tick()
                    if self.seconds > self.max_runtime:
                        self.end("MaxRuntimeExceeded")
        except BaseException:
            child.kill()
            raise
        finally:
            self.clock.cancel(alarm)
            with self.changed:
                self._seconds, self._running_since, self._child = self.seconds, None, None

    @property
    def interruptions(self) -> int:
        """How often the job was interrupted so far."""
        return sum(transition["Status"] == "Interrupted" for transition in self.transitions)

    @property
    def running(self) -> bool:
        """Whether a program runs in the container."""
        return self._child is not None

    @property
    def told_to_end(self) -> bool:
        """Whether the container has to end, for good or for an interruption."""
        return self.killed or self.ending is not None or self.interrupted_until is not None

    @property
    def seconds(self) -> float:
        """How long the job's programs have run: real seconds, and those that the cloud's clock moved meanwhile."""
        if self._running_since is None:
            return self._seconds
        began, instant = self._running_since
        return self._seconds + (time.monotonic() - began) + (self.clock.now() - instant).total_seconds()

    @property
    def whole_seconds(self) -> int:
        """The running time as it is billed."""
        return math.ceil(self.seconds)

    def stop(self, kind: str) -> None:
        """Do what ``Stop…Job`` asks for; raises :class:`AwsError` for a job that has ended."""
        with self.changed:
            if self.status not in ("InProgress", "Stopping"):
                raise invalid(f"The request was rejected because the {kind} job is in status {self.status}.")
            self.end("Stopped")

    def end_after(self, seconds: float, ending: Ending) -> None:
        """End the job once the cloud's clock has moved on by this much."""
        self.clock.after(timedelta(seconds=seconds), lambda: self.end(ending))

    def end(self, ending: Ending) -> None:
        """Tell the job to end for good; the first reason counts."""
        with self.changed:
            if self.ended is not None or self.ending is not None:
                return
            self.ending = ending
            self.status = "Stopping"
            self.enter("Stopping", "Stopping the training job")
            self._end_program()

    def interrupt(self, until: datetime) -> None:
        """Take the instance away, as Spot does; there is capacity again at this instant of the cloud's clock."""
        with self.changed:
            self.interrupted_until = until
            self._end_program()

    def await_capacity(self) -> None:
        """Wait for the end of an interruption, or for the end of the job."""
        until = self.interrupted_until
        assert until is not None
        # Outside the lock: the clock calls back into jobs with its own lock held.
        self.clock.at(until, self.notify)
        with self.changed:
            self.changed.wait_for(lambda: self.clock.now() >= until or self.killed or self.ending is not None)
            self.interrupted_until = None

    def notify(self) -> None:
        """Let whoever waits for a change look again."""
        with self.changed:
            self.changed.notify_all()

    def wait(self) -> None:
        """Wait for the end of the job."""
        if self._thread is not None:
            self._thread.join()

    def kill(self) -> None:
        """End the job at once, with the account that it was in."""
        with self.changed:
            self.killed = True
            if self._child is not None:
                self._child.stop(0)
            self.changed.notify_all()
        self.wait()

    def _end_program(self) -> None:
        if self._child is not None:
            self._child.stop(GRACE)
        self.changed.notify_all()

    def _live(self, work: Callable[[], object]) -> None:
        try:
            work()
            if self.ending is None:
                self._finish("Completed", "Completed", "Training job completed")
            else:
                self._finish("Stopped", self.ending, END_MESSAGES[self.ending])
        except JobFailedError as failure:
            self.reason = str(failure)[:REASON_LETTERS]
            self._finish("Failed", "Failed", "Training job failed")
        except Exception as defect:  # ours, and said as such
            self.role.cloud.defects.append(defect)
            self.reason = f"InternalServerError: the offline cloud failed, not AWS: {defect!r}"
            self._finish("Failed", "Failed", "Training job failed")
        finally:
            self.container.remove()

    def _finish(self, status: Status, secondary: str, message: str) -> None:
        if self.killed:
            self.log.abandon()
        else:
            self.log.close()
        with self.changed:
            self.enter(secondary, message)
            self.status = status
            self.ended = self.transitions[-1]["EndTime"] = self.modified
