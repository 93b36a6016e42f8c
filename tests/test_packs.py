"""Each pack as its schema says, read by code, with source and date; and packs of one's own, row by row."""

from __future__ import annotations

import ast
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from books import make_book
from creatorbook import goals, packs, tiers, tracking
from creatorbook.cli import app
from creatorbook.client import agency_files, house_packs, read_client
from creatorbook.client.pack_schema import mistakes
from creatorbook.client.repository import ROOT, SAMPLE_DATA
from creatorbook.exports import cache as export_cache
from creatorbook.exports.layouts import built_in_layouts
from creatorbook.findings import Findings
from creatorbook.opening import open_book
from creatorbook.packs import Layer, PackFile, Packs, built_in, in_force, pack, pack_names, rows
from creatorbook.problems import Problem
from creatorbook.text.order_states import order_state_of

FOLDER = Path(packs.__file__).parent
CODE = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FOLDER.parent.rglob("*.py")}
FACTS = "source: ours\ndate: 2026-10-01\n"
SCHEME = "{title: Ours, read: as printed, bands: [{name: small, from: 1}]}"


@pytest.fixture(autouse=True)
def _packs_as_they_were() -> Iterator[None]:
    """Opening a client puts its packs in force for the whole process; the next test begins with those built in."""
    yield
    packs.put_in_force(packs.BUILT_IN)


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """A client folder beside an agency's, with nothing in it but settings."""
    folder = tmp_path / "agency" / "mine"
    folder.mkdir(parents=True)
    settings = "brand: Mine\ncurrency: EUR\nmarket: DE\nprices_include_tax: true\ntax_rate: 0.19\n"
    (folder / "client.yml").write_text(settings, encoding="utf-8")
    return folder


def bring(file: Path, folder: str, **texts: str) -> None:
    """Have a settings file name a folder with these packs."""
    place = file.parent / folder
    place.mkdir()
    for name, text in texts.items():
        (place / f"{name}.yml").write_text(text, encoding="utf-8")
    before = file.read_text(encoding="utf-8") if file.is_file() else ""
    file.write_text(f"{before}packs: [./{folder}]\n", encoding="utf-8")


def layer(name: str, sections: dict[str, Any]) -> Packs:
    return Packs((Layer("test", {name: PackFile(sections)}, repr(sections)),))


def texts(findings: Findings) -> str:
    """Everything that findings hold, written out for a reader, as one text to look for words in."""
    return "\n".join(
        repr(item.frame.to_dict("records")) if hasattr(item, "frame") else repr(item)
        for item in findings.written
    )


@pytest.mark.parametrize("name", pack_names())
class TestEachPack:
    def test_is_as_its_schema_says(self, name: str) -> None:
        """Every section that there may be is there, every row is whole, has source and date, and no text is cut."""
        schema = rows.schema(name)
        Draft202012Validator.check_schema(schema)
        assert mistakes(name, built_in(name), {}) == []
        assert set(schema["properties"]) - set(built_in(name)) - {"source", "date"} == set()

    def test_has_each_row_once(self, name: str) -> None:
        """A row's key tells it from all others, and no row of ours says that another is taken out."""
        all_rows = list(rows.rows(rows.schema(name), built_in(name)))
        assert [path for path, times in Counter(row.path for row in all_rows).items() if times > 1] == []
        assert [row.path for row in all_rows if rows.is_gone(row.content)] == []

    def test_is_read_by_code(self, name: str) -> None:
        """The pack is asked for by name, and each of its sections too, unless its schema says that no step reads it."""
        assert name in set().union(*ASKED.values())
        parts = {key for key, part in rows.schema(name)["properties"].items() if "x-unread" not in part}
        assert parts - rows.OF_A_PART - words_of_code() - set(words_in(built_in(name))) == set()


