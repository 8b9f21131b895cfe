"""Single pieces against what can be written by hand."""
