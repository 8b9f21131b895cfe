"""One answer from several solvers and from closed forms."""
