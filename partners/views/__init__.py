"""Pages of people, organisations and partnerships."""
