"""Whom an organisation may write to: contacts, consent, segments, and what is sent to them."""
