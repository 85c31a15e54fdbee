"""What a lab does to a managed Spot job that on AWS only the market does: interrupt it."""

from __future__ import annotations

from datetime import timedelta

from mlacourse.cloud.sagemaker.state import State


def interrupt(training_job: str, *, checkpoint: str | None = None, minutes: float = 0) -> None:
    """Take the instance of a managed Spot training job away; the job goes on elsewhere from its checkpoints.

    With ``checkpoint``, a path below the job's checkpoint folder, this waits until that file has been copied to S3.
    It returns once the job is interrupted. There is capacity again after so many ``minutes`` of the cloud's clock.
    Raises ``ValueError`` for a job that is not a running Spot job, or that ends before it writes the checkpoint.
    """
    from mlacourse import cloud

    offline = cloud.offline()
    run = offline.part(State).training_jobs.get(training_job)
    if run is None:
        raise ValueError(f"There is no training job {training_job!r}.")
    if not run.job.request.get("EnableManagedSpotTraining"):
        raise ValueError(f"{training_job!r} runs on demand. Only a job with EnableManagedSpotTraining is interrupted.")
    job = run.job
    with job.changed:
        job.changed.wait_for(
            lambda: job.ended is not None or (job.running and _reached(run.checkpoints.names, checkpoint))
        )
        if job.ended is not None:
            wrote = "" if checkpoint is None else f" before it had written the checkpoint {checkpoint!r}"
            raise ValueError(f"{training_job!r} had the status {job.status}{wrote}. Interrupt a job that runs.")
        before = job.interruptions
        job.interrupt(offline.clock.now() + timedelta(minutes=minutes))
        job.changed.wait_for(lambda: job.ended is not None or job.interruptions > before)


def _reached(names: set[str], checkpoint: str | None) -> bool:
    return checkpoint is None or checkpoint in names
