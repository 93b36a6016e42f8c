"""What every report's kernel imports, imported once in the process that kernels are forked from.

Only this module is preloaded there. It must leave the process with one thread, no open zmq context and no
open DuckDB connection: a fork copies one thread and every lock. The inline backend is not in the list,
because it hooks into a shell at import, and there is none yet: all figures would vanish.
"""

import atexit
import importlib
import os
from pathlib import Path

from creatorbook.imports import quick_imports

MODULES = [
    "IPython.core.completer",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.history",
    "IPython.core.logger",
    "IPython.core.magics",
    "IPython.core.oinspect",
    "IPython.display",
    "IPython.extensions.storemagic",
    "ipykernel.debugger",
    "ipykernel.iostream",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "anywidget",
    "duckdb",
    "ipywidgets",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "pandas",
    "pandas.core.methods.to_dict",
    "pandas.core.reshape.reshape",
    "scipy.optimize",
    "scipy.stats",
    "seaborn",
    "sklearn.cluster",
    "sklearn.feature_extraction.text",
    "sklearn.metrics",
    "stringprep",
    "tornado.platform.asyncio",
    "creatorbook.findings.charts",
    "creatorbook.forms",
    "creatorbook.cli",
    "creatorbook.goals",
    "creatorbook.plugins",
    "creatorbook.findings.render",
    "creatorbook.roi",
    "creatorbook.start",
    "creatorbook.tiers",
    "creatorbook.tracking",
    "creatorbook.vetting",
    "creatorbook.forms",
    "creatorbook.opening",
    "creatorbook.runner.forked",
]

#: What could not be imported; told by the first kernel, because the fork server keeps silent.
FAILED: list[str] = []

_OWNER = os.getppid()

with quick_imports("debugpy"):  # no report is debugged, and where modules are frozen it warns on the terminal
    for _name in MODULES:
        # it looks after its owner only once all is imported, which can take a while
        if os.getppid() != _OWNER:
            os._exit(0)
        try:
            importlib.import_module(_name)
        except Exception as _error:  # whatever it is, the kernel will meet it again, aloud
            FAILED.append(f"{_name}: {_error}")

#: Threads of the process after the imports; forking is safe from one.
_TASKS = Path("/proc/self/task")
THREADS = len(list(_TASKS.iterdir())) if _TASKS.is_dir() else 1

_SERVER = os.getpid()


@atexit.register
def _leave() -> None:
    """End the fork server without taking its modules apart, which takes a second; its kernels end as they do."""
    if os.getpid() == _SERVER:
        os._exit(0)
