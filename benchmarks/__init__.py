"""Measured claims: one module each, every figure beside its limit."""
