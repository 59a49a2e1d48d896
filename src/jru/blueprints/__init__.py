"""Schemes that ship with the product."""
