"""Work beside the caller that does not hold up the end of the process, as an executor's threads would."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

Result = TypeVar("Result")


def in_background(act: Callable[[], Result]) -> Future[Result]:
    """Call a function in a daemon thread.

    >>> in_background(lambda: 6 * 7).result()
    42
    """
    future: Future[Result] = Future()

    def run() -> None:
        try:
            future.set_result(act())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future
