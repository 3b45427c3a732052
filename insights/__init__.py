"""Figures about deals and partnerships: reads only."""
