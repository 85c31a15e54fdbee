"""moto's time and chance: the cloud's clock and a seeded source, in every module of moto."""

from __future__ import annotations

import datetime as real_datetime
import os
import random
import sys
import time as real_time
import types
import uuid
from collections.abc import Callable
from functools import cache
from typing import Any

from moto.moto_api._internal import mock_random

_now: Callable[[], real_datetime.datetime] = lambda: real_datetime.datetime.now(real_datetime.UTC)  # noqa: E731
# Backends are told apart by a random id there: a repeated one would let `reset` forget a backend.
_followers = {"moto.core.base_backend"}


class _AnyDatetime(type):
    """Lets moto's isinstance checks accept ordinary datetimes too."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, real_datetime.datetime)


class _ClockDatetime(real_datetime.datetime, metaclass=_AnyDatetime):
    @classmethod
    def now(cls, tz: real_datetime.tzinfo | None = None) -> real_datetime.datetime:  # type: ignore[override]
        moment = _now()
        return moment.astimezone(tz) if tz else moment.replace(tzinfo=None)

    @classmethod
    def utcnow(cls) -> real_datetime.datetime:  # type: ignore[override]
        return _now().replace(tzinfo=None)

    @classmethod
    def today(cls) -> real_datetime.datetime:  # type: ignore[override]
        return _now().replace(tzinfo=None)


class _Stand(types.ModuleType):
    """A module with some names replaced."""

    def __init__(self, module: types.ModuleType, **replaced: Any) -> None:
        super().__init__(module.__name__)
        self.__dict__.update(module.__dict__)
        self.__dict__.update(replaced)


def _clock_time() -> float:
    return _now().timestamp()


def _random_bytes(count: int) -> bytes:
    return mock_random.randbytes(count)


@cache
def _replacements() -> dict[int, Any]:
    datetime_module = _Stand(real_datetime, datetime=_ClockDatetime)
    time_module = _Stand(real_time, time=_clock_time)
    os_module = _Stand(os, urandom=_random_bytes)
    uuid_module = _Stand(uuid, uuid4=mock_random.uuid4, uuid1=mock_random.uuid1)
    return {
        id(real_datetime): datetime_module,
        id(real_datetime.datetime): _ClockDatetime,
        id(real_time): time_module,
        id(real_time.time): _clock_time,
        id(os): os_module,
        id(os.urandom): _random_bytes,
        id(uuid): uuid_module,
        id(uuid.uuid4): mock_random.uuid4,
        id(random): mock_random,
    }


def seed(value: str) -> None:
    """Make moto's next identifiers depend on this text alone."""
    mock_random.seed(value)


def now() -> real_datetime.datetime:
    """Return the time that moto sees."""
    return _now()


def set_time(now: Callable[[], real_datetime.datetime]) -> None:
    """Let moto read its time from here."""
    global _now
    _now = now
    follow_the_clock()


def follow_the_clock() -> None:
    """Give every module of moto that was imported meanwhile the cloud's time and the seeded chance."""
    replacements = _replacements()
    for name in [n for n in sys.modules if n.startswith("moto.") and n not in _followers]:
        module = sys.modules[name]
        if getattr(getattr(module, "__spec__", None), "_initializing", False):
            continue
        _followers.add(name)
        for attribute, value in list(vars(module).items()):
            replacement = replacements.get(id(value))
            if replacement is not None:
                setattr(module, attribute, replacement)
