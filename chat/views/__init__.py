"""The doors of rooms, by topic."""
