"""Managers, menus and single tests."""
