"""theorems/kks."""
