"""Rakuten orders: a reader for creatorbook.

Which file it knows is told in `layout.yml` beside this file, how its rows become orders in `reading.py`.
"""

from importlib.resources import files

import yaml
from creatorbook.plugins import hookimpl, layout, layout_reader

from creatorbook_rakuten.reading import read_signature_orders

#: the hooks' version that this was written for
creatorbook_hooks = 2


@hookimpl
def creatorbook_readers() -> list:
    """One reader: recognised by the columns of `layout.yml`, a row for each order line after its corrections."""
    columns = yaml.safe_load(files(__package__).joinpath("layout.yml").read_text(encoding="utf-8"))
    return [layout_reader(layout(columns), read_signature_orders)]
