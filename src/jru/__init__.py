"""A joint response unit of police and ambulance: two control rooms, one crew, one record."""

from importlib.metadata import version

__version__ = version("jru")
