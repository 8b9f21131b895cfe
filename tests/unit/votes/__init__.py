"""Unit tests of votes."""
