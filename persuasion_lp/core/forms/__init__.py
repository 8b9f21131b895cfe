"""core/forms."""
