"""The command line: what a user types, and what a user's mistake is answered with."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from creatorbook.acts import new
from creatorbook.client import read_campaign, read_client
from creatorbook.deliver import write_file

ANSWERS = [
    *("--brand", "Testbrand: «A»", "--currency", "EUR", "--market", "DE", "--prices-include-tax"),
    *("--tax-rate", "0.19", "--goal", "sales", "--budget", "6000"),
    *("--start", "2026-03-02", "--end", "2026-03-29"),
]


def creatorbook(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    command = [sys.executable, "-m", "creatorbook", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """A new client with two creators and three orders."""
    folder = tmp_path / "mine"
    assert creatorbook("new", folder, *ANSWERS).returncode == 0
    (folder / "exports/creators.csv").write_text(
        "creator,handle,platform,followers,fee,code\n"
        "Ada,ada.sews,instagram,12000,300,ADA10\nBo,bo_knits,tiktok,48000,500,BO10\n"
    )
    (folder / "exports/orders.csv").write_text(
        "order,date,total,code\n1,2026-03-03,50.00,ADA10\n2,2026-03-05,70.00,\n3,2026-03-09,65.50,BO10\n"
    )
    return folder


def test_new_goes_on_where_it_was_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder is a client's once everything else is in it: the same call is not told that there is one already."""
    answers = {
        "brand": "A",
        "currency": "EUR",
        "market": "DE",
        "prices_include_tax": True,
        "tax_rate": 0.19,
        "goal": "sales",
        "budget": 6000.0,
        "start": date(2026, 3, 2),
        "end": date(2026, 3, 29),
    }

    def stopped(path: Path, content: bytes) -> None:
        if path.name == "client.yml":
            raise KeyboardInterrupt
        write_file(path, content)

    monkeypatch.setattr(new, "write_file", stopped)
    with pytest.raises(KeyboardInterrupt):
        new.new_client(tmp_path / "mine", answers)
    monkeypatch.undo()
    assert tmp_path / "mine" / "client.yml" in new.new_client(tmp_path / "mine", answers)
    assert read_client(tmp_path / "mine").brand == "A"


def test_new_writes_a_client_that_reads_back(client: Path) -> None:
    """The answers come back from the files, and the key is kept out of git."""
    told = read_client(client)
    assert (told.brand, told.currency, told.tax_rate) == ("Testbrand: «A»", "EUR", 0.19)
    assert read_campaign(told).budget == 6000
    assert "hash.key" in (client / ".gitignore").read_text()


def test_new_overwrites_nothing(client: Path) -> None:
    """A folder with a client in it is left alone."""
    before = (client / "client.yml").read_text()
    run = creatorbook("new", client, *ANSWERS)
    assert run.returncode == 2
    assert "already" in run.stderr
    assert (client / "client.yml").read_text() == before


def test_check_tells_what_is_there_and_what_one_more_file_would_add(client: Path) -> None:
    """One receipt per file, then the most valuable file to ask for."""
    run = creatorbook("check", client)
    assert run.returncode == 0, run.stderr
    assert "creators.csv" in run.stdout
    assert "orders.csv" in run.stdout
    assert "What one more file would add" in run.stdout


def test_check_as_json_counts_every_row(client: Path) -> None:
    """rows in = kept + set aside, for each file."""
    run = creatorbook("check", client, "--json")
    receipts = json.loads(run.stdout)
    assert {receipt["file"]: receipt["rows_in"] for receipt in receipts} == {
        "creators.csv": 2,
        "orders.csv": 3,
    }
    for receipt in receipts:
        aside = sum(len(row["records"]) for row in receipt["set_aside"])
        assert receipt["rows_in"] == receipt["kept"] + aside


def test_reading_changes_nothing(client: Path) -> None:
    """`check` leaves every file as it was."""
    before = {path: path.read_bytes() for path in client.rglob("*") if path.is_file()}
    creatorbook("check", client)
    assert {path: path.read_bytes() for path in client.rglob("*") if path.is_file()} == before


MISTAKES = {
    "unknown client": (None, None, "there is no client “nobody”", 2),
    "misspelt key": ("client.yml", "curency: EUR\n", "Did you mean “currency”?", 1),
    "wrong type": ("client.yml", "tax_rate: 19\n", "write 19 % as 0.19", 1),
    "not YAML": ("client.yml", "brand: [\n", "not readable as YAML", 1),
    "endless brackets": ("client.yml", "brand: " + "[" * 3000, "too deep in one another", 1),
    "bad campaign": ("campaigns/2026-03.yml", "goal: fame\n", "goal", 1),
    "unknown export": ("exports/odd.csv", "a,b\n1,2\n", "odd.csv", 1),
    "not a table": ("exports/odd.csv", "\x00\x01\x02", "odd.csv", 1),
    "empty file": ("exports/odd.csv", "", "odd.csv", 1),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_users_mistake_is_one_clear_message(client: Path, tmp_path: Path, mistake: str) -> None:
    """Named file, what to do, exit 1 or 2, no traceback, nothing half written."""
    name, text, told, code = MISTAKES[mistake]
    if name:
        path = client / name
        path.write_text((path.read_text() if path.is_file() and name != "exports/odd.csv" else "") + text)
    out = tmp_path / "reports"
    run = creatorbook("report", client if name else "nobody", "--out", out)
    assert run.returncode == code, run.stdout + run.stderr
    assert told in run.stderr
    assert "Traceback" not in run.stdout + run.stderr
    if name:
        assert Path(name).name in run.stderr
    written = {path.relative_to(out).parts[0] for path in out.rglob("*") if path.is_file()}
    assert written <= {
        "index.html",
        ".batch",
    }  # what failed and why, and how far the call came: no half report


@pytest.mark.parametrize(
    "arguments",
    [("--stage", "soon"), ("--as-of", "yesterday"), ("--campaign", "none")],
    ids=lambda pair: pair[0],
)
def test_a_wrong_call_is_told(client: Path, arguments: tuple[str, str]) -> None:
    """A stage, day or campaign that cannot be is named."""
    run = creatorbook("report", client, *arguments)
    assert run.returncode in {1, 2}
    assert arguments[1] in run.stderr
    assert "Traceback" not in run.stderr


def test_help_reads_like_documentation() -> None:
    """Every command has a sentence."""
    run = creatorbook("--help")
    for command in ("report", "check", "new", "simulate", "lab", "test"):
        assert command in run.stdout
    assert "Exit codes" in run.stdout
