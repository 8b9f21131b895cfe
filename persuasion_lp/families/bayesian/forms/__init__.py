"""A problem written down."""
