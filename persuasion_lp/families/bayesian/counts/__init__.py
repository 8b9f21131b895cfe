"""Players who are alike: who does what does not matter, only how many."""
