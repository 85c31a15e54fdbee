from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from mlacourse.cloud.sagemaker.serving import Handlers, http_handler


class Doubling:
    def predict(self, data: Any) -> Any:
        return data.sum(axis=1) * 2


def handlers(**functions: Callable[..., Any]) -> Handlers:
    module = ModuleType("inference")
    vars(module).update({"model_fn": lambda model_dir: Doubling(), **functions})
    return Handlers(module, "/opt/ml/model")


def asked(served: Handlers, body: bytes, content_type: str = "text/csv", accept: str = "*/*") -> tuple[int, str, bytes]:
    status, headers, answer = served.answer(body, {"Content-Type": content_type, "Accept": accept})
    return status, headers["Content-Type"], answer


def test_without_functions_of_its_own_a_model_reads_csv_and_answers_json() -> None:
    assert asked(handlers(), b"1,2\n3,4") == (200, "application/json", b"[6.0, 14.0]")


def test_one_line_of_csv_is_one_row() -> None:
    assert asked(handlers(), b"1,2,3")[2] == b"[12.0]"


def test_the_accepted_type_decides_how_the_answer_is_written() -> None:
    assert asked(handlers(), b"[[1, 2]]", "application/json", "text/csv") == (200, "text/csv", b"6.0\n")


def test_an_array_in_npy_comes_back_in_npy(tmp_path: Any) -> None:
    np.save(tmp_path / "in.npy", np.array([[1.0, 2.0]]))
    status, kind, answer = asked(
        handlers(), (tmp_path / "in.npy").read_bytes(), "application/x-npy", "application/x-npy"
    )
    (tmp_path / "out.npy").write_bytes(answer)
    assert (status, kind, np.load(tmp_path / "out.npy").tolist()) == (200, "application/x-npy", [6.0])


def test_an_unknown_content_type_is_refused_with_415() -> None:
    status, _, answer = asked(handlers(), b"x", "image/png")
    assert status == 415
    assert answer.startswith(b"Content type image/png is not supported by this framework.")


def test_an_exception_of_the_learner_is_a_500_with_its_message(capsys: pytest.CaptureFixture[str]) -> None:
    def predict_fn(data: Any, model: Any) -> Any:
        raise ValueError("too many rows")

    status, _, answer = asked(handlers(predict_fn=predict_fn), b"1,2")
    assert status == 500
    assert answer.startswith(b"too many rows\nTraceback")
    assert "too many rows" in capsys.readouterr().out


def test_the_learners_functions_are_called_in_the_toolkits_order() -> None:
    served = handlers(
        input_fn=lambda body, kind: [body, kind],
        predict_fn=lambda data, model: [*data, type(model).__name__],
        output_fn=lambda prediction, accept: (json.dumps([*prediction, accept]), "application/json"),
    )
    assert json.loads(asked(served, b"raw", "text/csv", "a/b")[2]) == ["raw", "text/csv", "Doubling", "a/b"]


def test_a_function_with_one_parameter_more_gets_the_context() -> None:
    def output_fn(prediction: Any, accept: str, context: Any) -> str:
        context.set_response_header(0, "X-Amzn-SageMaker-Custom-Attributes", "seen")
        return str(context.get_request_header(0, "x-amzn-sagemaker-custom-attributes"))

    served = handlers(output_fn=output_fn)
    _, headers, answer = served.answer(
        b"1,2", {"Content-Type": "text/csv", "X-Amzn-SageMaker-Custom-Attributes": "id=7"}
    )
    assert answer == b"id=7"
    assert headers["X-Amzn-SageMaker-Custom-Attributes"] == "seen"


def test_transform_fn_stands_alone() -> None:
    served = handlers(transform_fn=lambda model, body, kind, accept: (body.upper(), "text/plain"))
    assert asked(served, b"abc") == (200, "text/plain", b"ABC")
    with pytest.raises(ValueError, match="Cannot use transform_fn"):
        handlers(transform_fn=lambda *_: "", input_fn=lambda *_: "")


def test_a_script_without_model_fn_is_refused() -> None:
    with pytest.raises(NotImplementedError, match="model_fn"):
        Handlers(ModuleType("inference"), "/opt/ml/model")


@contextmanager
def server(served: Handlers) -> Iterator[http.client.HTTPConnection]:
    with ThreadingHTTPServer(("127.0.0.1", 0), http_handler(served)) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        connection = http.client.HTTPConnection("127.0.0.1", listening.server_port, timeout=10)
        yield connection
        connection.close()
        listening.shutdown()


def test_the_server_answers_ping_and_invocations_and_nothing_else() -> None:
    with server(handlers()) as connection:
        found = []
        for method, path, body in (
            ("GET", "/ping", b""),
            ("POST", "/invocations", b"1,2"),
            ("GET", "/", b""),
            ("POST", "/", b""),
        ):
            connection.request(method, path, body, {"Content-Type": "text/csv"})
            response = connection.getresponse()
            found.append((response.status, response.read()))
    assert found == [(200, b""), (200, b"[6.0]"), (404, b""), (404, b"")]
