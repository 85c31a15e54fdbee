"""The records of ``datasets/recorded``: the scripts that made them, for the tests that make a slice again."""

import functools
import importlib.util
import sys
from types import ModuleType

from mlacourse import resources


@functools.cache
def recorder(name: str) -> ModuleType:
    """The script that made a record of ``datasets/recorded``, as a module."""
    spec = importlib.util.spec_from_file_location(name, resources.path("datasets", "recorded", f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # a data class looks its module up
    spec.loader.exec_module(module)
    return module
