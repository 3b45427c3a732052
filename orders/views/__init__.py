"""The pages of orders and the catalogue."""
