"""The explorer: what moves, and what a link says."""
