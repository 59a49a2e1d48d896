"""Roads, places and travel times."""
