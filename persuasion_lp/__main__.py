"""Run the command line with ``python -m persuasion_lp``."""

import sys

from persuasion_lp.cli import main

if __name__ == "__main__":
    sys.exit(main())
