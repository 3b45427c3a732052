"""Outgoing webhooks: what happened, posted to the systems of the organisations that may know of it."""
