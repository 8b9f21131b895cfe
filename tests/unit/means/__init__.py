"""Unit tests of posterior-mean games."""
