"""Programmes: one module says who acts when, one lays the columns out, one reads them back."""
