"""Many instances at once: ``sweep(build, grid, procedures)``, on one core, several, or a cluster.

An instance is made from the values of named axes and solved under every procedure asked for. What
it raises is the error of its row. Rows arrive in chunks and are saved as they do; a sweep that was
interrupted goes on with what is missing.

    grid.py, values.py    which instances there are
    recipe.py, places.py  how one is made
    runs.py               which procedures
    solving.py            what a worker does
    engines.py            who the workers are
    store.py, rows.py     what becomes of the rows
    sweeping.py           all of it in order
    table.py              what one gets
"""

from persuasion_lp.sweep.sweeping import sweep
from persuasion_lp.sweep.table import Sweep

__all__ = ["Sweep", "sweep"]