@cache
def words_of_code() -> set[str]:
    """Every text and attribute in the package."""
    nodes = [node for tree in CODE.values() for node in ast.walk(tree)]
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return texts | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def packs_asked(tree: ast.AST) -> Iterator[str]:
    """The names of packs that code asks for."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "id", getattr(call.func, "attr", "")) == "pack":
            yield from (one.value for one in call.args if isinstance(one, ast.Constant))


#: module → the packs that it asks for
ASKED = {path: set(packs_asked(tree)) for path, tree in CODE.items()}


def words_in(content: Any) -> Iterator[str]:
    """The texts of a pack: one row may name a section of its own pack."""
    inner = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    for one in inner:
        yield from (one,) if isinstance(one, str) else words_in(one)


def test_schemas_and_packs_belong_together() -> None:
    """There is one schema for each pack, called as it."""
    assert sorted(file.stem for file in (FOLDER / "schemas").glob("*.json")) == list(pack_names())


def test_nothing_worked_out_from_packs_outlives_the_client() -> None:
    """No module asks for a pack when it is imported, and no plain cache keeps what was made from one."""
    wrong = []
    for path, tree in CODE.items():
        outside = [node for node in tree.body if not isinstance(node, ast.FunctionDef | ast.ClassDef)]
        wrong += [f"{path.name}, line {node.lineno}" for node in outside if list(packs_asked(node))]
        for node in ast.walk(tree):
            decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
            plain = {getattr(getattr(one, "func", one), "id", "") for one in decorators} & {
                "cache",
                "lru_cache",
            }
            if plain and list(packs_asked(node)):
                wrong.append(f"{path.name}, {node.name}")
    assert wrong == []


def test_texts_of_thousands_are_whole() -> None:
    """“Clicks per 1,000 views” is one text in the playbook, and a figure's short name keeps its thousand."""
    assert "clicks per 1,000 views by message" in pack("playbooks")["playbooks"]["message_test"]["measures"]
    book = make_book(campaign={"goal": "awareness"}, stage="plan")
    assert "cost per 1,000 of them" in texts(goals.goal(book))


def test_norway_is_a_country() -> None:
    """YAML reads a bare NO as false; moments of Norway are Norway's."""
    moments = pack("calendar")["moments"]
    assert [row["name"] for row in moments if "NO" in row["markets"]] == [
        "Easter",
        "Mother's Day",
        "Christmas",
    ]


class TestRows:
    def test_nearer_rows_take_the_place_of_farther_ones(self) -> None:
        """A row of a known key is replaced whole, a new one is added, others stay, and nothing built in is changed."""
        before = repr(built_in("fees"))
        own = {
            "posts": [
                {"platform": "tiktok", "tier": "nano", "low": 40},
                {"platform": "vimeo", "tier": "nano", "low": 1},
            ]
        }
        posts = layer("fees", own).pack("fees")["posts"]
        assert len(posts) == len(built_in("fees")["posts"]) + 1
        assert [row for row in posts if row["platform"] == "tiktok" and row["tier"] == "nano"] == [
            own["posts"][0]
        ]
        assert posts[-1] == own["posts"][1]
        assert repr(built_in("fees")) == before

    def test_rows_are_taken_out(self) -> None:
        """A named row by `null`, one of a list by its key and `remove`; both are told."""
        brought = layer("tiers", {"schemes": {"s4": None}})
        assert "s4" not in brought.pack("tiers")["schemes"]
        assert [row.path for row in brought.rows_of("tiers") if row.gone] == [("schemes", "s4")]
        row = {"name": "Singles' Day", "markets": "all", "remove": True}
        moments = layer("calendar", {"moments": [row]}).pack("calendar")["moments"]
        assert len(moments) == len(built_in("calendar")["moments"]) - 1

    def test_parts_of_parts_are_merged(self) -> None:
        """One rule of one field is added; the field's words and other rules stay."""
        rule = {"instrument": "x", "text": "y"}
        field = layer("claims", {"fields": {"green": {"rules": {"CA": rule}}}}).pack("claims")["fields"][
            "green"
        ]
        assert field["words"] == built_in("claims")["fields"]["green"]["words"]
        assert field["rules"] == {**built_in("claims")["fields"]["green"]["rules"], "CA": rule}

    def test_words_are_added(self) -> None:
        """Lists of single words grow."""
        words = layer("niches", {"close_to_us": ["member"]}).pack("niches")["close_to_us"]
        assert words == [*built_in("niches")["close_to_us"], "member"]

    def test_a_files_source_is_that_of_its_rows_only(self) -> None:
        """One step is changed; the source of the steps that stay is still what it was."""
        own = {"lead_times": {"source": "ours", "steps": [{"step": "ship", "words": "sent", "days": 3}]}}
        times = layer("calendar", own).pack("calendar")["lead_times"]
        assert times["source"] == built_in("calendar")["lead_times"]["source"]
        assert [row["days"] for row in times["steps"] if row["step"] == "ship"] == [3]


