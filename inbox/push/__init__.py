"""Web push: notifications on devices while no page is open (RFC 8030, RFC 8291, RFC 8292)."""
