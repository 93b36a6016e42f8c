"""Tests see this plugin only, whatever else is installed."""

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def _only_this_plugin() -> Iterator[None]:
    """Leave out what other packages bring."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CREATORBOOK_PLUGINS", "creatorbook_rakuten")
        patch.delenv("CREATORBOOK_NO_PLUGIN", raising=False)
        yield
