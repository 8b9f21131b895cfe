"""Files: what is read, what is written."""
