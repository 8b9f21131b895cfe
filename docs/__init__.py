"""The documentation site; ``make docs`` builds it into ``docs/_build/html``."""
