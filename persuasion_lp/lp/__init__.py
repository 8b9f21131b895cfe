"""The engine: named blocks, sparse arrays, HiGHS, certificates, exports. Knows no economics."""

from persuasion_lp.lp.blocks import Block
from persuasion_lp.lp.certificate import LPCertificate, certify, safe_bound
from persuasion_lp.lp.highs import LPSolution, solve_lp
from persuasion_lp.lp.model import LinearProgram, LPBuilder
from persuasion_lp.lp.options import SolverOptions

__all__ = [
    "Block",
    "LPBuilder",
    "LPCertificate",
    "LPSolution",
    "LinearProgram",
    "SolverOptions",
    "certify",
    "safe_bound",
    "solve_lp",
]
