"""Formats that other systems speak, each read and written in its own folder."""
