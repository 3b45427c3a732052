"""Calls: who rings and talks (durable, over HTTP), and the signals by which browsers find each other (fleeting)."""
