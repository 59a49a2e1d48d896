"""Two simulated control rooms and their crews, speaking the public API only."""
