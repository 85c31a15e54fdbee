"""The model server of the scikit-learn image: run as a script in a child process, outside the course.

It follows SageMaker's inference toolkit (aws/sagemaker-inference-toolkit, ``transformer.py``, ``encoder.py``,
``decoder.py``, read 2026-11-23) with the scikit-learn container's defaults: ``model_fn`` is the learner's,
``input_fn`` reads JSON, CSV and NPY, ``predict_fn`` calls ``model.predict``, ``output_fn`` writes what was accepted.
Like that image it listens on ``SAGEMAKER_BIND_TO_PORT`` and answers ``GET /ping`` and ``POST /invocations``.
"""

from __future__ import annotations

import importlib
import inspect
import io
import json
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

JSON, CSV, NPY, ANY = "application/json", "text/csv", "application/x-npy", "*/*"
_TEXT = (JSON, CSV)


class InferenceError(Exception):
    """An answer other than 200, with its status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Context:
    """What a handler with one more parameter gets: the request's headers, and those it adds to the answer."""

    def __init__(self, model_dir: str, request_headers: Mapping[str, str] | None = None) -> None:
        self.system_properties = {"model_dir": model_dir, "gpu_id": None}
        self._request_headers = {name.lower(): value for name, value in (request_headers or {}).items()}
        self.response_headers: dict[str, str] = {}

    def get_request_header(self, _index: int, name: str) -> str | None:
        """Return a header of the request."""
        return self._request_headers.get(name.lower())

    def set_response_header(self, _index: int, name: str, value: str) -> None:
        """Add a header to the answer."""
        self.response_headers[name] = value


class Handlers:
    """The learner's functions, with defaults for those that are missing, and the model that they loaded."""

    def __init__(self, module: ModuleType, model_dir: str, default_accept: str = JSON) -> None:
        find = vars(module).get
        self._transform = find("transform_fn")
        if self._transform and any(find(name) for name in ("input_fn", "predict_fn", "output_fn")):
            raise ValueError(
                "Cannot use transform_fn implementation in conjunction with input_fn, predict_fn, and/or output_fn "
                "implementation"
            )
        load = find("model_fn")
        if load is None:
            raise NotImplementedError("Please provide a model_fn implementation.")
        self._input = find("input_fn") or default_input_fn
        self._predict = find("predict_fn") or default_predict_fn
        self._output = find("output_fn") or default_output_fn
        self._model_dir = model_dir
        self._default_accept = default_accept
        self._model = _run(load, Context(model_dir), model_dir)

    def answer(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body for one invocation."""
        context = Context(self._model_dir, headers)
        content_type = context.get_request_header(0, "Content-Type") or JSON
        accept = context.get_request_header(0, "Accept") or ANY
        accept = self._default_accept if accept == ANY else accept
        data: bytes | str = body.decode() if content_type in _TEXT else body
        try:
            if self._transform:
                result = _run(self._transform, context, self._model, data, content_type, accept)
            else:
                prediction = _run(self._predict, context, _run(self._input, context, data, content_type), self._model)
                result = _run(self._output, context, prediction, accept)
        except Exception as error:
            status = getattr(error, "status", 500)
            message = f"{error}\n{_told(error)}"
            print(message, flush=True)
            return status, {"Content-Type": "text/plain"}, message.encode()
        content, kind = result if isinstance(result, tuple) else (result, accept)
        sent = content.encode() if isinstance(content, str) else bytes(content)
        return 200, {"Content-Type": kind, **context.response_headers}, sent


def _run(function: Callable[..., Any], context: Context, *given: Any) -> Any:
    """Call a handler with the context as well, if it takes one parameter more."""
    takes = len(inspect.signature(function).parameters)
    if takes == len(given):
        return function(*given)
    if takes == len(given) + 1:
        return function(*given, context)
    raise TypeError(f"{function.__name__} takes {takes} arguments but {len(given)} were given.")


def _told(error: Exception) -> str:
    """Return a traceback without this server's own frames, with the container's paths."""
    report = traceback.TracebackException.from_exception(error)
    report.stack = traceback.StackSummary.from_list(frame for frame in report.stack if frame.filename != __file__)
    text = "".join(report.format())
    for outside, inside in ((os.environ.get("SAGEMAKER_BASE_DIR"), "/opt/ml"), (sys.prefix, "/miniconda3")):
        text = text.replace(outside or inside, inside)
    return text


def default_input_fn(data: Any, content_type: str) -> Any:
    """Read a body into an array."""
    import numpy as np

    if content_type == JSON:
        return np.array(json.loads(data)).astype(np.float32)
    if content_type == CSV:
        # One line is one row, where genfromtxt alone would make it a vector.
        return np.atleast_2d(np.genfromtxt(io.StringIO(data), delimiter=",")).astype(np.float32)
    if content_type == NPY:
        return np.load(io.BytesIO(data), allow_pickle=False)
    raise _unsupported(content_type)


def default_predict_fn(data: Any, model: Any) -> Any:
    """Ask a scikit-learn model."""
    return model.predict(data)


def default_output_fn(prediction: Any, accept: str) -> tuple[Any, str]:
    """Write a prediction in the type that was asked for."""
    import numpy as np

    if accept == JSON:
        return json.dumps(prediction, default=lambda value: value.tolist()), accept
    if accept == CSV:
        lines = io.StringIO()
        np.savetxt(lines, prediction, delimiter=",", fmt="%s")
        return lines.getvalue(), accept
    if accept == NPY:
        content = io.BytesIO()
        np.save(content, prediction)
        return content.getvalue(), accept
    raise _unsupported(accept)


def _unsupported(content_type: str) -> InferenceError:
    return InferenceError(
        415,
        f"Content type {content_type} is not supported by this framework.\n\nPlease implement input_fn to to "
        "deserialize the request data or an output_fn to serialize the response. For more information, see the "
        "SageMaker Python SDK README.",
    )


def http_handler(handlers: Handlers) -> type[BaseHTTPRequestHandler]:
    """Return the two paths of the serving convention over HTTP."""

    class ModelServer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Headers and body leave in one packet: the second of two would wait 40 ms for an acknowledgement.
        wbufsize = -1

        def do_GET(self) -> None:
            """Say that the model is loaded."""
            self._send(200 if self.path == "/ping" else 404, {}, b"")

        def do_POST(self) -> None:
            """Predict."""
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path != "/invocations":
                self._send(404, {}, b"")
                return
            self._send(*handlers.answer(body, dict(self.headers.items())))

        def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Leave the log to what the learner's code prints."""

    return ModelServer


def main() -> None:
    """Load the learner's module and its model, then serve."""
    base = Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml"))
    sys.path.insert(0, os.environ["SAGEMAKER_SUBMIT_DIRECTORY"])
    module = importlib.import_module(os.environ["SAGEMAKER_PROGRAM"].removesuffix(".py"))
    accept = os.environ.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", JSON)
    handlers = Handlers(module, str(base / "model"), accept)
    port = int(os.environ.get("SAGEMAKER_BIND_TO_PORT", "8080"))
    ThreadingHTTPServer(("127.0.0.1", port), http_handler(handlers)).serve_forever()


if __name__ == "__main__":
    main()
