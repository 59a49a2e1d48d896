"""Schema changes, one module each, in order."""
