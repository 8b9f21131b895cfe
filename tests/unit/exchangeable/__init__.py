"""Groups of alike receivers, by counts."""
