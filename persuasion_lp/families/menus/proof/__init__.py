"""Brackets of menus: what tests pay after repair, and what prices prove, as written."""
