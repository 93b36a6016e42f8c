"""What plugin authors use, part by part: two editions compared, switches, the copies that plugins get of packs."""

from __future__ import annotations

import copy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from creatorbook.authoring.comparing import changes, texts
from creatorbook.authoring.folder import AuthorsFolder
from creatorbook.client import house_packs
from creatorbook.packs import BUILT_IN, in_force, per_packs
from creatorbook.problems import Problem
from fake_plugins import on_path

PAGE = """<html><head><style>h1 { color: red }</style><script>var x = "never";</script></head>
<body><h1>The   plan</h1><p>It brings <b>12</b> orders.</p><table><tr><td>a</td><td>b &amp; c</td></tr></table></body></html>"""


def edition(folder: Path, **facts: Any) -> Any:
    """An edition that says these, and else nothing."""
    page = folder / "working" / "report.html"
    page.parent.mkdir(parents=True)
    page.write_text(facts.pop("page", PAGE), encoding="utf-8")
    empty = {"figures": {}, "read": {}, "tables": {}, "lines": [], "files": set(), "folder": folder}
    return SimpleNamespace(**{**empty, **facts})


class TestComparing:
    def test_what_is_new_and_what_moved_are_told_apart(self, tmp_path: Path) -> None:
        """Figures with both values, tables by how many rows, files and sentences that were not there."""
        before = edition(
            tmp_path / "before",
            figures={"a.cost": ("Costs", 2060.0, "money"), "a.same": ("Same", 1.0, "orders")},
            tables={"costs": [["What"], ["fee"]], "same": [["x"]]},
            lines=["Costs are 2,060."],
            files={"summary.json"},
            read={"orders.csv": "order export, 10 of 10 rows"},
        )
        after = edition(
            tmp_path / "after",
            figures={
                "a.cost": ("Costs", 2498.4, "money"),
                "a.same": ("Same", 1.0, "orders"),
                "b.new": ("New", "", "money"),
            },
            tables={"costs": [["What"], ["fee"], ["gift"]], "same": [["x"]], "new": [["y"], [1], [2]]},
            lines=["Costs are 2,498.", "Costs are 2,060."],
            files={"summary.json", "working/figures.csv"},
            read={"orders.csv": "order export, 10 of 10 rows", "march.csv": "Our sheet, 3 of 3 rows"},
        )
        assert {kind: lines for kind, lines in changes(before, after).parts.items() if lines} == {
            "rows read": ["march.csv: Our sheet, 3 of 3 rows"],
            "figures added": ["New: not available"],
            "figures moved": ["Costs: 2,498.4 money, was 2,060 money"],
            "tables added": ["new: 2 rows"],
            "tables changed": ["costs: 1 row more"],
            "sentences added": ["Costs are 2,498."],
            "files added": ["working/figures.csv"],
        }

    def test_the_same_edition_has_no_changes(self, tmp_path: Path) -> None:
        """Nothing is said of a plugin that does nothing."""
        same = edition(tmp_path / "same")
        assert not changes(same, same)
        assert changes(same, same).lines() == []

    def test_another_look_is_told_by_its_rules(self, tmp_path: Path) -> None:
        """One rule is changed and one is new; embedded files do not count."""
        dressed = PAGE.replace("color: red", "color: blue").replace("</style>", ".a { margin: 0 }</style>")
        before, after = edition(tmp_path / "before"), edition(tmp_path / "after", page=dressed)
        assert changes(before, after).parts["look"] == ["2 style rules added or changed"]

    def test_texts_are_those_a_reader_sees(self) -> None:
        """Block by block, without style sheets and scripts."""
        assert list(texts(PAGE)) == ["The plan", "It brings 12 orders.", "a", "b & c"]


@pytest.mark.parametrize(
    ("only", "without", "is_there"),
    [(None, "", True), ("", "", False), ("beauty", "", True), ("other", "", False), (None, "beauty", False)],
)
def test_packs_of_packages_are_switched_as_plugins_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, only: str | None, without: str, *, is_there: bool
) -> None:
    """A package that brings data alone is on and off by the same names."""
    info = tmp_path / "beauty-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: beauty\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[creatorbook.packs]\nbeauty = beauty_pack:packs\n")
    packs = tmp_path / "beauty_pack" / "packs"
    packs.mkdir(parents=True)
    (packs.parent / "__init__.py").write_text("raise SystemExit\n")
    (packs / "reasons.yml").write_text(
        "source: ours\ndate: 2026-03-29\nreasons:\n  Later: [spring]\n", encoding="utf-8"
    )
    monkeypatch.delenv("CREATORBOOK_PLUGINS", raising=False)
    if only is not None:
        monkeypatch.setenv("CREATORBOOK_PLUGINS", only)
    monkeypatch.setenv("CREATORBOOK_NO_PLUGIN", without)
    with on_path(tmp_path):
        layers, left_out = house_packs.installed_packs()
    assert left_out == ()
    assert [layer.place for layer in layers] == (["beauty 1.0"] if is_there else [])


def test_what_holds_packs_can_be_copied() -> None:
    """A plugin gets a copy of the client; what was worked out from its packs may be a module, which cannot be copied."""

    @per_packs
    def worked_out() -> Any:
        return pytest

    packs = type(BUILT_IN)()
    with in_force(packs):
        assert worked_out() is pytest
    assert copy.deepcopy({"packs": packs})["packs"].layers == packs.layers


def test_a_try_names_what_it_is_tried_on(tmp_path: Path) -> None:
    """Without try.yml the smallest sample's plan; a folder with agency.yml is no package."""
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "our-check"\n[project.entry-points.creatorbook]\nours = "our_check"\n'
    )
    folder = AuthorsFolder.of(tmp_path)
    assert (folder.to_try.client, folder.to_try.stage) == ("northpin", "plan")
    assert (folder.title, folder.names, folder.is_agency) == ("our-check", ["ours"], False)
    (tmp_path / "pyproject.toml").write_text("[project\n")
    with pytest.raises(Problem, match="no TOML"):
        _ = AuthorsFolder.of(tmp_path).names
    (tmp_path / "agency.yml").touch()
    assert AuthorsFolder.of(tmp_path).is_agency
