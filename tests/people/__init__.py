"""What people run: the command line, files, notebooks."""
