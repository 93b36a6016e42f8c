"""Every row is read, says whose it is, and holds for whoever installs the package."""

from pathlib import Path

import pytest
from creatorbook.client import house_packs
from creatorbook.packs import Packs

FOLDER = Path(__file__).parents[1] / "src" / "creatorbook_beauty" / "packs"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yml"))


@pytest.fixture(scope="module")
def packs() -> Packs:
    """The packs as they hold with this package alone."""
    return Packs(*house_packs.installed_packs())


def test_every_file_is_read(packs: Packs) -> None:
    """None is left out; a mistake is told with its line."""
    assert packs.left_out == ()
    assert {name for layer in packs.layers for name in layer.packs} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_row_says_who_says_so(packs: Packs, name: str) -> None:
    """Each of our rows is there, with a source and a date."""
    ours = [row for row in packs.rows_of(name) if row.place.startswith("creatorbook-beauty ")]
    assert ours
    assert all(row.source and row.date for row in ours)


def test_the_playbook_uses_the_sizes_of_the_scheme(packs: Packs) -> None:
    """Every size of the mix is a band of the scheme, and no follower count is in two."""
    bands = packs.pack("tiers")["schemes"]["beauty"]["bands"]
    assert [band["below"] for band in bands[:-1]] == [band["from"] for band in bands[1:]]
    playbook = packs.pack("playbooks")["playbooks"]["beauty"]
    assert set(playbook["mix"]) <= {band["name"] for band in bands}


def test_no_figure_is_without_a_named_source(packs: Packs) -> None:
    """Our benchmarks and fees name who published them, and how good that is; none is the author's own."""
    for name, part in (("benchmarks", "engagement"), ("fees", "gifts"), ("fees", "surcharges")):
        base = Packs().pack(name)[part]
        rows = [row for row in packs.pack(name)[part] if row not in base]
        assert rows
        assert all(row["evidence"] in {"low", "medium"} for row in rows)


def test_the_sizes_are_the_report_s(packs: Packs) -> None:
    """Where each begins, as the source has it."""
    bands = packs.pack("tiers")["schemes"]["beauty"]["bands"]
    assert {band["name"]: band["from"] for band in bands} == {
        "nano": 1_000,
        "micro": 10_000,
        "mid": 50_000,
        "macro": 250_000,
        "mega": 1_000_000,
        "VIP": 5_000_000,
    }


def test_the_moments_of_the_playbook_are_in_the_calendar(packs: Packs) -> None:
    """creatorbook's own among them."""
    names = {row["name"] for row in packs.pack("calendar")["moments"]}
    assert set(packs.pack("playbooks")["playbooks"]["beauty"]["moments"]) <= names
