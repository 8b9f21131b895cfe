"""Checks, searches and shrinking."""
