"""One running container that serves one model: started from image and model data, pinged, invoked, stopped."""

from __future__ import annotations

import http.client
import tarfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mlacourse.cloud.sagemaker import artifacts
from mlacourse.cloud.sagemaker.artifacts import Location
from mlacourse.cloud.sagemaker.child import Child, free_port
from mlacourse.cloud.sagemaker.container import CODE, ML, PROGRAM, Container

if TYPE_CHECKING:
    from mlacourse.cloud.sagemaker.image import Image
    from mlacourse.cloud.sagemaker.logs import LogStream
    from mlacourse.cloud.sagemaker.roles import Role

# AWS gives a container several minutes to answer its first ping with 200. A lab does not wait that long for one that
# has not listened by then, and less for one that answers, but not with 200.
SILENT_SECONDS = 30.0
UNHEALTHY_SECONDS = 5.0
PING_TIMEOUT = 2.0
INVOCATION_TIMEOUT = 60.0
# AWS: SIGKILL 30 seconds after SIGTERM.
GRACE = 3.0
_TICK = 0.02
_NO_PING = (
    "The primary container for production variant {} did not pass the ping health check. Please check CloudWatch logs "
    "for this endpoint."
)


class StartError(Exception):
    """A container that did not come up; the text becomes the endpoint's ``FailureReason``."""


class StoppedError(Exception):
    """An invocation of a server that takes no more of them, because it is being stopped."""


class NoAnswerError(Exception):
    """An invocation that the container did not answer, with SageMaker's words for why."""


@dataclass(frozen=True)
class Answer:
    """What a container answered, and how long it took."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float


class ModelServer:
    """A container of one variant. ``start`` it, then ``invoke`` it from any thread, then ``stop`` it."""

    def __init__(self, variant: str, model: Mapping[str, Any], image: Image, role: Role, log: LogStream) -> None:
        self._variant, self._image, self._role, self._log = variant, image, role, log
        self._definition: Mapping[str, Any] = model["PrimaryContainer"]
        self._isolated: bool = model["EnableNetworkIsolation"]
        self._container = Container()
        self._child: Child | None = None
        self._changed = threading.Condition()
        self._answering = 0
        self._stopped = False

    def start(self) -> None:
        """Bring the model, start the program and wait until it answers a ping; raises :class:`StartError`."""
        self._bring_model()
        self._image.install(self._container)
        if self._stopped:
            raise StartError(_NO_PING.format(self._variant))
        self.port = free_port()
        self._child = Child(
            self._container.command(self._image.serve_command()),
            environment=self._container.environment(self._variables()),
            root=self._container.root,
            folder=self._container.path(ML if self._image.script_mode else PROGRAM),
            on_line=lambda line: self._log.write(self._container.inside(line)),
        )
        self._await_ping()

    def invoke(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send ``POST /invocations``; raises :class:`NoAnswerError` or :class:`StoppedError`."""
        with self._changed:
            if self._stopped:
                raise StoppedError
            self._answering += 1
        begun = time.perf_counter()
        try:
            answer = self._request("POST", "/invocations", INVOCATION_TIMEOUT, body, headers)
        except TimeoutError:
            raise NoAnswerError(
                "Your invocation timed out while waiting for a response from container primary. Review the latency "
                "metrics for each container in Amazon CloudWatch, resolve the issue, and try again."
            ) from None
        except (OSError, http.client.HTTPException):
            raise NoAnswerError("Unable to get response from container primary: the connection was closed.") from None
        finally:
            with self._changed:
                self._answering -= 1
                self._changed.notify_all()
        return Answer(answer[0], answer[1], answer[2], time.perf_counter() - begun)

    def refuse(self) -> None:
        """Take no more invocations, and give up a start that is under way."""
        with self._changed:
            self._stopped = True

    def stop(self) -> None:
        """Let the invocations under way be answered, then end the program and delete its files."""
        self.refuse()
        with self._changed:
            self._changed.wait_for(lambda: self._answering == 0, GRACE)
        if self._child is not None:
            self._child.stop(GRACE)
            self._child.wait()
        self._log.close()
        self._container.remove()

    def kill(self) -> None:
        """End the program at once, with the account that its logs were for."""
        self.refuse()
        if self._child is not None:
            self._child.kill()
        self._log.abandon()
        self._container.remove()

    def _bring_model(self) -> None:
        url = self._definition.get("ModelDataUrl")
        folder = self._container.path(f"{ML}/model")
        folder.mkdir()
        if url is not None:
            self._unpack(url, folder, "model data")
        submitted = self._definition.get("Environment", {}).get("SAGEMAKER_SUBMIT_DIRECTORY", "")
        if self._image.script_mode and submitted.startswith("s3://"):
            self._unpack(submitted, self._container.path(CODE), "code")

    def _unpack(self, url: str, folder: Path, what: str) -> None:
        place = Location.parse(url)
        try:
            archive = self._role.s3.get_object(Bucket=place.bucket, Key=place.key)["Body"].read()
            artifacts.unpack(archive, folder)
        except ClientError:
            raise StartError(
                f'Failed to download {what} for container "container_1" from URL: "{url}". Please ensure that there is '
                "an object located at the URL and that the role passed to CreateModel has permissions to download the "
                "object."
            ) from None
        except (tarfile.TarError, OSError):
            raise StartError(
                f'Failed to extract {what} for container "container_1" from URL: "{url}". Please ensure that the '
                "object located at the URL is a valid tar.gz archive."
            ) from None

    def _variables(self) -> dict[str, str]:
        given: dict[str, str] = dict(self._definition.get("Environment", {}))
        if self._image.script_mode:
            submitted = given.get("SAGEMAKER_SUBMIT_DIRECTORY", f"{ML}/model/code")
            given["SAGEMAKER_SUBMIT_DIRECTORY"] = CODE if submitted.startswith("s3://") else submitted
            given.setdefault("SAGEMAKER_PROGRAM", "inference.py")
        keys = self._role.environment(isolated=self._isolated)
        return {**keys, **given, "SAGEMAKER_BIND_TO_PORT": str(self.port)}

    def _await_ping(self) -> None:
        assert self._child is not None
        deadline = time.monotonic() + SILENT_SECONDS
        answered = False
        while self._child.running and not self._stopped and time.monotonic() < deadline:
            try:
                status, _, _ = self._request("GET", "/ping", PING_TIMEOUT)
            except (OSError, http.client.HTTPException):
                time.sleep(_TICK)
                continue
            if status == HTTPStatus.OK:
                self._log.flush()
                return
            if not answered:
                answered, deadline = True, time.monotonic() + UNHEALTHY_SECONDS
            time.sleep(_TICK)
        raise StartError(_NO_PING.format(self._variant))

    def _request(
        self, method: str, path: str, timeout: float, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, {**(headers or {}), "Connection": "close"})
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read()
        finally:
            connection.close()
