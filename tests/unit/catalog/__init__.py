"""The catalogue of published instances."""
