"""The pages of contacts, segments and mailings, and what the letters lead to."""
