"""One processing job from download to upload."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mlacourse.cloud.sagemaker import artifacts, toolkit
from mlacourse.cloud.sagemaker.artifacts import Location
from mlacourse.cloud.sagemaker.container import ML
from mlacourse.cloud.sagemaker.job import JobFailedError
from mlacourse.cloud.sagemaker.training_run import FAILURE, FAILURE_LETTERS, s3_reason

if TYPE_CHECKING:
    from mlacourse.cloud.sagemaker.image import Image
    from mlacourse.cloud.sagemaker.job import Job

MESSAGE = "output/message"


class ProcessingRun:
    """The work of one job; it is called in the job's thread."""

    def __init__(self, job: Job, image: Image) -> None:
        self.job, self._image, self._request = job, image, job.request
        self.message = ""

    def __call__(self) -> None:
        """Bring the inputs, run the program, store the outputs."""
        job, request, container = self.job, self._request, self.job.container
        job.started = job.clock.now()
        job.enter("Downloading", "Downloading inputs")
        container.write("config/processingjobconfig.json", {"ProcessingJobArn": job.arn, **request})
        resources = request["ProcessingResources"]["ClusterConfig"]
        container.write("config/resourceconfig.json", toolkit.resource_config(resources["InstanceType"]))
        try:
            for given in request.get("ProcessingInputs", []):
                source = given["S3Input"]
                artifacts.download(job.role.s3, Location.parse(source["S3Uri"]), self._folder(source["LocalPath"]))
        except ClientError as error:
            raise JobFailedError(f"ClientError: Data download failed:{s3_reason(error)}") from None
        for output in self._outputs:
            self._folder(output["LocalPath"])
        self._image.install(container)
        application = request["AppSpecification"]
        words = [*application["ContainerEntrypoint"], *application.get("ContainerArguments", [])]
        names = {"PROCESSING_JOB_NAME": request["ProcessingJobName"], "PROCESSING_JOB_ARN": job.arn}
        isolated = request.get("NetworkConfig", {}).get("EnableNetworkIsolation", False)
        variables = {**job.role.environment(isolated=isolated), **names, **request.get("Environment", {})}
        job.enter("Training", "Processing")
        code = job.run(words, variables, job.log.write, ML)
        if job.killed:
            return
        self.message = container.read(MESSAGE, FAILURE_LETTERS)
        if code != 0 and job.ending is None:
            raise JobFailedError(f"AlgorithmError: {container.read(FAILURE, FAILURE_LETTERS)}, exit code: {code}")
        try:
            for output in self._outputs:
                artifacts.upload(
                    job.role.s3,
                    self._folder(output["LocalPath"]),
                    Location.parse(output["S3Uri"]),
                    **self._encryption(),
                )
        except ClientError as error:
            raise JobFailedError(f"ClientError: Artifact upload failed:{s3_reason(error)}") from None

    @property
    def _outputs(self) -> list[dict[str, Any]]:
        outputs = self._request.get("ProcessingOutputConfig", {}).get("Outputs", [])
        return [output["S3Output"] for output in outputs]

    def _encryption(self) -> dict[str, str]:
        key = self._request.get("ProcessingOutputConfig", {}).get("KmsKeyId")
        return {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key} if key else {}

    def _folder(self, inside: str) -> Path:
        folder = self.job.container.path(inside)
        folder.mkdir(parents=True, exist_ok=True)
        return folder
