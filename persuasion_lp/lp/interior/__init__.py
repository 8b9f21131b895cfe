"""Interior point methods for programs whose columns fall into blocks."""
