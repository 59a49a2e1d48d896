"""Where things are and how long it takes to get there. Imports the domain only."""
