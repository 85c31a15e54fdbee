"""The instances behind an endpoint: one fleet for each endpoint configuration, one model server for each variant.

A deployment starts a second :class:`Fleet` beside the first and moves traffic between them; ``Endpoint.traffic`` says
which fleet gets which share. Within a fleet, weights split the traffic over variants.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import wait
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING, Any

from mlacourse.cloud.call import AwsError
from mlacourse.cloud.sagemaker import image, roles
from mlacourse.cloud.sagemaker.background import in_background
from mlacourse.cloud.sagemaker.capture import Capture
from mlacourse.cloud.sagemaker.logs import LogStream
from mlacourse.cloud.sagemaker.model_server import ModelServer
from mlacourse.cloud.sagemaker.roles import Role
from mlacourse.cloud.sagemaker.state import State, invalid

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud

LOG_GROUP = "/aws/sagemaker/Endpoints"


@dataclass
class Variant:
    """One variant of a running fleet."""

    name: str
    model: Mapping[str, Any]
    instance_type: str
    image: image.Image
    resolved: datetime
    role: Role
    server: ModelServer
    weight: float
    instances: int
    # How much of the instances gets traffic or may get it.
    part: Fraction = Fraction(0)

    @property
    def active(self) -> int:
        """How many of the instances are in use now, while a deployment moves traffic fewer than there will be."""
        return int(self.instances * self.part)

    def summary(self) -> dict[str, Any]:
        """Return the variant as ``DescribeEndpoint`` tells it."""
        deployed = {
            "SpecifiedImage": self.image.uri,
            "ResolvedImage": self.image.resolved,
            "ResolutionTime": self.resolved,
        }
        return {
            "VariantName": self.name,
            "DeployedImages": [deployed],
            "CurrentWeight": self.weight,
            "DesiredWeight": self.weight,
            "CurrentInstanceCount": self.active,
            "DesiredInstanceCount": self.instances,
        }


class Fleet:
    """Every variant of one endpoint configuration; ``start`` raises ``StartError`` if one does not come up."""

    def __init__(self, cloud: Cloud, endpoint: str, config: Mapping[str, Any]) -> None:
        self.config = config
        self._cloud, self._endpoint = cloud, endpoint
        self._abandoned = False
        self.production: list[Variant] = []
        self.shadows: list[Variant] = []
        self.capture = Capture(cloud, endpoint, config.get("DataCaptureConfig"))

    @property
    def variants(self) -> list[Variant]:
        """Production and shadow variants."""
        return [*self.production, *self.shadows]

    def prepare(self) -> None:
        """Find models, images and roles; raises :class:`AwsError` for what cannot be had."""
        try:
            for described, place in (
                *((one, self.production) for one in self.config["ProductionVariants"]),
                *((one, self.shadows) for one in self.config.get("ShadowProductionVariants", [])),
            ):
                place.append(self._variant(described))
        except AwsError:
            self.kill()
            raise

    def start(self) -> None:
        """Start all model servers side by side."""
        starts = [in_background(variant.server.start) for variant in self.variants]
        wait(starts)
        try:
            for start in starts:
                start.result()
        except Exception:
            if self._abandoned:
                self.kill()
            else:
                self.stop()
            raise

    def abandon(self) -> None:
        """Give up a start that is under way in another thread."""
        self._abandoned = True
        for variant in self.variants:
            variant.server.refuse()

    def stop(self) -> None:
        """Stop all model servers and store what was captured."""
        self.capture.flush()
        wait([in_background(variant.server.stop) for variant in self.variants])

    def kill(self) -> None:
        """End all model servers at once, with the account that they ran in."""
        for variant in self.variants:
            variant.server.kill()

    def activate(self, part: Fraction) -> None:
        """Turn on this part of every variant's instances."""
        for variant in self.variants:
            variant.part = part

    def variant(self, name: str) -> Variant | None:
        """Return a production variant by its name."""
        return next((variant for variant in self.production if variant.name == name), None)

    def choose(self, random: Random) -> Variant:
        """Return a production variant by weight."""
        return random.choices(self.production, [variant.weight for variant in self.production])[0]

    def shadowed(self, random: Random) -> Sequence[Variant]:
        """Return the shadow variants that get a copy of a request: their weight over production's is the share."""
        production = sum(variant.weight for variant in self.production)
        return [shadow for shadow in self.shadows if random.random() * production < shadow.weight]

    def _variant(self, described: Mapping[str, Any]) -> Variant:
        cloud, name = self._cloud, described["VariantName"]
        state, model_name = cloud.part(State), described["ModelName"]
        if model_name not in state.models:
            raise invalid(f'Could not find model "{model_name}".')
        container = state.containers[model_name]
        model = {**state.models[model_name], "PrimaryContainer": container}
        role = roles.assume(cloud, model["ExecutionRoleArn"])
        found = image.resolve(container["Image"], cloud.account, role)
        instance = f"i-{cloud.random('sagemaker', 'Instance').getrandbits(68):017x}"
        log = LogStream(role, f"{LOG_GROUP}/{self._endpoint}", f"{name}/{instance}")
        return Variant(
            name,
            model,
            described["InstanceType"],
            found,
            cloud.clock.now(),
            role,
            ModelServer(name, model, found, role, log),
            described["InitialVariantWeight"],
            described["InitialInstanceCount"],
        )
