"""Puts the course's data into the wheel; an editable install reads the repository instead."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BundleData(BuildHookInterface):
    """Adds questions, data sets and the site's address to a standard wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files, unless the install is editable."""
        if version == "standard":
            for source in ("quizzes", "datasets", "book/_config.yml"):
                build_data["force_include"][source] = f"mlacourse/_bundled/{source}"
