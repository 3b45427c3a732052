"""The pages of deals, by topic."""
