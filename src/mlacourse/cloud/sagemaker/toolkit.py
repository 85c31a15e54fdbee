"""Script mode as SageMaker's training toolkit does it: the ``SM_*`` variables, the arguments, the failure text.

Source: aws/sagemaker-training-toolkit, ``environment.py``, ``mapping.py``, ``params.py``, ``errors.py`` (read
2026-11-23). One host, no GPU, one core: a job here has what one process on this machine has.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlacourse.cloud.sagemaker.container import IMAGE_PYTHON

HOST = "algo-1"
GROUP = "homogeneousCluster"
# Hyperparameters that steer the toolkit; the script does not see them.
_OWN = (
    "sagemaker_program",
    "sagemaker_submit_directory",
    "sagemaker_enable_cloudwatch_metrics",
    "sagemaker_region",
    "sagemaker_container_log_level",
    "sagemaker_job_name",
    "default_user_module_name",
    "_tuning_objective_metric",
    "sagemaker_s3_output",
)
_PREFIX = "sagemaker_"
_INFO = 20


@dataclass(frozen=True)
class Settings:
    """What the toolkit reads from hyperparameters and variables before it runs a script."""

    program: str | None
    submit_directory: str | None
    hyperparameters: dict[str, Any]
    framework: dict[str, Any]
    log_level: int


def settings(hyperparameters: Mapping[str, str], environment: Mapping[str, str]) -> Settings:
    """Split what is meant for the script from what is meant for the toolkit.

    >>> read = settings({"sagemaker_program": '"train.py"', "depth": "3", "name": "a"}, {})
    >>> read.program, read.hyperparameters
    ('train.py', {'depth': 3, 'name': 'a'})
    """
    values = {name: _value(text) for name, text in hyperparameters.items()}
    own = {name: value for name, value in values.items() if name in _OWN or name.startswith(_PREFIX)}
    return Settings(
        program=environment.get("SAGEMAKER_PROGRAM") or own.get("sagemaker_program"),
        submit_directory=own.get("sagemaker_submit_directory") or environment.get("SAGEMAKER_SUBMIT_DIRECTORY"),
        hyperparameters={name: value for name, value in values.items() if name not in own},
        framework={name: value for name, value in own.items() if name not in _OWN},
        log_level=int(own.get("sagemaker_container_log_level", _INFO)),
    )


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def arguments(hyperparameters: Mapping[str, Any]) -> list[str]:
    """Return hyperparameters as a script gets them on its command line.

    >>> arguments({"learning-rate": 0.1, "n": 5, "balanced": True})
    ['--balanced', 'True', '--learning-rate', '0.1', '-n', '5']
    """
    words = []
    for name in sorted(hyperparameters):
        value = hyperparameters[name]
        if isinstance(value, dict):
            text = ",".join(f"{key}={item}" for key, item in sorted(value.items()))
        else:
            text = "" if value is None else str(value)
        words += [f"--{name}" if len(name) > 1 else f"-{name}", text]
    return words


def resource_config(instance_type: str) -> dict[str, Any]:
    """Return the content of ``resourceconfig.json`` for one host."""
    return {
        "current_host": HOST,
        "current_instance_type": instance_type,
        "current_group_name": GROUP,
        "hosts": [HOST],
        "instance_groups": [{"instance_group_name": GROUP, "instance_type": instance_type, "hosts": [HOST]}],
        "network_interface_name": "eth0",
    }


def input_data_config(channels: Sequence[Mapping[str, Any]], mode: str) -> dict[str, dict[str, str]]:
    """Return the content of ``inputdataconfig.json``."""
    config = {}
    for channel in channels:
        source = channel["DataSource"]["S3DataSource"]
        described = {
            "TrainingInputMode": channel.get("InputMode", mode),
            "S3DistributionType": source.get("S3DataDistributionType", "FullyReplicated"),
            "RecordWrapperType": channel.get("RecordWrapperType", "None"),
        }
        if "ContentType" in channel:
            described["ContentType"] = channel["ContentType"]
        config[channel["ChannelName"]] = described
    return config


def variables(
    read: Settings,
    base: Path,
    job_name: str,
    resources: Mapping[str, Any],
    channels: Mapping[str, Mapping[str, str]],
) -> dict[str, str]:
    """Return every variable that the toolkit gives a script: ``SM_`` and a name, other values than text as JSON."""
    module = (read.program or "").removesuffix(".py")
    folders = {name: str(base / "input" / "data" / name) for name in channels}
    groups = resources["instance_groups"]
    facts: dict[str, Any] = {
        "channels": sorted(channels),
        "current_host": resources["current_host"],
        "current_instance_group": resources["current_group_name"],
        "current_instance_group_hosts": groups[0]["hosts"],
        "current_instance_type": resources["current_instance_type"],
        "distribution_instance_groups": [],
        "framework_module": None,
        "framework_params": read.framework,
        "hosts": resources["hosts"],
        "hps": read.hyperparameters,
        "input_config_dir": str(base / "input" / "config"),
        "input_data_config": channels,
        "input_dir": str(base / "input"),
        "instance_groups": [group["instance_group_name"] for group in groups],
        "instance_groups_dict": {group["instance_group_name"]: group for group in groups},
        "is_hetero": len(groups) > 1,
        "log_level": read.log_level,
        "model_dir": str(base / "model"),
        "module_dir": read.submit_directory or str(base / "code"),
        "module_name": module,
        "network_interface_name": resources["network_interface_name"],
        "num_cpus": 1,
        "num_gpus": 0,
        "num_neurons": 0,
        "output_data_dir": str(base / "output" / "data"),
        "output_dir": str(base / "output"),
        "output_intermediate_dir": str(base / "output" / "intermediate"),
        "resource_config": resources,
        "topology": None,
        "user_args": arguments(read.hyperparameters),
        "user_entry_point": read.program,
    }
    facts["training_env"] = _training_env(facts, read, job_name, folders)
    facts |= {f"channel_{name}": folder for name, folder in folders.items()}
    facts |= {f"hp_{name}": value for name, value in read.hyperparameters.items()}
    return {f"SM_{name.upper()}": _text(value) for name, value in facts.items()}


def _training_env(
    facts: Mapping[str, Any], read: Settings, job_name: str, folders: Mapping[str, str]
) -> dict[str, Any]:
    """Return all of the toolkit's facts in one object, under the names of its ``Environment``."""
    renamed = {"framework_params": "additional_framework_parameters", "hps": "hyperparameters"}
    named = {renamed.get(name, name): value for name, value in facts.items() if name not in ("channels", "user_args")}
    return {
        **named,
        "channel_input_dirs": dict(folders),
        "distribution_hosts": [],
        "is_master": True,
        "is_modelparallel_enabled": None,
        "job_name": job_name,
        "master_hostname": HOST,
    }


def _text(value: Any) -> str:
    """Return a value as the toolkit writes it into a variable.

    >>> _text(["b", 1]), _text(None), _text("plain"), _text(0.1)
    ('["b",1]', '', 'plain', '0.1')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def failure(exit_code: int, output: Sequence[str], program: str, words: Sequence[str]) -> str:
    """Return what the toolkit writes to ``/opt/ml/output/failure`` when a script ends badly."""
    command = " ".join([f"{IMAGE_PYTHON}/bin/python", program, *words])
    return f'ExecuteUserScriptError:\nExitCode {exit_code}\nErrorMessage "{_raised(output)}"\nCommand "{command}"'


def _raised(output: Sequence[str]) -> str:
    """Return the last exception of a script's output, without a traceback its last line.

    >>> _raised(["epoch 1", "Traceback (most recent call last):", "  File …", "ValueError: no rows"])
    'ValueError: no rows'
    """
    starts = [number for number, line in enumerate(output) if line.startswith("Traceback (most recent call last)")]
    raised = (
        (line for line in output[starts[-1] + 1 :] if line and not line[0].isspace()) if starts else iter(output[-1:])
    )
    return next(raised, "")
