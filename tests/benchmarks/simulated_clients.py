"""Simulated clients for benchmarks of many.

`CREATORBOOK_SIMULATED` names a folder that keeps them for the next time.
"""

from __future__ import annotations

import os
import shutil
from itertools import count, islice
from pathlib import Path

from creatorbook import simulate as simulator

#: Seeds are taken in order from here; one whose client the simulator cannot make is passed over.
FIRST_SEED = 1000


def simulated_clients(place: Path, number: int) -> list[Path]:
    """The folders of so many clients; `place` is used where none is kept."""
    kept = os.environ.get("CREATORBOOK_SIMULATED")
    folders = (_simulated(Path(kept) if kept else place, seed) for seed in count(FIRST_SEED))
    return list(islice((folder for folder in folders if folder), number))


def _simulated(place: Path, seed: int) -> Path | None:
    """A client's folder, whole; `None` if there is no such client."""
    folder = place / f"client-{seed}"
    if not folder.exists():
        part = place / f".client-{seed}"
        shutil.rmtree(part, ignore_errors=True)
        place.mkdir(parents=True, exist_ok=True)
        try:
            simulator.simulate(part, simulator.Settings(seed=seed))
        except ValueError:
            return None
        part.rename(folder)
    return folder
