"""Exercises: scripted incidents that people and the demonstration's players work through, and their debrief."""
