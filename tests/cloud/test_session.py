from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from cloud.processes import child

from mlacourse import cloud as face
from mlacourse.cloud.guard import LeavesTheMachineError
from mlacourse.cloud.session import Cloud

SERVICES = (
    *("s3", "iam", "sts", "kms", "sagemaker", "cloudwatch", "logs", "sns", "sqs", "events", "dynamodb", "ecr"),
    *("secretsmanager", "ssm", "cloudtrail", "ec2"),
)


# --- reaching it ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("service", SERVICES)
def test_a_plain_client_reaches_the_offline_cloud(cloud: Cloud, service: str) -> None:
    assert boto3.client(service).meta.endpoint_url == cloud.endpoint


def test_default_keys_are_an_administrator_of_the_account(cloud: Cloud) -> None:
    identity = boto3.client("sts").get_caller_identity()
    assert identity["Account"] == "123456789012"
    assert identity["Arn"] == "arn:aws:iam::123456789012:user/administrator"
    assert [user["UserName"] for user in boto3.client("iam").list_users()["Users"]] == ["administrator"]


def test_a_child_process_sees_the_same_cloud(cloud: Cloud) -> None:
    boto3.client("s3").create_bucket(Bucket="shared")
    assert child("import boto3; print(boto3.client('s3').list_buckets()['Buckets'][0]['Name'])") == "shared"


def test_a_shell_reaches_it_through_the_environment(cloud: Cloud) -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="shell")
    s3.put_object(Bucket="shell", Key="note", Body=b"from the kernel")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": "shell", "Key": "note"})
    code = f"import urllib.request; print(urllib.request.urlopen({url!r}).read().decode())"
    script = f'test -n "$AWS_ENDPOINT_URL" && {sys.executable} -c "{code}"'
    assert (
        subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout == "from the kernel\n"
    )


def test_a_child_with_a_roles_keys_is_that_role(cloud: Cloud) -> None:
    keys = cloud.role_keys("arn:aws:iam::123456789012:role/Training", "job-1", "sagemaker.amazonaws.com")
    code = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"
    assert child(code, **cloud.environment(keys)) == "arn:aws:sts::123456789012:assumed-role/Training/job-1"


def test_two_processes_do_not_meet(cloud: Cloud) -> None:
    code = """
import boto3
from mlacourse import cloud
with cloud.start() as other:
    boto3.client("s3").create_bucket(Bucket="theirs")
    print(other.endpoint, [bucket["Name"] for bucket in boto3.client("s3").list_buckets()["Buckets"]])
"""
    boto3.client("s3").create_bucket(Bucket="ours")
    endpoint, buckets = child(code).split(" ", 1)
    assert (endpoint != cloud.endpoint, buckets) == (True, "['theirs']")
    assert [bucket["Name"] for bucket in boto3.client("s3").list_buckets()["Buckets"]] == ["ours"]


# --- nothing leaves -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://sagemaker.us-east-1.amazonaws.com",
        "https://s3.us-east-1.api.aws",
        "https://example.com",
        "http://169.254.169.254",
        "http://127.0.0.1.nip.io",
    ],
)
def test_a_request_to_another_host_is_refused_in_words(cloud: Cloud, endpoint: str) -> None:
    client = boto3.client("s3", endpoint_url=endpoint)
    with pytest.raises(LeavesTheMachineError, match="would leave this machine"):
        client.list_buckets()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://s3.us-east-1.amazonaws.com", "Failed to connect to proxy URL"),
        ("http://s3.us-east-1.amazonaws.com", "(403)"),
    ],
)
def test_a_child_with_a_roles_keys_cannot_leave_either(cloud: Cloud, address: str, said: str) -> None:
    keys = cloud.role_keys("arn:aws:iam::123456789012:role/Training", "job-1", "sagemaker.amazonaws.com")
    code = f"""
import boto3
from botocore.config import Config
once = Config(retries={{"total_max_attempts": 1}})
try:
    boto3.client("s3", endpoint_url={address!r}, config=once).list_buckets()
except Exception as error:
    print(error)
"""
    assert said in child(code, **cloud.environment(keys))


