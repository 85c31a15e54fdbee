from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from cloud.aws import error_of
from cloud.sagemaker.account import EVERYTHING, client, lines, model, role, trained, training, until

from mlacourse.cloud import images

TRAIN = """#!/usr/bin/env python
import json, os, pathlib, sys
base = pathlib.Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml"))
sys.path.insert(0, os.path.dirname(__file__))
import recipe
settings = json.loads((base / "input/config/hyperparameters.json").read_text())
print(__file__, sys.argv[1:], settings, sorted(name for name in os.environ if name.startswith("SM_")))
if settings.get("fail"):
    (base / "output/failure").write_text("the recipe burned")
    sys.exit(4)
(base / "model" / "cake.txt").write_text(recipe.CAKE)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "recipe.py").write_text("CAKE = 'cake'")
    return program(tmp_path, "train", TRAIN)


def program(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)
    return folder


def pushed(folder: Path, repository: str = "bakery", tag: str = "v1", **settings: Any) -> str:
    client("ecr").create_repository(repositoryName=repository, **settings)
    return images.build(folder, repository, tag)


def job(name: str, uri: str, role_arn: str, **hyperparameters: str) -> dict[str, Any]:
    algorithm = {"TrainingImage": uri, "TrainingInputMode": "File"}
    return training(name, role_arn, AlgorithmSpecification=algorithm, HyperParameters=hyperparameters)


def test_an_image_of_your_own_is_trained_with_its_train_program(sagemaker: Any, folder: Path) -> None:
    uri = pushed(folder)
    assert uri == "123456789012.dkr.ecr.us-east-1.amazonaws.com/bakery:v1"
    assert trained(job("cake", uri, role(), sugar="2"))["TrainingJobStatus"] == "Completed"
    # The toolkit's SM_ variables are not in an image of your own, and every hyperparameter is text.
    assert lines("/aws/sagemaker/TrainingJobs", "cake") == ["/opt/program/train [] {'sugar': '2'} []"]


def test_the_failure_file_of_your_own_image_becomes_the_reason(sagemaker: Any, folder: Path) -> None:
    failed = trained(job("burned", pushed(folder), role(), fail="1"))
    assert failed["FailureReason"] == "AlgorithmError: the recipe burned, exit code: 4"


def test_a_role_that_may_not_pull_is_refused(sagemaker: Any, folder: Path) -> None:
    uri = pushed(folder)
    no_pull = {"Effect": "Deny", "Action": "ecr:BatchGetImage", "Resource": "*"}
    code, message = error_of(sagemaker.create_training_job, **job("cake", uri, role("NoPull", EVERYTHING, no_pull)))
    assert code == "ValidationException"
    assert message.startswith(f"Requested image {uri} not found.")
    assert "ecr:BatchGetImage" in message


def test_an_image_that_nobody_pushed_is_not_found(sagemaker: Any, folder: Path) -> None:
    uri = pushed(folder).replace(":v1", ":v2")
    code, message = error_of(sagemaker.create_training_job, **job("cake", uri, role()))
    assert code == "ValidationException"
    assert message.startswith(f"Requested image {uri} not found.")


def test_the_same_image_is_pushed_twice_without_a_change(sagemaker: Any, folder: Path) -> None:
    uri = pushed(folder, imageTagMutability="IMMUTABLE")
    assert images.build(folder, "bakery", "v1") == uri
    assert len(client("ecr").describe_images(repositoryName="bakery")["imageDetails"]) == 1


def test_an_immutable_tag_is_not_pushed_twice(sagemaker: Any, folder: Path) -> None:
    pushed(folder, imageTagMutability="IMMUTABLE")
    (folder / "recipe.py").write_text("CAKE = 'bread'")
    code, _ = error_of(images.build, folder=folder, repository="bakery", tag="v1")
    assert code == "ImageTagAlreadyExistsException"


def test_an_image_of_aws_that_is_not_here_is_refused_by_name(sagemaker: Any) -> None:
    uri = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4-cpu-py311"
    code, message = error_of(sagemaker.create_training_job, **job("torch", uri, role()))
    assert code == "NotBuiltOffline"
    assert uri in message
    assert "cloud.images.build" in message


def test_a_folder_without_a_program_is_no_image(sagemaker: Any, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="has no file 'train' or 'serve'"):
        images.build(tmp_path, "bakery")


def test_a_program_that_cannot_be_run_is_no_image(sagemaker: Any, tmp_path: Path) -> None:
    (tmp_path / "serve").write_text("print('no')")
    with pytest.raises(ValueError, match=r"is not executable\. Run chmod"):
        images.build(tmp_path, "bakery")
    (tmp_path / "serve").chmod(0o755)
    with pytest.raises(ValueError, match="Begin it with #!/usr/bin/env python"):
        images.build(tmp_path, "bakery")


def test_a_model_names_an_image_that_exists(sagemaker: Any) -> None:
    uri = "123456789012.dkr.ecr.us-east-1.amazonaws.com/ghost:latest"
    with pytest.raises(sagemaker.exceptions.ClientError, match=f"Requested image {uri} not found"):
        model("ghost", role(), image=uri)


SERVE = """#!/usr/bin/env python
import os
from http.server import BaseHTTPRequestHandler, HTTPServer
class Server(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(open(os.environ["SAGEMAKER_BASE_DIR"] + "/model/name.txt", "rb").read())
    def log_message(self, *_):
        pass
print("listening in", os.getcwd(), flush=True)
HTTPServer(("127.0.0.1", int(os.environ["SAGEMAKER_BIND_TO_PORT"])), Server).serve_forever()
"""


def test_an_image_is_tried_before_it_is_pushed(tmp_path: Path) -> None:
    (tmp_path / "image").mkdir()
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "name.txt").write_text("churn")
    with images.run(program(tmp_path / "image", "serve", SERVE), model=tmp_path / "model") as running:
        with urllib.request.urlopen(f"{running.url}/ping") as answer:
            assert answer.read() == b"churn"
        until(lambda: running.output == ["listening in /opt/program"])
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"{running.url}/ping")


def test_a_program_that_ends_leaves_its_output(tmp_path: Path) -> None:
    broken = program(tmp_path, "serve", "#!/usr/bin/env python\nraise OSError('no model')")
    with images.run(broken) as running:
        assert running.output[-1] == "OSError: no model"
