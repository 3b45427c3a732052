"""The form of a trigger."""