def test_no_name_is_looked_up_on_the_network(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    lookup = socket.getaddrinfo

    def listening(host: str, *rest: object, **more: object) -> object:
        asked.append(host)
        return lookup(host, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", listening)
    boto3.client("s3", config=Config(s3={"addressing_style": "virtual"})).list_buckets()
    boto3.client("s3control").meta.events  # noqa: B018 - made, like every client, without a look-up
    assert set(asked) <= {"127.0.0.1"}


# --- the learner's own credentials ----------------------------------------------------------------------------


def test_the_learners_credentials_are_not_read(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / ".aws").mkdir(parents=True)
    (home / ".aws" / "credentials").write_text(
        "[default]\naws_access_key_id = POISON\naws_secret_access_key = POISON\n"
    )
    (home / ".aws" / "config").write_text(
        "[default]\nregion = eu-poison-1\nendpoint_url = http://poison.invalid\n[profile p]\n"
    )
    code = """
import boto3, os
from mlacourse import cloud
with cloud.start() as running:
    session = boto3.Session()
    client = boto3.client("sts")
    print(client._request_signer._credentials.access_key, client.meta.region_name)
    print(client.get_caller_identity()["Account"], session.available_profiles)
    print(client.meta.endpoint_url == running.endpoint)
"""
    poison = {
        "HOME": str(home),
        "AWS_PROFILE": "p",
        "AWS_ACCESS_KEY_ID": "POISON",
        "AWS_SECRET_ACCESS_KEY": "POISON",
        "AWS_SESSION_TOKEN": "POISON",
        "AWS_ROLE_ARN": "arn:aws:iam::1:role/poison",
        "AWS_WEB_IDENTITY_TOKEN_FILE": str(home / "token"),
        "AWS_ENDPOINT_URL_STS": "http://poison.invalid",
    }
    assert child(code, **poison) == "AKIAMLACOURSEOFFLINE us-east-1\n123456789012 []\nTrue"


# --- the end --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_kernel_leaves_no_process_and_no_port(how: signal.Signals) -> None:
    code = """
import os, time
from mlacourse import cloud
print(os.getpid(), cloud.start().endpoint, flush=True)
time.sleep(60)
"""
    kernel = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert kernel.stdout is not None
    pid, endpoint = kernel.stdout.readline().split()
    kernel.send_signal(how)
    kernel.wait(timeout=10)
    kernel.stdout.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(endpoint.rsplit(":", 1)[1])), timeout=2)
    with pytest.raises(ProcessLookupError):
        os.killpg(int(pid), 0)


# --- the same every time --------------------------------------------------------------------------------------

IDENTIFIERS = """
import boto3
from mlacourse import cloud
with cloud.start(seed={seed}):
    iam, sqs, kms, s3 = (boto3.client(name) for name in ("iam", "sqs", "kms", "s3"))
    s3.create_bucket(Bucket="bkt")
    s3.put_bucket_versioning(Bucket="bkt", VersioningConfiguration={{"Status": "Enabled"}})
    print([
        iam.create_user(UserName="u")["User"]["UserId"],
        iam.create_access_key(UserName="u")["AccessKey"]["SecretAccessKey"],
        kms.create_key()["KeyMetadata"]["KeyId"],
        sqs.create_queue(QueueName="q")["ResponseMetadata"]["RequestId"],
        s3.put_object(Bucket="bkt", Key="k", Body=b"")["VersionId"],
        s3.create_multipart_upload(Bucket="bkt", Key="k")["UploadId"],
    ])
"""


def test_identifiers_repeat_for_the_same_seed_and_differ_for_another() -> None:
    first, again, other = (child(IDENTIFIERS.format(seed=seed)) for seed in (7, 7, 8))
    assert first == again
    assert not set(eval(first)) & set(eval(other))


def test_identifiers_do_not_depend_on_what_else_was_asked(cloud: Cloud) -> None:
    sqs = boto3.client("sqs")
    queue = sqs.create_queue(QueueName="q")["QueueUrl"]
    first = sqs.send_message(QueueUrl=queue, MessageBody="a")["MessageId"]
    cloud.reset()
    sqs.create_queue(QueueName="q")
    for _ in range(3):
        sqs.list_queues()
    assert sqs.send_message(QueueUrl=queue, MessageBody="a")["MessageId"] == first


def test_reset_empties_the_account_and_keeps_the_address(cloud: Cloud) -> None:
    endpoint = cloud.endpoint
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="bkt")
    cloud.clock.advance(hours=1)
    cloud.reset()
    assert (s3.list_buckets()["Buckets"], cloud.endpoint) == ([], endpoint)
    assert cloud.clock.now() == cloud.clock.start


def test_a_network_belongs_to_the_calls_of_its_block(cloud: Cloud) -> None:
    sts = boto3.client("sts")
    with face.network(source_ip="198.51.100.7", vpc_endpoint="vpce-1"):
        sts.get_caller_identity()
    sts.get_caller_identity()
    inside, outside = cloud.trail.events
    assert (inside["sourceIPAddress"], inside["vpcEndpointId"]) == ("198.51.100.7", "vpce-1")
    assert (outside["sourceIPAddress"], outside.get("vpcEndpointId")) == ("203.0.113.10", None)


def test_what_runs_in_the_background_stays_on_its_own_network(cloud: Cloud) -> None:
    sts = boto3.client("sts")
    with face.network(source_ip="198.51.100.7"):
        background = threading.Thread(target=sts.get_caller_identity)
        background.start()
        background.join()
    assert [event["sourceIPAddress"] for event in cloud.trail.events] == ["203.0.113.10"]
