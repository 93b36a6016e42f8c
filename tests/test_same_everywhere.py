"""The same figures on every processor: no sort leaves ties to it, and a report's figures do not hang on its instructions."""

from __future__ import annotations

import ast
import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy._core._multiarray_umath as loops
import pytest

from creatorbook.client.repository import ROOT
from samples import SAMPLES

SORTS = {"sort_values", "sort_index", "argsort"}
#: these order ties as the processor likes, whatever they are told
NEVER = {"argpartition", "nlargest", "nsmallest"}


def _unsteady(source: str) -> list[int]:
    """Lines with a sort of frames or places that does not say `kind="stable"`."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        stable = any(
            word.arg == "kind" and isinstance(word.value, ast.Constant) and word.value.value == "stable"
            for word in node.keywords
        )
        if node.func.attr in NEVER or (node.func.attr in SORTS and not stable):
            lines.append(node.lineno)
    return lines


def test_every_sort_keeps_ties_in_order() -> None:
    """A sort that is not stable orders ties by instruction set: none is left in the package, the notebooks' or the templates' code."""
    roots = [ROOT / "helpers", ROOT / "plugin_templates", ROOT / "notebooks"]
    files = [path for root in roots for path in sorted(root.rglob("*.py"))]
    assert len(files) > 100
    found = [
        f"{path.relative_to(ROOT)}:{line}" for path in files for line in _unsteady(path.read_text("utf-8"))
    ]
    assert not found


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("frame.sort_values('a')", [1]),
        ("frame.sort_values(['a', 'b'], kind='quicksort')", [1]),
        ("import numpy as np\nnp.argsort(x)", [2]),
        ("x.argsort(axis=1)", [1]),
        ("series.sort_index()", [1]),
        ("x.argpartition(3)", [1]),
        ("frame.sort_values('a', kind='stable')\nsorted(names)\nnames.sort()", []),
    ],
)
def test_the_rule_on_sorts_sees_what_it_should(source: str, lines: list[int]) -> None:
    """Each way to leave ties open is seen; stable sorts, and Python's own, are not complained about."""
    assert _unsteady(source) == lines


# ------------------------------------------------------------------ other processors, imitated

only_here = pytest.mark.skipif(
    platform.machine().lower() not in {"x86_64", "amd64"},
    reason="numpy and BLAS choose by processor on x86-64",
)
#: one client's results, as its notebook makes them, into a folder; then which elementary results are this setting's own
CHILD = """
import hashlib, math, sys
from pathlib import Path
import numpy as np
from creatorbook import findings
from creatorbook.client.repository import NOTEBOOKS
from steps import run_cells
for one in run_cells(NOTEBOOKS / "05_roi.ipynb", client=sys.argv[1], stage="results", mode="report"):
    findings.write(one, Path(sys.argv[2]))
values = np.linspace(-3, 3, 4001)
square = np.sin(np.arange(40_000.0)).reshape(200, 200)
probes = {"numpy": np.exp(values), "BLAS": square @ square, "C": np.array([math.exp(one) for one in values])}
print(*(f"{name}={hashlib.sha256(made.tobytes()).hexdigest()[:8]}" for name, made in probes.items()))
"""


def _settings() -> dict[str, dict[str, str]]:
    """Environments that make this processor work like others, as far as it can: name to variables."""
    has = loops.__cpu_features__
    features = [name for name in loops.__cpu_dispatch__ if has.get(name)]
    wide = [name for name in features if "AVX512" in name or name == "X86_V4"]
    old_library = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX512F,-AVX2,-FMA"}
    settings = {
        "as found": {},
        "numpy without AVX-512": {"NPY_DISABLE_CPU_FEATURES": " ".join(wide)} if wide else {},
        "the oldest numpy and BLAS": {
            **({"NPY_DISABLE_CPU_FEATURES": " ".join(features)} if features else {}),
            "OPENBLAS_CORETYPE": "Prescott",
        },
        "an older C library": old_library,
        "one thread": {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        "two threads": {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"},
    }
    if has.get("AVX2"):  # BLAS would use instructions that are not there
        settings["BLAS for Haswell"] = {"OPENBLAS_CORETYPE": "Haswell"}
    if has.get("AVX512_SKX"):
        settings["BLAS for SkylakeX"] = {"OPENBLAS_CORETYPE": "SkylakeX"}
    return settings


def _started(command: list[str], variables: dict[str, str]) -> subprocess.Popen[str]:
    """A child process under these variables and none of the other settings'."""
    ours = {name for setting in _settings().values() for name in setting}
    plain = {name: value for name, value in os.environ.items() if name not in ours}
    paths = os.pathsep.join([str(ROOT / "helpers"), str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")])
    environment = {**plain, "PYTHONPATH": paths, "MPLBACKEND": "Agg", **variables}
    return subprocess.Popen(
        command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def _ended(child: subprocess.Popen[str]) -> str:
    """What it printed; it must have ended well."""
    output, _ = child.communicate(timeout=600)
    assert child.returncode == 0, output
    return output


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@only_here
def test_one_clients_results_are_the_same_on_other_processors(tmp_path: Path) -> None:
    """Every figure, table and picture of a results notebook, byte for byte, under four sets of instructions."""
    settings = _settings()
    chosen = {
        name: settings[name] for name in ("as found", "numpy without AVX-512", "the oldest numpy and BLAS")
    }
    chosen["an older C library, and BLAS for Haswell"] = {
        **settings["an older C library"],
        **settings.get("BLAS for Haswell", {}),
    }
    children = {}
    for name, variables in chosen.items():
        (tmp_path / name).mkdir()
        command = [sys.executable, "-W", "ignore", "-c", CHILD, "velmora", str(tmp_path / name)]
        children[name] = _started(command, variables)
    probes = {name: set(_ended(child).split()[-3:]) for name, child in children.items()}
    first = _files(tmp_path / "as found")
    assert len(first) > 20
    for name, probe in probes.items():
        off = sorted(one.split("=")[0] for one in probe - probes["as found"])
        print(
            f"{name}: other last bits of {', '.join(off) or 'nothing: this processor works like that anyway'}"
        )
        made = _files(tmp_path / name)
        differ = [path for path in first if made.get(path) != first[path]]
        assert (len(made), differ) == (len(first), []), name
    if loops.__cpu_features__.get("AVX2"):  # else there is nothing to work without
        assert any(probe != probes["as found"] for probe in probes.values())


@only_here
@pytest.mark.slow
def test_whole_reports_are_the_same_on_other_processors(tmp_path: Path) -> None:
    """Both papers' report.html and data.xlsx, and summary.json, of all samples in all stages, byte for byte, under every setting."""
    first: dict[str, bytes] = {}
    for name, variables in _settings().items():
        out = tmp_path / name
        for stage in ("plan", "pulse", "results"):
            command = [sys.executable, "-m", "creatorbook", "report", *SAMPLES, "--stage", stage]
            _ended(_started([*command, "--out", str(out)], variables))
        made = {
            path: content
            for path, content in _files(out).items()
            if Path(path).name in {"report.html", "data.xlsx", "summary.json"}
        }
        first = first or made
        assert len(made) == 5 * 3 * len(SAMPLES)
        differ = [path for path in first if made.get(path) != first[path]]
        print(f"{name} ({variables}): {len(made)} files, differ: {differ or 'none'}")
        assert not differ, name
