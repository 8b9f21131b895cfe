"""Instance files: what they say, what is wrong with them, their schema, the examples."""
