"""Answers as files: what they say, and what is compared when they are solved anew."""
