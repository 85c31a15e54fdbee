"""Which operations this package answers itself, or wraps, instead of leaving them to moto."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlacourse.cloud.call import Call
    from mlacourse.cloud.session import Cloud

Handler = Callable[["Cloud", "Call"], dict[str, Any]]

_handlers: dict[tuple[str, str], Handler] = {}


def handles(service: str, *operations: str) -> Callable[[Handler], Handler]:
    """Register a function as the answer to operations of a service.

    The function takes the cloud and the call and returns the answer as boto3 would, without ``ResponseMetadata``.
    It may pass the call on with ``cloud.forward(call)``, and raises :class:`AwsError` to refuse.
    """

    def register(handler: Handler) -> Handler:
        for operation in operations:
            known = _handlers.setdefault((service, operation), handler)
            if known is not handler:
                raise ValueError(
                    f"{service}:{operation} has two handlers, {known.__module__}.{known.__qualname__} and "
                    f"{handler.__module__}.{handler.__qualname__}. Keep one and let it call the other."
                )
        return handler

    return register


def handler_of(service: str, operation: str) -> Handler | None:
    """Return the registered handler, or None where moto answers."""
    return _handlers.get((service, operation))
