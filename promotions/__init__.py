"""A vendor's offers: who gets them, on what, how they combine, and what is left of their budget."""
