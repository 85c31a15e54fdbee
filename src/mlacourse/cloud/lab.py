"""Places in a lab to start from: what earlier sections build, replayed when the kernel was restarted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud
    from mlacourse.cloud.trail import Trail

Build = Callable[[], object]
Reached = Callable[[], bool]


@dataclass(frozen=True)
class Step:
    """What one section of a lab builds, and how to see in the account that it is there."""

    section: str
    build: Build
    reached: Reached

    @property
    def title(self) -> str:
        """The function's name in words."""
        return self.build.__name__.replace("_", " ")


class Lab:
    """The steps of one lab, in the order of its sections.

    A step builds with boto3 what its section leaves behind; ``reached`` looks at the account, not at variables::

        lab = Lab()

        @lab.step("1", reached=lambda: "churn-data" in bucket_names())
        def a_bucket_with_the_data():
            boto3.client("s3").create_bucket(Bucket="churn-data")

        lab.checkpoint(cloud, "2")   # section 2 begins: the bucket is there, nothing of section 2 is
    """

    def __init__(self) -> None:
        self._steps: dict[str, Step] = {}
        # Where the learner stood last: in which life of the account, at which section, after how many changes.
        self._at: tuple[Trail, str, int] | None = None

    def step(self, section: str, *, reached: Reached) -> Callable[[Build], Build]:
        """Register a function as what ``section`` builds; registering again replaces it."""

        def register(build: Build) -> Build:
            self._steps[section] = Step(section, build, reached)
            return build

        return register

    def checkpoint(self, cloud: Cloud, section: str) -> list[str]:
        """Bring the account to where ``section`` begins; returns the titles of the steps that were replayed.

        Nothing is replayed when the learner comes from the section before and what it builds is there, or stands
        here already and has changed nothing. Otherwise the account is emptied and the earlier steps run again.
        """
        before = self._before(section)
        if not self._stands_at(cloud, section, before):
            cloud.reset()
            for step in before:
                step.build()
        else:
            before = []
        self._at = (cloud.trail, section, cloud.trail.changes)
        return [step.title for step in before]

    def _before(self, section: str) -> list[Step]:
        names = list(self._steps)
        if section not in names:
            known = (
                f"Its sections are {', '.join(names)}." if names else "Run the cells at its top, which say what it has."
            )
            raise ValueError(f"The lab has no section {section!r}. {known}")
        return [self._steps[name] for name in names[: names.index(section)]]

    def _stands_at(self, cloud: Cloud, section: str, before: list[Step]) -> bool:
        if self._at is None or self._at[0] is not cloud.trail:
            return False
        _, at, changes = self._at
        if at == section:
            return cloud.trail.changes == changes
        return bool(before) and at == before[-1].section and all(step.reached() for step in before)
