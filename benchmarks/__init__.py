"""Benchmarks: how long this library takes, next to the same work done in other ways.

``python -m benchmarks`` (or ``make bench``) runs every spec and prints times by phase, ratios to a
baseline that ran in turn with the others in the same process, and growth exponents. Times are never
tested; that every spec does its work is, at its smallest size, by the test suite.

===========  ====================================================================================
registry     what a spec is; the list of modules that hold specs
runner       runs a spec: contenders in turn, phases timed, every answer checked
report       the results as JSON, as tables, and as growth exponents
textbook     the programmes of a game as people write them today: cvxpy, ``scipy.optimize.linprog``
games        specs: persuasion games by procedure and number of receivers
engine       specs: the engine alone on a large and easy program
menus        specs: menus of tests by number of worker types
grids        specs: brackets against the closed form by grid size; their rows as a frame
closed_forms problems with known values, on which grids are measured
tiny         specs: a game of two receivers from a fresh process
repeated     specs: small games one after the other, beside HiGHS alone
against      this tree against another one, on the problems of ``cases``
===========  ====================================================================================

To add specs, write a module with a tuple ``SPECS`` and name it in ``registry.MODULES``.
"""
