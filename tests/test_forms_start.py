"""The forms of 00: a new client, its files, what a file is that nobody knows, another client; each as the command line does it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from creatorbook.acts import uploads
from creatorbook.cli import app
from creatorbook.client import read_client
from creatorbook.client.hash_key import KEY_FILE
from creatorbook.client.identity import ID_FILE
from creatorbook.client.repository import ROOT
from creatorbook.forms import clients as client_forms
from creatorbook.forms import file_health
from creatorbook.opening import open_book

VELMORA = ROOT / "sample_data" / "velmora"
ANSWERS: dict[str, Any] = {
    "brand": "Fernweh & Söhne",
    "currency": "eur",
    "market": "de",
    "prices_include_tax": "yes",
    "tax_rate": 0.19,
    "goal": "sales",
    "budget": 4000,
    "start": "2027-03-01",
    "end": "2027-03-28",
    "files": [],
    "place": "",
}
UNKNOWN = "Beleg;Wann;Betrag brutto;Rabattcode;Kundin\n" + "".join(
    f"R{number};{number + 1:02d}.03.2026;{number}0,50;LENA10;frau{number}@mail.example\n"
    for number in range(1, 9)
)


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """An own client with its exports."""
    folder = tmp_path / "velmora"
    shutil.copytree(VELMORA, folder)
    return folder


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file but those that hold chance."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in {KEY_FILE, ID_FILE})
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_a_new_client_is_the_command_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The form writes the same bytes as `new`, and the files beside them."""
    monkeypatch.setattr(client_forms, "CLIENTS", tmp_path / "clients")
    form = client_forms.new_client_form()
    orders = (VELMORA / "exports" / "creators.csv").read_bytes()
    files = [{"name": "C:\\Users\\me\\people.csv", "content": orders}]
    reply = form.press("Make the client", {**ANSWERS, "files": files})
    assert reply["ok"], reply["words"]
    made = tmp_path / "clients" / "fernweh-s-hne"
    assert (made / "exports" / "people.csv").read_bytes() == orders
    assert "Open Fernweh &amp; Söhne" in form.html

    options = [
        "--brand",
        "Fernweh & Söhne",
        "--currency",
        "EUR",
        "--market",
        "DE",
        "--prices-include-tax",
        "--tax-rate",
        "0.19",
    ]
    options += ["--goal", "sales", "--budget", "4000", "--start", "2027-03-01", "--end", "2027-03-28"]
    result = CliRunner().invoke(app, ["new", str(tmp_path / "by-command"), *options])
    assert result.exit_code == 0, result.output
    by_form = {name: content for name, content in bytes_of(made).items() if not name.startswith("notebooks/")}
    by_form.pop("exports/people.csv")
    by_command = bytes_of(tmp_path / "by-command")
    by_form[".gitignore"] = by_form[".gitignore"].replace(b"notebooks/\n", b"")
    assert by_form == by_command


def test_a_creators_list_that_is_brought_takes_the_place_of_the_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The most usual name of all: what `new` makes under it is nobody's file yet."""
    monkeypatch.setattr(client_forms, "CLIENTS", tmp_path / "clients")
    people = (VELMORA / "exports" / "creators.csv").read_bytes()
    files = [{"name": "creators.csv", "content": people}]
    reply = client_forms.new_client_form().press("Make the client", {**ANSWERS, "files": files})
    assert reply["ok"], reply["words"]
    (made,) = (tmp_path / "clients").glob("*/exports/creators.csv")
    assert made.read_bytes() == people


