"""Use cases; the first argument is always the viewer."""
