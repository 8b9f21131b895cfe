"""Brackets of posterior means: what experiments pay after repair, what prices prove."""
