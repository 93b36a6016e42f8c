"""Baskets: a notebook for creatorbook with a section of its own in the results report.

What it finds is in `section.py`, how orders become baskets in `orders.py`.
"""

from pathlib import Path

from creatorbook.plugins import hookimpl

#: the hooks' version that this was written for
creatorbook_hooks = 2


@hookimpl
def creatorbook_notebooks() -> dict[str, list[Path]]:
    """The notebook, behind the workbook's own of the stage `results`: before, nobody has bought anything."""
    return {"results": [Path(__file__).parent / "baskets.ipynb"]}
