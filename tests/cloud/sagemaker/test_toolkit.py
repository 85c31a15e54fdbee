from __future__ import annotations

import json
from pathlib import Path

from mlacourse.cloud.sagemaker import toolkit

BASE = Path("/opt/ml")
# The names in sagemaker-training-toolkit's ENVIRONMENT_VARIABLES.md and environment.py, without channels and
# hyperparameters.
DOCUMENTED = """
    CHANNELS CURRENT_HOST CURRENT_INSTANCE_GROUP CURRENT_INSTANCE_GROUP_HOSTS CURRENT_INSTANCE_TYPE
    DISTRIBUTION_INSTANCE_GROUPS FRAMEWORK_MODULE FRAMEWORK_PARAMS HOSTS HPS INPUT_CONFIG_DIR INPUT_DATA_CONFIG
    INPUT_DIR INSTANCE_GROUPS INSTANCE_GROUPS_DICT IS_HETERO LOG_LEVEL MODEL_DIR MODULE_DIR MODULE_NAME
    NETWORK_INTERFACE_NAME NUM_CPUS NUM_GPUS NUM_NEURONS OUTPUT_DATA_DIR OUTPUT_DIR OUTPUT_INTERMEDIATE_DIR
    RESOURCE_CONFIG TOPOLOGY TRAINING_ENV USER_ARGS USER_ENTRY_POINT
"""


def variables(**hyperparameters: str) -> dict[str, str]:
    channel = {
        "ChannelName": "train",
        "DataSource": {"S3DataSource": {"S3Uri": "s3://b/train"}},
        "ContentType": "text/csv",
    }
    given = {"sagemaker_program": "train.py", "sagemaker_submit_directory": "s3://b/code.tar.gz", **hyperparameters}
    return toolkit.variables(
        toolkit.settings(given, {}),
        BASE,
        "churn-1",
        toolkit.resource_config("ml.m5.large"),
        toolkit.input_data_config([channel], "File"),
    )


def test_every_documented_variable_is_there_and_no_other() -> None:
    assert sorted(variables()) == sorted([*(f"SM_{name}" for name in DOCUMENTED.split()), "SM_CHANNEL_TRAIN"])


def test_a_script_finds_its_folders_in_variables() -> None:
    found = variables()
    assert found["SM_CHANNEL_TRAIN"] == "/opt/ml/input/data/train"
    assert found["SM_MODEL_DIR"] == "/opt/ml/model"
    assert found["SM_OUTPUT_DATA_DIR"] == "/opt/ml/output/data"
    assert found["SM_CHANNELS"] == '["train"]'


def test_hyperparameters_are_variables_and_arguments_and_keep_their_hyphen() -> None:
    found = variables(**{"learning-rate": "0.10", "name": "churn"})
    assert found["SM_HP_LEARNING-RATE"] == "0.1"
    assert found["SM_HP_NAME"] == "churn"
    assert json.loads(found["SM_HPS"]) == {"learning-rate": 0.1, "name": "churn"}
    assert json.loads(found["SM_USER_ARGS"]) == ["--learning-rate", "0.1", "--name", "churn"]


def test_what_steers_the_toolkit_does_not_reach_the_script() -> None:
    found = variables(sagemaker_container_log_level="10", sagemaker_mpi_enabled="true")
    assert json.loads(found["SM_HPS"]) == {}
    assert found["SM_LOG_LEVEL"] == "10"
    assert json.loads(found["SM_FRAMEWORK_PARAMS"]) == {"sagemaker_mpi_enabled": True}


def test_the_variables_of_the_request_name_the_script_too() -> None:
    read = toolkit.settings({}, {"SAGEMAKER_PROGRAM": "train.py", "SAGEMAKER_SUBMIT_DIRECTORY": "s3://b/c.tar.gz"})
    assert (read.program, read.submit_directory) == ("train.py", "s3://b/c.tar.gz")


def test_the_training_environment_holds_all_facts_under_the_toolkits_names() -> None:
    environment = json.loads(variables(depth="3")["SM_TRAINING_ENV"])
    assert environment["channel_input_dirs"] == {"train": "/opt/ml/input/data/train"}
    assert environment["hyperparameters"] == {"depth": 3}
    assert environment["job_name"] == "churn-1"
    assert environment["is_master"] is True


def test_the_input_configuration_says_how_each_channel_came() -> None:
    described = json.loads(variables()["SM_INPUT_DATA_CONFIG"])["train"]
    assert described == {
        "ContentType": "text/csv",
        "TrainingInputMode": "File",
        "S3DistributionType": "FullyReplicated",
        "RecordWrapperType": "None",
    }


def test_a_failure_names_exit_code_exception_and_command() -> None:
    output = ["epoch 1", "Traceback (most recent call last):", '  File "train.py", line 3', "ValueError: no rows", ""]
    text = toolkit.failure(1, output, "train.py", ["--depth", "3"])
    assert text.splitlines() == [
        "ExecuteUserScriptError:",
        "ExitCode 1",
        'ErrorMessage "ValueError: no rows"',
        'Command "/miniconda3/bin/python train.py --depth 3"',
    ]
