"""What proves the answer to a game: the experiment made obedient, and exact answers as results."""
