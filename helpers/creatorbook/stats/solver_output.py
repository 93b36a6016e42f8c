"""Keep the solver's debug lines off the page without losing anybody else's output."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

#: the line that HiGHS 1.12 prints past all its log switches; `scipy.optimize.milp` has no option against it
SOLVER_LINE = b"HighsMipSolverData::"


@contextmanager
def without_solver_lines() -> Iterator[None]:
    """Hold back what is written past Python while the block runs, and let through all but the solver's lines."""
    sys.stdout.flush()
    stdout = os.dup(1)
    with tempfile.TemporaryFile() as captured:
        os.dup2(captured.fileno(), 1)
        try:
            yield
        finally:
            os.dup2(stdout, 1)
            os.close(stdout)
            captured.seek(0)
            others = b"".join(line for line in captured if not line.startswith(SOLVER_LINE))
            if others:
                os.write(1, others)
