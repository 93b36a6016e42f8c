"""Settings files: what is wrong is told in a sentence, whatever somebody wrote into them."""

from __future__ import annotations

from pathlib import Path

import pytest

from creatorbook.client import read_campaign, read_client
from creatorbook.client.yaml_files import yaml_data
from creatorbook.problems import LONGEST_MESSAGE_LINE, LONGEST_QUOTE, Problem, bounded

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


def test_anchors_in_honest_use_still_work(tmp_path: Path) -> None:
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
    assert len(yaml_data("[" + "1," * 120_000 + "]", tmp_path)) == 120_000
    with pytest.raises(Problem, match=r"line 1: “brand”: .* \(found \[\[\.\.\.\]\]\)"):
        read_client(client_folder(tmp_path / "circle", "brand: &a [*a]\n" + SETTINGS.partition("\n")[2]))


def test_a_mistake_quotes_little_of_what_was_found(tmp_path: Path) -> None:
    """A value of any length, of any kind, with quotation marks in it or without."""
    for wrong in ("x" * 50_000, "x”y" * 20_000, "[" + "x, " * 3000 + "x]"):
        with pytest.raises(Problem, match="“market”") as caught:
            read_client(client_folder(tmp_path / "long", SETTINGS.replace("DE", wrong)))
        assert len(str(caught.value)) < 400
    told = str(Problem(f"there is no stage “{'s' * 9999}”", todo=f"Stages: {'t' * 99_999}.\nPlan first."))
    assert f"“{'s' * (LONGEST_QUOTE - 1)}…”" in told
    assert told.endswith("…\nPlan first.")
    assert len(told) < LONGEST_QUOTE + LONGEST_MESSAGE_LINE + 100
    assert bounded("a “short” one, whole") == "a “short” one, whole"


def test_a_mistake_of_a_whole_mapping_is_told_without_printing_it(tmp_path: Path) -> None:
    """Of the file as a whole without a name, of a part under the part's name; never as Python prints it."""
    folder = client_folder(tmp_path / "whole", SETTINGS)
    (folder / "campaigns").mkdir()
    (folder / "campaigns/spring.yml").write_text("goal: sales\nbudget: 900\nstart: 2026-03-10\nend: 2026-03-01\n")
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
