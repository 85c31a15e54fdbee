"""The course as a package: what a chapter imports and what the site is built with."""

from importlib.metadata import version

__version__ = version("mlacourse")
