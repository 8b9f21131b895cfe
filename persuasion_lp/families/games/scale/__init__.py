"""Routes for what is large: they use the structure of a procedure, and end in the same proof."""
