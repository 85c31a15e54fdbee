"""AWS without an account: `cloud.start()`, then plain boto3.

Offline, boto3 talks to a server on this machine that allows, refuses, remembers and tells the time as AWS would; the
page `Offline AWS` of the reference says how truly. `MLACOURSE_CLOUD=aws` uses the learner's own account instead.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

    from mlacourse.cloud.iam.explain import Explanation
    from mlacourse.cloud.lab import Build, Lab, Reached
    from mlacourse.cloud.own_account import OwnAccount
    from mlacourse.cloud.session import Cloud
    from mlacourse.cloud.timeline import Clock

_running: Cloud | OwnAccount | None = None
_lab: Lab | None = None


def start(seed: int = 0) -> Cloud | OwnAccount:
    """Start the offline cloud and lead boto3 to it; where it runs already, empty it.

    Also a context manager: ``with cloud.start(): …`` stops at its end.
    """
    global _running, _lab
    if os.environ.get("MLACOURSE_CLOUD") == "aws":
        from mlacourse.cloud.own_account import MADE, OwnAccount

        if not isinstance(_running, OwnAccount):
            stop()
            _running = OwnAccount(input, MADE)
        return _running.start()
    from mlacourse.cloud.session import Cloud

    if not isinstance(_running, Cloud) or _running.seed != seed:
        stop()
        _running = Cloud(seed)
    elif not _running.serves:  # a `with` block has ended it
        _lab = None
    return _running.start()


def stop() -> None:
    """End the offline cloud with everything that runs in it, forget the lab, and put the environment back."""
    global _running, _lab
    if _running is not None:
        _running.stop()
        _running = _lab = None


def offline() -> Cloud:
    """Return the running offline cloud.

    Raises ``RuntimeError`` saying what to do where there is none.
    """
    from mlacourse.cloud.session import Cloud

    if not isinstance(_running, Cloud):
        own = os.environ.get("MLACOURSE_CLOUD") == "aws"
        how = "Your own account has nothing like it: unset MLACOURSE_CLOUD." if own else "Call cloud.start() first."
        raise RuntimeError(f"This needs the offline cloud. {how}")
    return _running


def __getattr__(name: str) -> Clock:
    """``cloud.clock``: the clock of the running offline cloud."""
    if name == "clock":
        return offline().clock
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def events() -> list[dict[str, Any]]:
    """Every call so far as a CloudTrail record, oldest first, data events included."""
    return offline().trail.events


def network(
    *, secure: bool = True, source_ip: str | None = None, vpc_endpoint: str | None = None, vpc: str | None = None
) -> AbstractContextManager[None]:
    """Make the calls of a ``with`` block come from elsewhere: without TLS, an address, a VPC endpoint."""
    from mlacourse.cloud import guard

    return guard.network(secure=secure, source_ip=source_ip, vpc_endpoint=vpc_endpoint, vpc=vpc)


def explain(
    error: ClientError | None = None,
    *,
    action: str = "",
    resource: str = "*",
    principal: str = "",
    context: Mapping[str, Any] | None = None,
) -> Explanation:
    """Say which policy and which statement decided: about an error of boto3, or about an action that you name.

    ``principal`` is the ARN of a user, a role or a session, the administrator if empty; ``context`` adds condition
    keys, such as ``{"aws:SourceVpce": "vpce-1"}``.
    """
    from mlacourse.cloud.iam.explain import explain as explained

    return explained(offline(), error, action=action, resource=resource, principal=principal, context=context)


def step(section: str, *, reached: Reached) -> Callable[[Build], Build]:
    """Register a function as what a section of the lab builds; see :class:`mlacourse.cloud.lab.Lab`."""
    return _the_lab().step(section, reached=reached)


def checkpoint(section: str) -> None:
    """Bring the account to where a section of the lab begins, after a restart of the kernel too."""
    from mlacourse.cloud.own_account import OwnAccount

    here = _running if _running is not None else start()
    if isinstance(here, OwnAccount):
        print("Your own account is not rebuilt: run the sections in order.")
        return
    if replayed := _the_lab().checkpoint(here, section):
        print("Rebuilt: " + ", ".join(replayed) + ".")


def cleanup() -> None:
    """List what was made through boto3 in this lab and delete it; in your own account it asks first."""
    from mlacourse.cloud.own_account import OwnAccount

    here = _running if _running is not None else start()
    everything = list(here.made)
    if not everything:
        print("Nothing to clean up.")
        return
    print("Made in this lab:", *everything, sep="\n  ")
    if isinstance(here, OwnAccount) and not here.agreed("Delete all of it from your own AWS account?"):
        return
    for made in everything:
        here.made.delete(made)
    print("Deleted.")


def _the_lab() -> Lab:
    global _lab
    if _lab is None:
        from mlacourse.cloud.lab import Lab

        _lab = Lab()
    return _lab
