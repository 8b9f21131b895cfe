"""What a tree of posteriors pays and what bounds it, for the numbers as they were written."""
