"""``cloud.explain`` as a notebook calls it."""

from __future__ import annotations

from mlacourse import cloud


def test_explain_is_a_part_of_the_clouds_face() -> None:
    with cloud.start():
        assert cloud.explain(action="s3:ListAllMyBuckets").allowed