def test_a_disk_that_is_full_at_the_second_file_leaves_nothing_of_the_first(
    client: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All or none."""
    before, written = bytes_of(client), []

    def full(path: Path, content: bytes) -> None:
        written.append(path)
        if len(written) > 1:
            raise OSError(28, "No space left on device")
        path.write_bytes(content)

    monkeypatch.setattr(uploads, "write_file", full)
    files = [{"name": "a.csv", "content": b"x"}, {"name": "b.csv", "content": b"y"}]
    reply = file_health.adding(read_client(client)).press("Add", {"files": files, "place": ""})
    assert not reply["ok"]
    assert bytes_of(client) == before


def test_what_is_missing_is_said_beside_its_field(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is made of half an answer, and a wrong one is a sentence."""
    monkeypatch.setattr(client_forms, "CLIENTS", tmp_path / "clients")
    form = client_forms.new_client_form()
    reply = form.press("Make the client", {**ANSWERS, "goal": None, "budget": ""})
    assert set(reply["faults"]) == {"goal", "budget"}
    reply = form.press("Make the client", {**ANSWERS, "market": "Germany"})
    assert not reply["ok"]
    assert "market" in reply["words"]
    assert not (tmp_path / "clients").exists()


def test_files_are_added_as_they_came(client: Path) -> None:
    """The same again is said; another one of the same name is refused, and nothing of that call is written."""
    form = file_health.adding(read_client(client))
    first = [{"name": "notes.csv", "content": b"a,b\n1,2\n"}]
    assert form.press("Add", {"files": first, "place": ""})["words"] == "wrote exports/notes.csv"
    assert form.press("Add", {"files": first, "place": ""})["words"] == "exports/notes.csv is there already"
    both = [{"name": "new.csv", "content": b"x"}, {"name": "notes.csv", "content": b"other"}]
    reply = form.press("Add", {"files": both, "place": ""})
    assert not reply["ok"]
    assert "says something else" in reply["words"]
    assert not (client / "exports" / "new.csv").exists()


@pytest.mark.parametrize("name", ["", "..", ".htaccess", "a:b.csv", "tab\t.csv"])
def test_a_name_that_is_none_is_refused(client: Path, name: str) -> None:
    """Nothing leaves the folder, and nothing is hidden in it."""
    before = bytes_of(client)
    form = file_health.adding(read_client(client))
    assert not form.press("Add", {"files": [{"name": name, "content": b"x"}], "place": ""})["ok"]
    assert bytes_of(client) == before


def test_an_unknown_file_is_mapped(client: Path) -> None:
    """Columns are proposed with three cells, a buyer's address is not shown, and what is written reads the file whole."""
    (client / "exports" / "kasse.csv").write_text(UNKNOWN, encoding="utf-8")
    before = (client / "client.yml").read_text(encoding="utf-8")
    receipts, unread = file_health.unknown_files(read_client(client))
    assert unread is not None
    assert receipts
    (offered,) = unread.offered
    mapper = file_health.Mapper(read_client(client), offered)
    asked = {field.label: field for field in mapper.fields()}
    assert asked["Beleg"].help == "For example R1 · R2 · R3"
    assert "mail.example" not in str(mapper.form.fields)
    answers = {field.name: field.value for field in mapper.fields()}
    names = {field.label: field.name for field in mapper.fields()}
    answers |= {
        names["Beleg"]: "order_id",
        names["Wann"]: "ordered_at",
        names["Betrag brutto"]: "total",
        names["Rabattcode"]: "discount_code",
    }
    reply = mapper.form.press("Try it", answers)
    assert "8 of 8 records kept" in reply["words"], reply
    assert (client / "client.yml").read_text(encoding="utf-8") == before
    assert mapper.form.press("Write it down", answers)["ok"]
    after = (client / "client.yml").read_text(encoding="utf-8")
    assert set(re.findall("#.*", before)) <= set(re.findall("#.*", after))
    assert open_book(client).receipts


def test_a_file_is_left_out(client: Path) -> None:
    """Leaving out is an answer too; a table that nothing fits is not written."""
    (client / "exports" / "kasse.csv").write_text(UNKNOWN, encoding="utf-8")
    _, unread = file_health.unknown_files(read_client(client))
    assert unread is not None
    mapper = file_health.Mapper(read_client(client), unread.offered[0])
    assert not mapper.form.press("Write it down", {"table": "posts"})["ok"]
    assert "kasse" not in (client / "client.yml").read_text(encoding="utf-8")
    assert mapper.form.press("Write it down", {"table": file_health.LEAVE_OUT})["words"].endswith(
        "The file is left out."
    )
    assert file_health.unknown_files(read_client(client))[1] is None


def test_every_client_is_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The opened client first, then one's own, then the samples; what is chosen is made ready to open."""
    clients = tmp_path / "clients"
    shutil.copytree(VELMORA, clients / "ours")
    monkeypatch.setattr(client_forms, "CLIENTS", clients)
    form = client_forms.choosing("sorrelby")
    words = [option["words"] for option in form.fields[0]["options"]]
    assert words[0].startswith("Sorrelby (sample): ")
    assert sum(one.startswith("Velmora:") for one in words) == 1
    which = next(
        option["value"] for option in form.fields[0]["options"] if option["words"].startswith("Velmora:")
    )
    assert form.press("Open", {"which": which})["ok"]
    assert (clients / "ours" / "notebooks" / "spring-linen" / "00_start_here.ipynb").is_file()
