"""Problems in exact rationals: instance files, shrinking, digits."""
