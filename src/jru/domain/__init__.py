"""The field itself, as pure functions and values: no clock, no chance, no input or output."""
