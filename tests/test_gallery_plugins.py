"""The gallery: four plugins as somebody would write them from the templates, tested like anybody's."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import yaml

from creatorbook.client.repository import ROOT

GALLERY = ROOT / "plugin_templates" / "gallery"
#: each with the template it was rendered from, and the files it has besides those that every package has
PLUGINS = {
    "rakuten": ("reader", {"layout.yml", "reading.py"}),
    "beauty": (
        "industry",
        {f"packs/{name}.yml" for name in ("benchmarks", "calendar", "fees", "niches", "playbooks", "tiers")},
    ),
    "slides": ("output", {"deck.py", "drawing.py", "output.py"}),
    "baskets": ("notebook", {"baskets.ipynb", "orders.py", "section.py"}),
}
SAMPLES = {"rakuten": {"sample/exports/signature-orders.csv"}}
#: what a try says that each has changed: kind of change, and words of one of its lines
SHOWN = {
    "rakuten": "signature-orders.csv: Rakuten Signature Orders Report",
    "beauty": "goals playbook",
    "slides": "to-send/slides.pptx",
    "baskets": "baskets products",
}
#: an address that somebody could have, in place of the one that nobody can
ADDRESS = "https://git.our-house.org/creatorbook.git"
#: packages that a plugin needs and creatorbook has not
NEEDED = {"slides": "python-pptx>=1.0.2"}

each_plugin = pytest.mark.parametrize("name", PLUGINS)


@each_plugin
def test_it_has_what_a_plugin_has(name: str) -> None:
    """Exactly the files of its template and its own; it says what it was rendered from, and names no place of ours."""
    kind, own = PLUGINS[name]
    package = f"src/creatorbook_{name}"
    expected = {
        *(f"{package}/{file}" for file in (own | {"__init__.py"})),
        *(".copier-answers.yml", ".github/workflows/test.yml", ".gitignore", "LICENSE", "README.md"),
        *("docs/result.png", "pyproject.toml", "tests/conftest.py", "try.yml"),
        f"tests/test_creatorbook_{name}.py",
        *SAMPLES.get(name, set()),
    }
    assert _files(GALLERY / name) == expected
    answers = yaml.safe_load((GALLERY / name / ".copier-answers.yml").read_text(encoding="utf-8"))
    assert (answers["kind"], answers["package"]) == (kind, f"creatorbook_{name}")
    assert answers["_src_path"] == "https://git.example/creatorbook.git"
    picture = (GALLERY / name / "docs/result.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 120_000


def test_the_gallery_is_documented() -> None:
    """The README of the templates names each of them."""
    readme = (GALLERY.parent / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\(gallery/(\w+)\)", readme)) == set(PLUGINS)


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The gallery as somebody copies it: with the address of their own repository."""
    folder = shutil.copytree(GALLERY, tmp_path_factory.mktemp("gallery") / "copies")
    for file in [*folder.rglob("pyproject.toml"), *folder.rglob("test.yml")]:
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("https://git.example/creatorbook.git", ADDRESS), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def python(copies: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment over the project's packages, with all four installed and what they need."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    place = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    packages = sysconfig.get_path("purelib")
    Path(place, "project.pth").write_text(f"import site; site.addsitedir({packages!r})\n", encoding="utf-8")
    pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    needed = subprocess.run([*pip, *NEEDED.values()], capture_output=True, text=True, check=False)
    if needed.returncode:
        pytest.skip(f"{', '.join(NEEDED.values())} cannot be fetched here: {needed.stderr[-200:]}")
    local = ["--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, *local, *(copies / name for name in PLUGINS)], check=True)
    return python


@pytest.mark.slow
@each_plugin
class TestAsAnybodys:
    def test_its_own_tests_pass(self, copies: Path, python: Path, name: str) -> None:
        """As installed, beside the others."""
        assert " passed" in _run([python, "-m", "pytest", "-q"], copies / name)

    def test_plugins_check_finds_nothing_to_mend(self, copies: Path, python: Path, name: str) -> None:
        """Structure, README, packaging and what it brings are as they should be."""
        _run([python, "-m", "creatorbook", "plugins", "check", copies / name], copies)

    def test_plugins_try_shows_what_it_brings(self, copies: Path, python: Path, name: str) -> None:
        """The report of a sample client differs in just that."""
        shown = _run([python, "-m", "creatorbook", "plugins", "try", copies / name], copies)
        assert SHOWN[name] in " ".join(shown.split())
        assert list((copies / name / "tried/pages").rglob("*.png"))


def _files(folder: Path) -> set[str]:
    paths = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return {
        name for name in paths if not re.search(r"__pycache__|_cache/|\.egg-info|^(tried|dist|build)/", name)
    }


def _run(command: list[str | Path], folder: Path) -> str:
    environment = {**os.environ, "JUPYTER_PATH": str(Path(sys.prefix, "share", "jupyter"))}
    run = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout
