"""Settings files: what is wrong is told in a sentence, whatever somebody wrote into them."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from creatorbook.acts.handover_sheets.content import TEXTS
from creatorbook.client import read_campaign, read_client, read_decisions, read_links, yaml_files
from creatorbook.client.campaign_records import read_lift, read_openings
from creatorbook.client.creator_history import read_history
from creatorbook.client.forgotten import FORGOTTEN_FILE, NOBODY, forgotten_in
from creatorbook.client.hash_key import hash_key
from creatorbook.client.ledger import read_ledger
from creatorbook.client.relationship_log import read_log
from creatorbook.client.yaml_files import yaml_data
from creatorbook.exports.files import find_files, unreadable_files
from creatorbook.exports.mentions import Spellings, find_mentions
from creatorbook.problems import LONGEST_MESSAGE_LINE, LONGEST_QUOTE, Problem, bounded
from creatorbook.report.theme import Branding

SETTINGS = "brand: Ada\ncurrency: EUR\nmarket: DE\nprices_include_tax: true\ntax_rate: 0.19\n"

#: nine levels of nine aliases each: 48 million strings, when they are written out
NINES = "".join(
    f" &{name} [{','.join([f'*{before}'] * 9)}],\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
BOMB = f'brand: [&a ["x","x","x","x","x","x","x","x","x"],\n{NINES} "x"]\n'
#: the same with mappings that are merged
MERGED = "".join(
    f"{name}: &{name} {{<<: [{','.join([f'*{before}'] * 9)}]}}\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def client_folder(folder: Path, settings: str) -> Path:
    """A client folder with nothing but its settings."""
    folder.mkdir(exist_ok=True)
    (folder / "client.yml").write_text(settings)
    return folder


@pytest.mark.parametrize("settings", [BOMB, "a: &a {k: 1}\n" + MERGED], ids=["lists", "merged mappings"])
def test_aliases_that_stand_for_millions_are_refused_unread(tmp_path: Path, settings: str) -> None:
    """File, line and what to do; nothing is written out on the way."""
    with pytest.raises(
        Problem, match=r"client\.yml, line \d+: refused: its anchors \(&\) and aliases \(\*\)"
    ) as caught:
        read_client(client_folder(tmp_path / "bomb", settings + SETTINGS))
    assert len(str(caught.value)) < 400


def test_anchors_in_honest_use_still_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A value used twice, a mapping merged into another, a long file without any alias, and a circle."""
    persona = (
        "personas:\n- &one {name: Ada, countries: &here [DE, AT]}\n- {<<: *one, name: Ben}\nmarkets: *here\n"
    )
    client = read_client(client_folder(tmp_path / "honest", SETTINGS + persona))
    assert [(one.name, one.countries) for one in client.personas] == [
        ("Ada", ["DE", "AT"]),
        ("Ben", ["DE", "AT"]),
    ]
    assert client.markets == ["DE", "AT"]
    monkeypatch.setattr(yaml_files, "MOST_VALUES", 1000)
    assert len(yaml_data("[" + "1," * 1500 + "]", tmp_path)) == 1500
    with pytest.raises(Problem, match=r"line 1: “brand”: .* \(found \[\[\.\.\.\]\]\)"):
        read_client(client_folder(tmp_path / "circle", "brand: &a [*a]\n" + SETTINGS.partition("\n")[2]))


def test_a_mistake_quotes_little_of_what_was_found(tmp_path: Path) -> None:
    """A value of any length, of any kind, with quotation marks in it or without."""
    for wrong in ("x" * 50_000, "x”y" * 20_000, "[" + "x, " * 3000 + "x]"):
        with pytest.raises(Problem, match="“market”") as caught:
            read_client(client_folder(tmp_path / "long", SETTINGS.replace("DE", wrong)))
        assert len(str(caught.value)) < 400
    message = str(Problem(f"there is no stage “{'s' * 9999}”", todo=f"Stages: {'t' * 99_999}.\nPlan first."))
    assert f"“{'s' * (LONGEST_QUOTE - 1)}…”" in message
    assert message.endswith("…\nPlan first.")
    assert len(message) < LONGEST_QUOTE + LONGEST_MESSAGE_LINE + 100
    assert bounded("a “short” one, whole") == "a “short” one, whole"


