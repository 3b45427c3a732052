"""Tiers from real figures: what each asks, who reached it, and what is missing to the next."""
