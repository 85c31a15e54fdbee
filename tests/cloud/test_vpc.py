from __future__ import annotations

from typing import Any

import boto3
import pytest
from cloud.aws import error_of

from mlacourse.cloud.session import Cloud


@pytest.fixture
def ec2(cloud: Cloud) -> Any:
    return boto3.client("ec2")


def test_ranges_are_checked(ec2: Any) -> None:
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")
    assert error_of(ec2.create_subnet, VpcId=vpc, CidrBlock="10.0.0.128/25")[0] == "InvalidSubnet.Conflict"
    assert error_of(ec2.create_subnet, VpcId=vpc, CidrBlock="10.1.0.0/24")[0] == "InvalidSubnet.Range"
    assert error_of(ec2.create_vpc, CidrBlock="10.0.0.0/8")[0] == "InvalidVpc.Range"
    assert error_of(ec2.delete_vpc, VpcId=vpc)[0] == "DependencyViolation"


def test_a_security_group_refuses_the_same_rule_twice(ec2: Any) -> None:
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    group = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
    rule = [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/16"}]}]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=rule)
    again = {"GroupId": group, "IpPermissions": rule}
    assert error_of(ec2.authorize_security_group_ingress, **again)[0] == "InvalidPermission.Duplicate"
    ec2.revoke_security_group_ingress(**again)
    (described,) = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    assert described["IpPermissions"] == []


def test_endpoints_bring_their_routes_and_interfaces(ec2: Any) -> None:
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3", RouteTableIds=[table])
    (described,) = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
    assert [
        route["DestinationPrefixListId"][:3] for route in described["Routes"] if "DestinationPrefixListId" in route
    ] == ["pl-"]
    interface = ec2.create_vpc_endpoint(
        VpcId=vpc,
        ServiceName="com.amazonaws.us-east-1.sagemaker.runtime",
        VpcEndpointType="Interface",
        SubnetIds=[subnet],
    )["VpcEndpoint"]
    assert len(interface["NetworkInterfaceIds"]) == 1


def test_a_subnet_reaches_the_internet_by_a_route_to_a_gateway(ec2: Any) -> None:
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    (described,) = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
    assert ("0.0.0.0/0", gateway) in [
        (route["DestinationCidrBlock"], route["GatewayId"]) for route in described["Routes"]
    ]


def test_a_network_is_taken_down_in_its_order(ec2: Any) -> None:
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    here = [{"Name": "vpc-id", "Values": [vpc]}]
    assert [one["SubnetId"] for one in ec2.describe_subnets(Filters=here)["Subnets"]] == [subnet]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    association = ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)["AssociationId"]
    endpoint = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3", RouteTableIds=[table])[
        "VpcEndpoint"
    ]["VpcEndpointId"]
    assert [one["VpcEndpointId"] for one in ec2.describe_vpc_endpoints(Filters=here)["VpcEndpoints"]] == [endpoint]
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    assert error_of(ec2.delete_route_table, RouteTableId=table)[0] == "DependencyViolation"
    ec2.disassociate_route_table(AssociationId=association)
    ec2.delete_route_table(RouteTableId=table)
    ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_vpc(VpcId=vpc)
    assert ec2.describe_vpcs(Filters=here)["Vpcs"] == []


def test_egress_rules_are_added_and_taken_away(ec2: Any) -> None:
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    group = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
    everywhere = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    https = [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/16"}]}]
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=everywhere)
    ec2.authorize_security_group_egress(GroupId=group, IpPermissions=https)
    of_group = [{"Name": "group-id", "Values": [group]}]
    rules = ec2.describe_security_group_rules(Filters=of_group)["SecurityGroupRules"]
    assert [(rule["IsEgress"], rule["FromPort"], rule["CidrIpv4"]) for rule in rules] == [(True, 443, "10.0.0.0/16")]
    ec2.delete_security_group(GroupId=group)
    assert error_of(ec2.describe_security_groups, GroupIds=[group])[0] == "InvalidGroup.NotFound"


def test_routes_gateways_and_zones_are_told(ec2: Any) -> None:
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    (described,) = ec2.describe_internet_gateways(InternetGatewayIds=[gateway])["InternetGateways"]
    assert [one["VpcId"] for one in described["Attachments"]] == [vpc]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2.delete_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0")
    (left,) = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
    assert [route["DestinationCidrBlock"] for route in left["Routes"]] == ["10.0.0.0/16"]
    assert "us-east-1a" in [zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"]]
    names = [one["PrefixListName"] for one in ec2.describe_prefix_lists()["PrefixLists"]]
    assert "com.amazonaws.us-east-1.s3" in names
