"""EC2: a VPC endpoint is a gateway unless it says otherwise, which moto forgets to write down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlacourse.cloud.call import Call
from mlacourse.cloud.handlers import handles

if TYPE_CHECKING:
    from mlacourse.cloud.session import Cloud


@handles("ec2", "CreateVpcEndpoint")
def create_vpc_endpoint(cloud: Cloud, call: Call) -> dict[str, Any]:
    """Make an endpoint of the type that was asked for, or a gateway."""
    return cloud.forward(call, VpcEndpointType=call.params.get("VpcEndpointType", "Gateway"))
