"""Triggers: when something happens, and the conditions hold, something follows by itself, once and within limits."""
