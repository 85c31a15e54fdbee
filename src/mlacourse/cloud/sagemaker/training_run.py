"""One training job from download to upload, with what happens to it on the way."""

from __future__ import annotations

import sys
import tarfile
from collections import deque
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mlacourse.cloud.sagemaker import artifacts, toolkit
from mlacourse.cloud.sagemaker.artifacts import Location
from mlacourse.cloud.sagemaker.checkpoints import Checkpoints
from mlacourse.cloud.sagemaker.container import CODE, PROGRAM
from mlacourse.cloud.sagemaker.job import JobFailedError
from mlacourse.cloud.sagemaker.training_metrics import TrainingMetrics

if TYPE_CHECKING:
    from mlacourse.cloud.sagemaker.image import Image
    from mlacourse.cloud.sagemaker.job import Job

FAILURE = "output/failure"
FAILURE_LETTERS = 1024
_LAST_LINES = 200


class TrainingRun:
    """The work of one job; it is called in the job's thread."""

    def __init__(self, job: Job, image: Image, tuning_job: str | None = None) -> None:
        request = job.request
        # The ARN of the tuning job that this one is a trial of.
        self.tuning_job = tuning_job
        self.name: str = request["TrainingJobName"]
        self.metrics = TrainingMetrics(self.name, request["AlgorithmSpecification"].get("MetricDefinitions", []))
        self.checkpoints = Checkpoints(request.get("CheckpointConfig"), job.container, job.role.s3)
        self.job, self._image, self._request = job, image, request
        self._ml = job.container.ml
        self._output: deque[str] = deque(maxlen=_LAST_LINES)

    def artifact(self, name: str) -> Location:
        """Return where SageMaker puts an archive of this job."""
        place = Location.parse(self._request["OutputDataConfig"]["S3OutputPath"])
        return place.below(self.name, "output", name)

    def __call__(self) -> None:
        """Run the job, once more after each interruption, and store what it made."""
        job = self.job
        code = self._attempt()
        while job.interrupted_until is not None and job.ending is None:
            job.enter("Interrupted", "Training job interrupted")
            job.await_capacity()
            if not job.told_to_end:
                job.enter("Starting", "Launching requested ML instances")
                code = self._attempt()
        if job.killed:
            return
        if code != 0 and job.ending is None:
            raise JobFailedError(f"AlgorithmError: {job.container.read(FAILURE, FAILURE_LETTERS)}, exit code: {code}")
        job.enter("Uploading", "Uploading generated training model")
        try:
            self._upload()
        except ClientError as error:
            raise JobFailedError(f"ClientError: Artifact upload failed:{s3_reason(error)}") from None

    def _attempt(self) -> int:
        """Give the container its files and run it until it ends; returns its exit code."""
        job = self.job
        if job.told_to_end:
            return 0
        job.enter("Pending", "Preparing the instances for training")
        job.container.empty()
        job.started = job.started or job.clock.now()
        job.enter("Downloading", "Downloading input data")
        try:
            self._download()
            self.checkpoints.restore()
        except ClientError as error:
            raise JobFailedError(f"ClientError: Data download failed:{s3_reason(error)}") from None
        if job.told_to_end:
            return 0
        job.enter("Training", "Downloading the training image")
        self._image.install(job.container)
        command, variables, folder = self._script() if self._image.script_mode else self._program()
        job.enter("Training", "Training image download completed. Training in progress.")
        code = job.run(command, self._common_variables() | variables, self._read, folder, self._tick)
        if job.killed:
            return code
        self._store_checkpoints(ended=True)
        self.metrics.send(job.role)
        if code != 0 and self._image.script_mode and not job.told_to_end:
            _, *words = command[1:]
            text = toolkit.failure(code, list(self._output), command[1], words)
            (self._ml / FAILURE).write_text(text, encoding="utf-8")
        return code

    def _download(self) -> None:
        request, container = self._request, self.job.container
        mode = request["AlgorithmSpecification"]["TrainingInputMode"]
        self._channels = toolkit.input_data_config(request.get("InputDataConfig", []), mode)
        self._resources = toolkit.resource_config(request["ResourceConfig"]["InstanceType"])
        given: Mapping[str, str] = request.get("HyperParameters", {})
        self._hyperparameters = {name: container.outside(value) for name, value in given.items()}
        container.write("input/config/hyperparameters.json", self._hyperparameters)
        container.write("input/config/inputdataconfig.json", self._channels)
        container.write("input/config/resourceconfig.json", self._resources)
        for channel in request.get("InputDataConfig", []):
            place = Location.parse(channel["DataSource"]["S3DataSource"]["S3Uri"])
            artifacts.download(self.job.role.s3, place, self._ml / "input" / "data" / channel["ChannelName"])
        for folder in ("model", "output/data", "code"):
            (self._ml / folder).mkdir(parents=True)

    def _common_variables(self) -> dict[str, str]:
        job = self.job
        names = {"TRAINING_JOB_NAME": self.name, "TRAINING_JOB_ARN": job.arn}
        keys = job.role.environment(isolated=self._request.get("EnableNetworkIsolation", False))
        return {**keys, **names, **self._request.get("Environment", {})}

    def _program(self) -> tuple[Sequence[str], dict[str, str], str]:
        """Return command, variables and folder of an image's own ``train``."""
        algorithm = self._request["AlgorithmSpecification"]
        words = [*algorithm.get("ContainerEntrypoint", ["train"]), *algorithm.get("ContainerArguments", [])]
        return words, {}, PROGRAM

    def _script(self) -> tuple[Sequence[str], dict[str, str], str]:
        """Return command, variables and folder of a script, as the training toolkit runs it."""
        read = toolkit.settings(self._hyperparameters, self._request.get("Environment", {}))
        if not read.program:
            raise JobFailedError(
                "AlgorithmError: framework error: no script was named. Set the hyperparameter sagemaker_program, and "
                "sagemaker_submit_directory to its s3://….tar.gz., exit code: 1"
            )
        if read.submit_directory and read.submit_directory.startswith("s3://"):
            self._unpack_code(Location.parse(read.submit_directory))
        variables = toolkit.variables(read, self._ml, self.name, self._resources, self._channels)
        words = toolkit.arguments(read.hyperparameters)
        runner = "sh" if read.program.endswith(".sh") else sys.executable
        return [runner, read.program, *words], variables, CODE

    def _unpack_code(self, place: Location) -> None:
        try:
            archive = self.job.role.s3.get_object(Bucket=place.bucket, Key=place.key)["Body"].read()
            artifacts.unpack(archive, self._ml / "code")
        except ClientError as error:
            raise JobFailedError(
                f"AlgorithmError: framework error: {place.uri}: {s3_reason(error)}, exit code: 1"
            ) from None
        except (tarfile.TarError, OSError):
            raise JobFailedError(
                f"AlgorithmError: framework error: {place.uri} is not a tar.gz archive, exit code: 1"
            ) from None

    def _read(self, line: str) -> None:
        """Take one line of the program's output."""
        self._output.append(line)
        self.job.log.write(line)
        self.metrics.read(line, self.job.clock.now())
        if self.metrics.closed:
            self.job.end("Stopped")

    def _tick(self) -> None:
        self.metrics.send(self.job.role)
        if self._store_checkpoints():
            self.job.notify()

    def _store_checkpoints(self, *, ended: bool = False) -> bool:
        try:
            return self.checkpoints.sync(ended=ended)
        except ClientError as error:
            raise JobFailedError(f"ClientError: Checkpoint upload failed:{s3_reason(error)}") from None

    def _upload(self) -> None:
        key = self._request["OutputDataConfig"].get("KmsKeyId")
        encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key} if key else {}
        modified = self.job.clock.now().timestamp()
        for folder, name in (("model", "model.tar.gz"), ("output/data", "output.tar.gz")):
            if artifacts.files(self._ml / folder):
                place = self.artifact(name)
                body = artifacts.packed(self._ml / folder, modified)
                self.job.role.s3.put_object(Bucket=place.bucket, Key=place.key, Body=body, **encryption)


def s3_reason(error: ClientError) -> str:
    """Return what S3 said, as SageMaker repeats it."""
    answer: Any = error.response
    status = answer["ResponseMetadata"]["HTTPStatusCode"]
    return f"{answer['Error']['Code']} ({status}): {answer['Error']['Message']}"