def test_a_mistake_of_a_whole_mapping_is_told_without_printing_it(tmp_path: Path) -> None:
    """Of the file as a whole without a name, of a part under the part's name; never as Python prints it."""
    folder = client_folder(tmp_path / "whole", SETTINGS)
    (folder / "campaigns").mkdir()
    (folder / "campaigns/spring.yml").write_text(
        "goal: sales\nbudget: 900\nstart: 2026-03-10\nend: 2026-03-01\n"
    )
    with pytest.raises(Problem) as whole:
        read_campaign(read_client(folder))
    assert str(whole.value) == (
        f"{folder / 'campaigns/spring.yml'}: the campaign ends (2026-03-01) before it starts (2026-03-10)"
    )
    bands = "tier_schemes:\n  own: {title: Own, bands: [{name: small, from: 1, above: 2}]}\n"
    with pytest.raises(Problem) as caught:
        read_client(client_folder(tmp_path / "part", SETTINGS + bands))
    assert str(caught.value).endswith(
        "“tier_schemes.own.bands.0”: the size “small” starts either `from` a number or `above` one"
    )


@contextmanager
def ends_where_it_waits() -> Iterator[None]:
    """Fail, where a pipe was opened, instead of waiting for ever."""
    signal.signal(signal.SIGALRM, lambda *_: pytest.fail("something waits for a pipe"))
    signal.alarm(120)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system")
def test_pipes_and_devices_are_passed_over_wherever_a_file_may_stand(tmp_path: Path) -> None:
    """Each name that a client folder knows, as a pipe that nobody writes to or a device without end: the folder is read."""
    folder = client_folder(
        tmp_path / "piped", SETTINGS + "theme: {logo: logo.svg, fonts: {family: A, regular: a.ttf}}\n"
    )
    for place in ("campaigns", "exports", "templates"):
        (folder / place).mkdir()
    (folder / "campaigns/b.yml").write_text("goal: sales\nbudget: 900\nstart: 2026-03-01\nend: 2026-03-31\n")
    names = [
        "campaigns/b.lift.yml",
        "campaigns/b.links.csv",
        "campaigns/b.gate.csv",
        "exports/a.csv",
        "exports/a.xlsx",
        "exports/a.zip",
    ]
    names += [
        "campaigns/z.yml",
        "exports/a.pdf",
        "logo.svg",
        "a.ttf",
        "decisions.csv",
        "ledger.csv",
        "creator_history.csv",
        "relationship_log.csv",
        "hash.key",
    ]
    for name in [*names, f"templates/{TEXTS}", "../agency.yml"]:
        os.mkfifo(folder / name)
    (folder / "campaigns/zz.yml").symlink_to("/dev/zero")
    with ends_where_it_waits():
        client = read_client(folder)
        campaign = read_campaign(client)
        assert client.campaign_ids == ["b"]
        assert (find_files(folder), unreadable_files(folder)) == ([], [])
        assert find_mentions(folder, Spellings(("ada",))) == [("client.yml", ["line 1"])]
        assert (read_lift(campaign), read_openings(campaign), forgotten_in(folder)) == (None, (), NOBODY)
        assert all(
            table.empty
            for table in (
                read_links(campaign),
                *(read(client) for read in (read_decisions, read_ledger, read_history, read_log)),
            )
        )
        assert len(hash_key(folder)) == 64
        assert Branding.of(client).logo == ""
        os.mkfifo(folder / FORGOTTEN_FILE)
        with pytest.raises(Problem, match=r"forgotten\.csv: not a file"):
            forgotten_in(folder)