class TestLayers:
    def test_the_nearer_counts(self, client: Path, distribution: Path) -> None:
        """Built in, installed, agency, client: each takes the place of what is farther, and is named with the row."""
        for place, names in (("installed", "abc"), ("agency", "bc"), ("client", "c")):
            text = (
                FACTS
                + "schemes:\n"
                + "".join(f"  {name}: {SCHEME.replace('Ours', place)}\n" for name in names)
            )
            if place == "installed":
                (distribution / "tiers.yml").write_text(text, encoding="utf-8")
            else:
                bring(
                    (client.parent / "agency.yml") if place == "agency" else (client / "client.yml"),
                    "house",
                    tiers=text,
                )
        own = read_client(client).all_packs
        schemes = own.pack("tiers")["schemes"]
        assert [schemes[name]["title"] for name in "abc"] == ["installed", "agency", "client"]
        assert schemes["s0"] == built_in("tiers")["schemes"]["s0"]
        assert {
            row.path[1]: row.place for row in own.rows_of("tiers") if row.path[1:] in {("a",), ("b",), ("c",)}
        } == {
            "a": "ailing-pack 1.0",
            "b": "agency: house",
            "c": "client: house",
        }
        assert schemes["c"]["source"] == "ours"
        assert [name.rpartition(" ")[0] for name in own.names()] == [
            "ailing-pack 1.0",
            "agency: house",
            "client: house",
        ]

    def test_sizes_in_settings_files_are_rows_too(self, client: Path) -> None:
        """`tier_schemes` of agency.yml and client.yml go the same way, and say which file they stand in."""
        (client.parent / "agency.yml").write_text(f"tier_schemes: {{both: {SCHEME}, theirs: {SCHEME}}}\n")
        with (client / "client.yml").open("a", encoding="utf-8") as file:
            file.write(f"tier_schemes: {{both: {SCHEME.replace('Ours', 'Nearer')}}}\n")
        own = read_client(client).all_packs
        assert own.pack("tiers")["schemes"]["both"]["title"] == "Nearer"
        places = {row.path[1]: row.place for row in own.rows_of("tiers") if row.path[0] == "schemes"}
        assert (places["both"], places["theirs"], places["s0"]) == ("client.yml", "agency.yml", "built in")

    def test_an_installed_file_with_a_mistake_is_left_out_and_named(
        self, client: Path, distribution: Path
    ) -> None:
        """The package's other files count, nothing of it is imported, and what is wrong is said with its line."""
        (distribution / "tiers.yml").write_text(f"{FACTS}schemes: {{a: {SCHEME}}}\n")
        (distribution / "fees.yml").write_text(f"{FACTS}posts:\n  - {{platform: tiktok}}\n")
        (distribution / "niche.yml").write_text(FACTS)
        own = read_client(client).all_packs
        assert "a" in own.pack("tiers")["schemes"]
        assert own.pack("fees") == built_in("fees")
        assert [re.sub(r" \S*(?=\w+\.yml)", " ", one) for one in own.left_out] == [
            "packs of ailing-pack 1.0 were left out: s.yml, line 4: “posts.0”: the key “tier” is missing\n  → Add a line “tier: …”.",
            "packs of ailing-pack 1.0 were left out: e.yml: no pack is called “niche”\n  → Did you mean “niches”?",
        ]

    def test_a_file_is_held_against_what_it_stands_over(self, client: Path) -> None:
        """The client may name a playbook that its agency brings."""
        row = yaml.safe_dump({"ours": built_in("playbooks")["playbooks"]["message_test"]})
        text = f"{FACTS}playbooks:\n  {row.strip().replace(chr(10), chr(10) + '  ')}\n"
        bring(client.parent / "agency.yml", "theirs", playbooks=text)
        bring(client / "client.yml", "house", playbooks=f"{FACTS}by_goal: {{sales: ours}}\n")
        assert read_client(client).all_packs.pack("playbooks")["by_goal"]["sales"] == "ours"

    def test_what_the_agency_brings_is_an_input_of_each_report(self, client: Path) -> None:
        """A change in the agency's folder makes the reports of its clients anew."""
        bring(client.parent / "agency.yml", "ours", tiers=f"{FACTS}schemes: {{a: {SCHEME}}}\n")
        assert [path.name for path in agency_files(client)] == ["agency.yml", "tiers.yml"]

    @pytest.fixture
    def distribution(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
        """The data folder of an installed package whose code must never run."""
        info, package = tmp_path / "site" / "ailing_pack-1.0.dist-info", tmp_path / "site" / "ailing_pack"
        info.mkdir(parents=True)
        (package / "rows").mkdir(parents=True)
        (package / "__init__.py").write_text("raise SystemExit('imported')\n")
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: ailing-pack\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text("[creatorbook.packs]\nailing = ailing_pack:rows\n")
        monkeypatch.syspath_prepend(tmp_path / "site")
        house_packs._brought_by.cache_clear()
        yield package / "rows"
        house_packs._brought_by.cache_clear()


class TestMistakes:
    @pytest.mark.parametrize(
        ("name", "text", "line", "message", "todo"),
        [
            ("tiers", "schemes:\n  a: 3\n", 4, "“schemes.a”: expected lines of “key: value” (found 3)", ""),
            (
                "fees",
                "posts:\n  - {platform: tiktok, tier: nano, from: 1, below: 9, low: ten}\n",
                4,
                "expected a number (found 'ten')",
                "",
            ),
            ("tiers", "shemes: {}\n", 3, "“shemes”: unknown key", "Did you mean “schemes”?"),
            (
                "tiers",
                f"schemes:\n  a: {SCHEME.replace('read', 'reed')}\n",
                4,
                "“schemes.a.reed”: unknown key",
                "“read”",
            ),
            (
                "tiers",
                f"schemes:\n  a: {SCHEME.replace(', from: 1', '')}\n",
                4,
                "expected a start: either `from`",
                "",
            ),
            (
                "niches",
                "niches:\n  a: {words: [x], works: [x], cautions: [x]}\n",
                4,
                "the key “rules” is missing",
                "rules: …",
            ),
            (
                "fees",
                "rules_of_thumb:\n  - {what: per 1,000 views, low: 1}\n",
                4,
                "a comma has cut the text",
                "quotes",
            ),
            (
                "niches",
                "close_to_us:\n  - x\nniches: {a: {words: [], works: [cost per 1,000 views], cautions: [], rules: []}}\n",
                5,
                "a comma has cut “cost per 1,000 views”",
                "quotes",
            ),
            (
                "calendar",
                "moments:\n  - {name: X, markets: [NO], rule: fixed, month: 1, day: 1}\n",
                4,
                "expected a text (found False)",
                "quotes",
            ),
            (
                "calendar",
                "moments:\n  - {name: X, markets: all, rule: fixed, month: 1}\n",
                4,
                "the key “day” is missing",
                "",
            ),
            (
                "disclosure",
                "languages:\n  words:\n    no: [Reklame]\n",
                4,
                "YAML reads this key as false",
                "quotes",
            ),
            (
                "disclosure",
                "date: 2026\nplatforms:\n  x: {switch: x, shown: x, note: x, confidence: L}\n",
                5,
                "“platforms.x.dated”: expected a day",
                "",
            ),
            ("fees", "gifts:\n  - {what: x, low: 2, high: 1, evidence: low}\n", 4, "expected low ≤ high", ""),
            (
                "comment_words",
                "hints:\n  - {reason: x, patterns: ['(']}\n",
                4,
                "expected a regular expression",
                "",
            ),
            (
                "signals",
                "signals:\n  growth_jump: null\n",
                4,
                "“signals.growth_jump”: expected",
                "cannot be taken out",
            ),
            ("benchmarks", "rates: {}\n", 3, "no step reads these rows", "Take the section away."),
            ("vetting_study", "", None, "nobody brings this pack", "Take the file away."),
            (
                "playbooks",
                "by_goal: {sales: live_shoping}\n",
                3,
                "“by_goal.sales”: there is no row “live_shoping” in “playbooks”",
                "Did you mean “live_shopping”?",
            ),
            (
                "playbooks",
                "playbooks: {shop_conversion: null}\n",
                None,
                "there is no row “shop_conversion”",
                "Add the row",
            ),
            ("layouts", "layouts:\n  - {name: orders, remove: true}\n", 4, "unknown key", ""),
            ("tierz", "", None, "no pack is called “tierz”", "Did you mean “tiers”?"),
            ("tiers", "schemes: [\n", 4, "not readable as YAML", ""),
        ],
    )
    def test_in_a_file_of_ones_own_are_told(
        self, client: Path, name: str, text: str, line: int | None, message: str, todo: str
    ) -> None:
        """File, line, key, what was expected and what to do, as for any settings file."""
        bring(client / "client.yml", "house", **{name: FACTS + text})
        with pytest.raises(Problem) as caught:
            read_client(client)
        assert (Path(str(caught.value.file)).name, caught.value.line) == (f"{name}.yml", line)
        assert message in caught.value.what
        assert todo in caught.value.todo

    def test_rows_without_a_source_are_refused(self, client: Path) -> None:
        """Nobody's word is no fact."""
        bring(client / "client.yml", "house", tiers=f"date: 2026\nschemes:\n  a: {SCHEME}\n")
        with pytest.raises(Problem, match=r"“schemes\.a”: no source") as caught:
            read_client(client)
        assert caught.value.line == 3

    @pytest.mark.parametrize(
        ("named", "message"),
        [("../elsewhere", "lies outside"), ("/", "lies outside"), ("./nowhere", "no folder")],
    )
    def test_folders_lie_beside_the_file_that_names_them(
        self, client: Path, named: str, message: str
    ) -> None:
        """A folder elsewhere is refused, and one that is not there is told, with the line."""
        (client.parent / "elsewhere").mkdir()
        with (client / "client.yml").open("a", encoding="utf-8") as file:
            file.write(f"packs:\n  - {named}\n")
        with pytest.raises(Problem, match=message) as caught:
            read_client(client)
        assert caught.value.line == 7

    def test_files_do_not_lead_out_of_the_folder(self, client: Path) -> None:
        """A link to a file elsewhere is refused."""
        bring(client / "client.yml", "house")
        (client / "house" / "tiers.yml").symlink_to(client / "client.yml")
        with pytest.raises(Problem, match="leads out of its folder"):
            read_client(client)


class TestOneClientAtATime:
    def test_each_step_goes_by_the_packs_of_its_book(self) -> None:
        """Two clients open at once: each has its own rows, whichever was opened last."""
        row = {"words": ["x"], "works": ["kites in the wind"], "cautions": ["strings"], "rules": []}
        one, other = make_book(stage="plan"), make_book(stage="plan")
        with_kites = layer("niches", {"niches": {"kites": row}})
        one = one.changed(all_packs=with_kites)
        packs.put_in_force(with_kites)
        assert "kites in the wind" in texts(goals.niches(one))
        assert "kites in the wind" not in texts(goals.niches(other))
        assert packs.held_packs() is with_kites

    def test_what_is_worked_out_is_remembered_with_its_packs(self) -> None:
        """A word of one client's shop means nothing for another."""
        assert order_state_of("verschnürt") is None
        with in_force(layer("order_states", {"states": {"sale": ["verschnürt"]}})):
            assert order_state_of("verschnürt") == "sale"
        assert order_state_of("verschnürt") is None

    def test_readers_know_layouts_that_are_brought(self) -> None:
        """A layout of one's own is one of those files are recognised by."""
        own = {**built_in("layouts")["layouts"][0], "name": "crm"}
        with in_force(layer("layouts", {"layouts": [own]})):
            assert [one.name for one in built_in_layouts()][-1] == "crm"
        assert "crm" not in [one.name for one in built_in_layouts()]

    def test_what_was_read_is_kept_by_the_packs_that_reading_goes_by(self, client: Path) -> None:
        """Cached tables of other layouts are not taken; those read under other fees are."""
        plain = export_cache.key_of(client, [])
        with in_force(layer("fees", {"posts": []})):
            assert export_cache.key_of(client, []) == plain
        with in_force(layer("layouts", {"layouts": []})):
            assert export_cache.key_of(client, []) != plain

    def test_reading_goes_by_no_other_packs(self) -> None:
        """Every pack that the rooms of exports and text ask for is a part of the key."""
        readers = [names for path, names in ASKED.items() if path.parent.name in {"exports", "text"}]
        assert set().union(*readers) == set(export_cache.READ_BY)


def test_the_documented_folder_is_used(tmp_path: Path) -> None:
    """The example of packs.md, word for word: its niche, sizes, benchmark, fee and label words stand in a plan."""
    page = (ROOT / "plugin_templates" / "packs.md").read_text(encoding="utf-8")
    files = dict(re.findall(r"^`house/(\w+)\.yml`\n\n```yaml\n(.*?)^```", page, re.MULTILINE | re.DOTALL))
    assert set(files) == {"niches", "tiers", "benchmarks", "fees", "disclosure"}
    folder = tmp_path / "northpin"
    shutil.copytree(SAMPLE_DATA / "northpin", folder)
    settings = {**yaml.safe_load((folder / "client.yml").read_text()), "tier_scheme": "ours", "market": "NO"}
    (folder / "client.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    bring(folder / "client.yml", "house", **files)
    book = open_book(folder, stage="plan")
    assert "1,200 g, 38 l" in texts(goals.niches(book))
    assert "Our three sizes" in texts(tiers.sizes(book))
    assert "our campaigns 2025, 41 accounts" in texts(tiers.comparison(book))
    assert "between €250 and €600, 2026-01-15, evidence high" in texts(tracking.pay(book))
    assert "Reklame" in texts(tracking.labels(book))
    listed = CliRunner().invoke(app, ["plugins", "packs", "tiers", str(folder)])
    assert re.search(r"schemes\.ours +client: house +our price list +2026-10-01", listed.output)
    assert re.search(r"schemes\.klear +taken out by client: house", listed.output)
