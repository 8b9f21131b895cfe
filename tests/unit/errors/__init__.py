"""Errors, messages, and what users pass."""
