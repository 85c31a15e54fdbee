"""One endpoint: its status, the fleets that answer for it, and what they copy to shadows."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from random import Random
from typing import TYPE_CHECKING, Any

from mlacourse.cloud.sagemaker.background import in_background
from mlacourse.cloud.sagemaker.fleet import Fleet
from mlacourse.cloud.sagemaker.model_server import StartError

if TYPE_CHECKING:
    from mlacourse.cloud.sagemaker.deployments import Deployment
    from mlacourse.cloud.session import Cloud

_IN_PROGRESS = ("Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting")


class Endpoint:
    """An endpoint of an account.

    ``traffic`` are the fleets that answer, with the share of requests that each gets. A deployment launches a second
    fleet beside the first and moves traffic with :meth:`shift`, at once or in steps; ``deployment`` is the latest.
    """

    def __init__(self, cloud: Cloud, name: str, arn: str) -> None:
        self.name, self.arn, self._cloud = name, arn, cloud
        self.created = self.modified = cloud.clock.now()
        self.status = "Creating"
        self.reason: str | None = None
        self.config: dict[str, Any] = {}
        self.traffic: list[tuple[Fleet, float]] = []
        self.deployment: Deployment | None = None
        self.deployment_config: dict[str, Any] | None = None
        self._launching: list[Fleet] = []
        self._launches: list[Future[None]] = []
        self._killed = False
        self._lock = threading.Lock()
        self._copies: list[tuple[Future[Any], Callable[[Any], object]]] = []

    @property
    def in_progress(self) -> bool:
        """Whether the endpoint is being changed, so that it cannot be changed again."""
        return self.status in _IN_PROGRESS

    @property
    def fleet(self) -> Fleet:
        """The fleet whose configuration the endpoint has: the first of ``traffic``."""
        return self.traffic[0][0]

    def enter(self, status: str, reason: str | None = None) -> None:
        """Take on a status."""
        # The status comes last: who reads a new one finds what belongs to it.
        self.reason, self.modified, self.status = reason, self._cloud.clock.now(), status

    def launch(self, fleet: Fleet, started: Callable[[], object], failed: Callable[[str], object]) -> None:
        """Start a prepared fleet in the background; then ``started`` is called, or ``failed`` with the reason."""

        def run() -> None:
            try:
                fleet.start()
                if self._killed:
                    fleet.kill()
                else:
                    started()
            except StartError as error:
                failed(str(error))
            except Exception as defect:  # ours, and said as such
                self._cloud.defects.append(defect)
                failed(f"InternalServerError: the offline cloud failed, not AWS: {defect!r}")
            finally:
                self._launching.remove(fleet)

        self._launching.append(fleet)
        self._launches.append(in_background(run))

    def choose(self, random: Random) -> Fleet:
        """Return the fleet that gets a request, by share."""
        return random.choices([fleet for fleet, _ in self.traffic], [share for _, share in self.traffic])[0]

    def shift(self, *traffic: tuple[Fleet, float]) -> None:
        """Send requests to these fleets from here on, and stop a fleet that is not among them any more."""
        before, self.traffic = self.traffic, list(traffic)
        for fleet, _ in before:
            if all(fleet is not kept for kept, _ in traffic):
                fleet.stop()

    def copy(self, send: Callable[[], Any], sent: Callable[[Any], object]) -> None:
        """Send a copy of a request in the background; ``sent`` gets its answer at a later :meth:`settle`."""
        self.settle(wait=False)
        with self._lock:
            self._copies.append((in_background(send), sent))
        # Whatever was sent before the clock moves counts at the instant when it was sent.
        self._cloud.clock.at(self._cloud.clock.now(), self.settle)

    def settle(self, *, wait: bool = True) -> None:
        """Account for the copies that shadows have answered; with ``wait``, for all of them."""
        with self._lock:
            copies, self._copies = self._copies, []
        for future, sent in copies:
            if wait or future.done():
                sent(future.result())
            else:
                with self._lock:
                    self._copies.append((future, sent))

    def delete(self) -> None:
        """End every process of an endpoint that is not being changed, once what is under way is done."""
        self.settle()
        self.shift()

    def kill(self) -> None:
        """End every process of this endpoint at once, with the account that it was in."""
        self._killed = True
        for fleet in [*self._launching]:
            fleet.abandon()
        wait(self._launches)
        for fleet, _ in self.traffic:
            fleet.kill()
