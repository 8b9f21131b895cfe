"""Unit tests of games."""
