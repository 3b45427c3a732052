"""Forms of contacts, segments and mailings."""
