"""Pages of rebates."""
