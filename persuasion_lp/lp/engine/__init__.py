"""HiGHS as it is run: in scaled form, within limits, and so that it can be interrupted."""
