"""Reports on a Dask cluster: what is wrong with a cluster is said before the first job."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from creatorbook import __version__
from creatorbook.problems import Problem
from creatorbook.runner import cluster
from creatorbook.runner.jobs import Job


class Workers:
    """A cluster's client as far as it is looked at; each worker says what `told` holds."""

    def __init__(self, told: dict[str, Any], threads: int = 1) -> None:
        self.told, self.threads = told, threads

    def scheduler_info(self, n_workers: int) -> dict[str, Any]:
        return {"workers": {name: {"nthreads": self.threads} for name in self.told}}

    def run(self, function: Any, paths: list[Path]) -> dict[str, Any]:
        seen = function(paths)  # what this process sees
        return {name: said or seen for name, said in self.told.items()}


@pytest.fixture
def job(tmp_path: Path) -> Job:
    (tmp_path / "client").mkdir()
    return Job(tmp_path / "client", tmp_path / "out")


def look(job: Job, told: dict[str, Any], threads: int = 1) -> None:
    cluster._look(Workers(told, threads), [job])
    assert not list(job.out.rglob("*.mark"))


def test_a_cluster_that_can_do_it_passes(job: Job) -> None:
    """Workers of one thread and the same version that see clients and reports."""
    look(job, {"one": None, "two": None})


@pytest.mark.parametrize(
    ("told", "threads", "said"),
    [
        ({}, 1, "the cluster has no workers"),
        ({"one": None}, 4, "the worker one has more than one thread"),
        ({"one": ("0.0.1", [], False)}, 1, "the worker one has creatorbook 0.0.1"),
        ({"one": (__version__, [Path("/clients/a")], False)}, 1, "the worker one does not see this"),
    ],
)
def test_what_is_wrong_is_said_before_the_first_job(
    job: Job, told: dict[str, Any], threads: int, said: str
) -> None:
    """Each with the setting that makes it right."""
    with pytest.raises(Problem, match=said) as problem:
        cluster._look(Workers(told, threads), [job])
    assert problem.value.todo


def test_daemonic_workers_are_told_their_setting(job: Job, caplog: pytest.LogCaptureFixture) -> None:
    """They may not fork kernels, and work all the same."""
    look(job, {"one": (__version__, [], True)})
    assert "DASK_DISTRIBUTED__WORKER__DAEMON=False" in caplog.text


def test_without_dask_one_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an extra."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(Problem, match="Dask is not installed here") as problem:
        cluster._client("tcp://127.0.0.1:1")
    assert "creatorbook[cluster]" in problem.value.todo


def test_no_cluster_at_the_address_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address, and how a cluster is started."""

    def refuse(*_arguments: object, **_named: object) -> None:
        raise OSError("Timed out trying to connect")

    monkeypatch.setitem(sys.modules, "distributed", SimpleNamespace(Client=refuse))
    with pytest.raises(Problem, match="no Dask cluster answers") as problem:
        cluster._client("tcp://127.0.0.1:1")
    assert "dask scheduler" in problem.value.todo
