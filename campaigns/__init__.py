"""Joint campaigns: one organisation's plan, run by several, each with its share, its audience and its own figures."""
