"""The forms of notebooks 04 and 05 write what the command line writes, and tell the truth about what they wrote."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from creatorbook import exports, forms
from creatorbook.acts import hand_rows
from creatorbook.acts.renewals import Renewal, confirm
from creatorbook.book import Book
from creatorbook.cli import app
from creatorbook.client import read_client, read_decisions, record_decision, records, repository, writing
from creatorbook.client.hand_sheets import hand_sheets
from creatorbook.forms.brief import brief_form
from creatorbook.forms.codes_and_links import links_and_codes_form
from creatorbook.forms.form import Form
from creatorbook.forms.hand_sheets import (
    WHOLE_CAMPAIGN,
    comments_form,
    feedback_form,
    post_form,
    rights_form,
    signups_form,
    spend_form,
)
from creatorbook.forms.labels_seen import labels_form
from creatorbook.forms.launch import comparison_form, gate_form
from creatorbook.forms.print_report import print_form
from creatorbook.forms.printed_briefs import briefs_form
from creatorbook.forms.renewals import renewals_form, settle_form
from creatorbook.opening import open_book
from creatorbook.packs import pack
from creatorbook.problems import Problem
from creatorbook.tracking.label_check import checked_posts

EVE = "2026-03-01"
ADD, TAKE_BACK = "Add the row", "Take back the row added last"

Opened = Callable[..., Book]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Opens a copy of a sample client, under a name of its own, at a stage."""
    monkeypatch.setattr(repository, "REPORTS", tmp_path / "reports")

    def copy(sample: str, stage: str | None = "plan", *, under: str = "form", without: str = "") -> Book:
        folder = tmp_path / under / sample
        if not folder.exists():
            shutil.copytree(repository.SAMPLE_DATA / sample, folder)
        if without:
            path = folder / "ledger.csv"
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            path.write_text("".join(line for line in lines if without not in line), encoding="utf-8")
        return open_book(folder, stage=stage)

    return copy


def entered(form: Form, **changed: Any) -> dict[str, Any]:
    """What the browser sends: what stands in the form, with changes."""
    return {**{field["name"]: field["value"] for field in form.fields}, **changed}


def pressed(form: Form, button: str, **changed: Any) -> dict[str, Any]:
    """What the form answers; it has to have done what was asked."""
    reply = form.press(button, entered(form, **changed))
    assert reply["ok"], reply
    return reply


def call(*words: str, code: int = 0) -> str:
    """What the command prints."""
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == code, done.output
    return done.output


def in_both_copies(file: Path) -> tuple[bytes, bytes]:
    """A file as the form left it, and as the command left it in the other copy."""
    other = Path(str(file).replace("/form/", "/cli/"))
    return file.read_bytes(), other.read_bytes()


class TestBeforeLaunch:
    """Links, codes, the comparison, the gate, briefs."""

    def test_codes_are_given_out_as_the_command_does(self, opened: Opened) -> None:
        """The links file and every import table, to the byte."""
        book, other = opened("northpin"), opened("northpin", under="cli")
        form = links_and_codes_form(book)
        pressed(form, "Keep the settings", shortener="bitly", landing_page="https://northpin.example/hike")
        shutil.copy(book.campaign.path, other.campaign.path)
        words = pressed(links_and_codes_form(open_book(book.client.folder, stage="plan")), "Give them out", on=EVE)["words"]  # fmt: skip
        ours = {path.name: path.read_bytes() for path in (repository.REPORTS / "northpin").rglob("*.csv")}
        output = call(
            "codes",
            str(other.client.folder),
            "--on",
            EVE,
            "--out",
            str(book.client.folder.parent / "out"),
        )
        theirs = {path.name: path.read_bytes() for path in (book.client.folder.parent / "out").glob("*.csv")}
        assert ours == theirs
        assert set(ours) == {"codes.csv", "links.csv", "shopify-discounts.csv", "short-links-bitly.csv"}
        form_links, cli_links = in_both_copies(book.campaign.path.with_name(f"{book.campaign.id}.links.csv"))
        assert form_links == cli_links
        assert words.split()[0] in output

    def test_codes_are_not_given_out_under_settings_that_are_not_kept(self, opened: Opened) -> None:
        """What is shown and what is on file are the same when codes go out."""
        book = opened("northpin")
        form = links_and_codes_form(book)
        reply = form.press("Give them out", entered(form, percent=25))
        assert not reply["ok"]
        assert "the settings above are not kept yet" in reply["words"]
        assert not book.campaign.path.with_name(f"{book.campaign.id}.links.csv").exists()

    def test_what_codes_would_be_is_shown_before_it_is_kept(self, opened: Opened) -> None:
        """The changed lines and the codes under them; nothing is written."""
        book = opened("northpin")
        before = book.campaign.path.read_bytes()
        form = links_and_codes_form(book)
        pressed(form, "Show what it makes", percent=15, pattern="HIKE-{handle}")
        assert "+ codes: {pattern: &#x27;HIKE-{handle}&#x27;, percent: 15}" in form.html
        assert "15% off" in form.html
        assert book.campaign.path.read_bytes() == before
        reply = form.press("Show what it makes", entered(form, pattern="HIKE"))
        assert not reply["ok"]
        assert "{handle}" in reply["words"]

    def test_the_comparison_is_stored_as_the_command_does(self, opened: Opened) -> None:
        """With the name of who decided, which the gate does not get."""
        book, other = opened("velmora"), opened("velmora", under="cli")
        form = comparison_form(book)
        assert "We recommend" in form.html
        pressed(form, "Store the comparison", by="Ana", on=EVE)
        call("ready", str(other.client.folder), "--store-lift", "--by", "Ana", "--on", EVE, code=1)
        ours, theirs = in_both_copies(book.campaign.path.with_name(f"{book.campaign.id}.lift.yml"))
        assert ours == theirs
        assert b"by: Ana" in ours
        assert "Stored on 1 Mar 2026 by Ana" in form.html
        assert not book.campaign.path.with_name(f"{book.campaign.id}.gate.csv").exists()

    def test_no_comparison_is_stored_after_the_start(self, opened: Opened) -> None:
        """Without a day before it."""
        book = opened("velmora")
        form = comparison_form(book)
        reply = form.press("Store the comparison", entered(form, by="Ana"))
        assert not reply["ok"]
        assert "what is decided now would know what came" in reply["words"]

    def test_the_gate_is_opened_as_the_command_does(self, opened: Opened) -> None:
        """A line with name and reason; without a reason nothing is written."""
        book, other = opened("northpin"), opened("northpin", under="cli")
        form, path = gate_form(book), book.campaign.path.with_name(f"{book.campaign.id}.gate.csv")
        assert "not ready" in form.html
        reply = form.press("Start anyway", entered(form, by="Ana"))
        assert reply["faults"] == {"reason": "Please fill this in."}
        assert not path.exists()
        pressed(form, "Start anyway", by="Ana", reason="agreed by phone", on=EVE)
        call(
            "ready",
            str(other.client.folder),
            "--open-gate",
            "Ana",
            "--reason",
            "agreed by phone",
            "--on",
            EVE,
        )
        ours, theirs = in_both_copies(path)
        assert ours == theirs
        assert "The gate was opened by Ana on 1 Mar 2026: agreed by phone" in form.html

    def test_briefs_are_printed_as_the_command_does(self, opened: Opened) -> None:
        """The same files, each offered to be opened."""
        book, other = opened("northpin"), opened("northpin", under="cli")
        form = briefs_form(book)
        pressed(form, "Print the briefs")
        call("briefs", str(other.client.folder), "--out", str(other.client.folder.parent / "out"))
        theirs = {path.name: path.read_bytes() for path in (other.client.folder.parent / "out").glob("*.pdf")}
        ours = {path.name: path.read_bytes() for path in (repository.REPORTS / "northpin").rglob("*.pdf")}
        assert ours == theirs
        assert set(form.files) == set(theirs) != set()


class TestBrief:
    """What creators are told, and drafts."""

    def draft(self, form: Form, text: str, handle: str = "") -> list[dict[str, Any]]:
        """A reel of the first creator that is offered."""
        columns = next(field for field in form.fields if field["name"] == "drafts")["columns"]
        first = columns[0]["options"][0]["value"]
        return [{"handle": handle or first, "format": "reel", "platform": None, "text": text}]

    def test_a_draft_is_looked_at_while_it_is_pasted_in(self, opened: Opened) -> None:
        """The label that is missing and the claim that nobody proved; nothing is written."""
        book = opened("velmora")
        before = book.campaign.path.read_bytes()
        form = brief_form(book)
        form.move(entered(form, drafts=self.draft(form, "Dieses Kleid ist klimaneutral!")))
        assert "no label word in the text we were given" in form.html
        assert "klimaneutral" in form.html
        form.move(entered(form, drafts=self.draft(form, "Werbung · Ad. <b>Mein Kleid</b>")))
        assert "no label word in the text we were given" not in form.html
        assert "<b>Mein" not in form.html
        assert book.campaign.path.read_bytes() == before

    def test_the_brief_comes_back_as_it_was_written(self, opened: Opened) -> None:
        """Claims with their proof, gifts with their sizes, drafts of several lines; comments of the file stay."""
        book = opened("velmora")
        form = brief_form(book)
        drafts = self.draft(form, "Werbung\nMein Kleid: „schön“ # Leinen")
        gift = {"handle": drafts[0]["handle"], "what": "Dress: Aruna", "size": "M", "reason": ""}
        claim = {"claim": "linen", "proof": "Flax", "markets": "de, fr", "words": "linen\npure linen"}
        pressed(
            form, "Write the brief", drafts=drafts, gifts=[gift], claims=[claim], key_messages="one\n\n two "
        )
        campaign = open_book(book.client.folder, stage="plan").campaign
        assert campaign.brief.key_messages == ["one", "two"]
        assert campaign.brief.claims[0].model_dump() == {"claim": "linen", "proof": "Flax", "markets": ["DE", "FR"], "words": ["linen", "pure linen"]}  # fmt: skip
        assert [one.model_dump() for one in campaign.gifts] == [gift]
        assert campaign.drafts[0].text == drafts[0]["text"]
        assert "# Our own promotions in or near these weeks" in campaign.path.read_text(encoding="utf-8")
        again = brief_form(open_book(book.client.folder, stage="plan"))
        assert entered(again)["drafts"] == drafts
        assert pressed(again, "Write the brief")["written"] is False

    def test_a_draft_of_a_stranger_is_refused_before_it_stops_the_page(self, opened: Opened) -> None:
        """Notebook 04 would not open with it."""
        book = opened("velmora")
        before = book.campaign.path.read_bytes()
        form = brief_form(book)
        reply = form.press("Write the brief", entered(form, drafts=self.draft(form, "x", "nobody.here")))
        assert not reply["ok"]
        assert "@nobody.here is not in the creators list" in reply["words"]
        gift = {"handle": "nobody.here", "what": "Dress", "size": "", "reason": ""}
        assert not form.press("Write the brief", entered(form, gifts=[gift]))["ok"]
        assert book.campaign.path.read_bytes() == before

    def test_what_somebody_else_wrote_meanwhile_is_shown_and_not_lost(self, opened: Opened) -> None:
        """The form says so, takes over what stands there, and the next press writes."""
        book = opened("velmora")
        form = brief_form(book)
        path = book.campaign.path
        path.write_text(path.read_text(encoding="utf-8").replace("linen dresses", "silk dresses"), "utf-8")
        reply = form.press("Write the brief", entered(form, rights="none"))
        assert not reply["ok"]
        assert "somebody changed this file while the form was open" in reply["words"]
        assert reply["values"]["product"].startswith("silk dresses")
        pressed(form, "Write the brief", **{**reply["values"], "rights": "none"})
        text = path.read_text(encoding="utf-8")
        assert "product: silk dresses" in text
        assert "rights: none" in text


class TestHandSheets:
    """Rows as a person would write them in a spreadsheet."""

    FORMS: tuple[tuple[Callable[[Book], Form], str, dict[str, Any], str], ...] = (
        (post_form, "post_log.csv", {"posted on": "2026-03-12", "link": "https://x.example/p/1", "label seen": "none", "views": 1200, "counted on": "2026-03-15"}, "{handle},{platform},2026-03-12,https://x.example/p/1,,none,Spring linen,1200,,,2026-03-15"),
        (spend_form, "cost_sheet.csv", {"creator": WHOLE_CAMPAIGN, "kind": "tools", "amount": 12.5, "date": "2026-03-12"}, ",tools,12.5,EUR,2026-03-12,,Spring linen,"),
        (comments_form, "comment_tally.csv", {"comments looked at": 20, "specific comments": 7, "counted on": "2026-03-12", "by": "Kim"}, "{handle},{platform},2026-03-12,20,7,,,Kim"),
        (feedback_form, "feedback_sheet.csv", {"comments counted": 20, "praise": 0, "complaints": 3, "counted on": "2026-03-12", "by": "Kim"}, "{handle},{platform},Spring linen,2026-03-12,20,0,,,,3,,Kim"),
        (signups_form, "signups_per_day.csv", {"date": "2026-03-12", "source": "newsletter, form", "sign-ups": 4}, '2026-03-12,"newsletter, form",4'),
        (rights_form, "contract_and_rights.csv", {"channels": "website", "territory": "DE, FR", "rights start": "2026-03-09", "rights until": "2026-09-30", "paid use": "no", "fee": 300}, '{handle},{platform},,,,website,"DE, FR",2026-03-09,2026-09-30,no,,300,'),
    )  # fmt: skip

    @pytest.mark.parametrize(("make", "file", "values", "line"), FORMS, ids=[form[1] for form in FORMS])
    def test_a_row_is_written_as_a_person_would_and_taken_back(
        self,
        opened: Opened,
        make: Callable[[Book], Form],
        file: str,
        values: dict[str, Any],
        line: str,
    ) -> None:
        """To the byte; the readers take it; taken back, there is no file again."""
        book = opened("velmora")
        form, path = make(book), book.client.folder / "exports" / file
        if any(field["name"] == "account" for field in form.fields):
            platform, _, handle = form.fields[0]["options"][0]["value"].partition("/")
            values = {**values, "account": f"{platform}/{handle}"}
            line = line.format(handle=handle, platform=platform)
        pressed(form, ADD, **values)
        sheet = next(one for one in hand_sheets() if one.file == file)
        assert path.read_text(encoding="utf-8") == f"{','.join(sheet.columns)}\n{line}\n"
        receipts = exports.read_folder(read_client(book.client.folder)).receipts
        (receipt,) = (one for one in receipts if one.file == file)
        assert (receipt.reader, receipt.kept, receipt.set_aside_count) == (sheet.reader, 1, 0)
        assert f"The last rows of exports/{file}" in form.html
        pressed(form, TAKE_BACK)
        assert not path.exists()
        assert form.press(TAKE_BACK, entered(form))["ok"] is False

    def test_a_label_that_a_person_saw_answers_the_check(self, opened: Opened) -> None:
        """The post is the platform's own, once, with the label beside it."""
        book = opened("velmora", "results")
        form, before = labels_form(book), checked_posts(book)
        link = form.fields[0]["options"][0]["value"]
        assert before.loc[before["permalink"] == link, "verdict"].tolist() != ["found"]
        pressed(form, ADD, post=link, label="Paid partnership", **{"counted on": "2026-04-22"})
        after = checked_posts(open_book(book.client.folder, stage="results"))
        assert len(after) == len(before)
        (row,) = after[after["permalink"] == link].to_dict("records")
        assert (row["label"], row["whose"]) == ("Paid partnership", "account holder")
        pressed(form, TAKE_BACK)
        assert not (book.client.folder / "exports" / "post_log.csv").exists()

    def test_a_row_is_not_taken_back_over_somebody_elses(self, opened: Opened) -> None:
        """The file has changed since: both rows stay."""
        book = opened("velmora")
        form, path = signups_form(book), book.client.folder / "exports" / "signups_per_day.csv"
        pressed(form, ADD, **{"date": "2026-03-12", "sign-ups": 4})
        with path.open("a", encoding="utf-8") as file:
            file.write("2026-03-13,form,9\n")
        reply = form.press(TAKE_BACK, entered(form))
        assert not reply["ok"]
        assert "somebody has written into this file since" in reply["words"]
        assert path.read_text(encoding="utf-8").splitlines()[1:] == ["2026-03-12,,4", "2026-03-13,form,9"]

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("date;source;sign-ups\n2026-03-01;form;3\n", "the column “date” is missing"),
            ("date,source\n2026-03-01,form\n", "the column “sign-ups” is missing"),
            ("date,source,sign-ups\n2026-03-01,f\xfcr,3\n".encode("latin-1"), "not saved as UTF-8"),
        ],
        ids=["semicolons", "a column less", "another encoding"],
    )
    def test_a_file_that_a_row_does_not_fit_is_left_alone(
        self, opened: Opened, text: str | bytes, expected: str
    ) -> None:
        """A row appended to it would be lost, or make two files of one."""
        book = opened("velmora")
        form, path = signups_form(book), book.client.folder / "exports" / "signups_per_day.csv"
        content = text if isinstance(text, bytes) else text.encode()
        path.write_bytes(content)
        reply = form.press(ADD, entered(form, **{"date": "2026-03-12", "sign-ups": 4}))
        assert not reply["ok"]
        assert expected in reply["words"]
        assert path.read_bytes() == content

    def test_a_sheet_of_an_earlier_release_takes_the_columns_it_has(self, opened: Opened) -> None:
        """Where nothing is entered for the others; figures for columns that are not there are refused."""
        book = opened("velmora")
        path = book.client.folder / "exports" / "post_log.csv"
        header = "handle,platform,posted on,link,post type,label seen,campaign"
        path.write_text(f"{header}\n", encoding="utf-8")
        form = post_form(book)
        account = form.fields[0]["options"][0]["value"]
        values = {"account": account, "posted on": "2026-03-12", "link": "https://x.example/p/1"}
        pressed(form, ADD, **values)
        platform, _, handle = account.partition("/")
        row = f"{handle},{platform},2026-03-12,https://x.example/p/1,,,Spring linen"
        assert path.read_text(encoding="utf-8").splitlines() == [header, row]
        assert "the column “views” is missing" in form.press(ADD, entered(form, **values, views=3))["words"]

    def test_what_cannot_be_is_refused(self, opened: Opened) -> None:
        """More parts than the whole; an agreement that ends before it starts, or in no country."""
        book = opened("velmora")
        feedback, agreed = feedback_form(book), rights_form(book)
        account = agreed.fields[0]["options"][0]["value"]
        reply = feedback.press(ADD, entered(feedback, **{"comments counted": 10, "praise": 9, "other": 3, "by": "Kim"}))  # fmt: skip
        assert "more was counted" in reply["words"]
        days = {"rights start": "2026-03-12", "rights until": "2026-03-01"}
        assert "is before starts_on" in agreed.press(ADD, entered(agreed, account=account, **days))["words"]
        reply = agreed.press(ADD, entered(agreed, account=account, territory="Narnia"))
        assert "“Narnia” is no country we know" in reply["words"]
        assert not (book.client.folder / "exports" / "contract_and_rights.csv").exists()

    def test_nothing_is_said_to_be_written_on_a_full_disk(
        self, opened: Opened, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """And nothing is."""
        book = opened("velmora")

        def full(*_arguments: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(hand_rows, "append_rows", full)
        form = signups_form(book)
        reply = form.press(ADD, entered(form, **{"date": "2026-03-12", "sign-ups": 4}))
        assert not reply["ok"]
        assert reply["words"].startswith("Nothing was written: ")
        assert not (book.client.folder / "exports" / "signups_per_day.csv").exists()


class TestRenewals:
    """Confirmed per creator; nothing preselected."""

    def rows(self, form: Form, *choices: str) -> list[dict[str, Any]]:
        """The form's lines, the first of them decided."""
        given = [*choices, *[""] * len(form.fields[0]["value"])]
        return [
            {**row, "choice": choice or None, "note": "said so" if choice else ""}
            for row, choice in zip(form.fields[0]["value"], given, strict=False)
        ]

    def test_decisions_are_written_as_record_decision_does(self, opened: Opened) -> None:
        """One row for each that was chosen; the others stay open, and what was decided is shown."""
        book, other = opened("velmora", "results"), opened("velmora", "results", under="cli")
        today = date(2026, 5, 20)
        form = renewals_form(book, today)
        assert all("choice" not in row for row in form.fields[0]["value"])
        assert not form.press("Write the decisions down", entered(form, creators=self.rows(form), by="Ana"))[
            "ok"
        ]
        chosen = ("renew · people respond", "stop · did not pay back")
        reply = pressed(form, "Write the decisions down", creators=self.rows(form, *chosen), by="Ana")
        path = book.client.folder / "decisions.csv"
        handles = [line.split(",")[1] for line in path.read_text(encoding="utf-8").splitlines()[1:]]
        offered = {row["decision"]: row["reasons"] for row in pack("reasons")["renewals"].values()}
        for handle, decision, reason in zip(handles, ("Shortlist", "Not this time"), ("people respond", "did not pay back"), strict=True):  # fmt: skip
            record_decision(
                other.client, handle, decision, reason, "said so", "Ana", on=today, reasons=offered
            )
        ours, theirs = in_both_copies(path)
        assert ours == theirs
        shown = reply["values"]["creators"]
        assert shown[0]["on_file"] == "renew: people respond, on 20 May 2026, by Ana"
        assert shown[1]["on_file"] == "stop: did not pay back, on 20 May 2026, by Ana"

    def test_what_somebody_else_decided_is_shown_first(self, opened: Opened) -> None:
        """The choices stay in the form; the next press writes them above."""
        book = opened("velmora", "results")
        form = renewals_form(book, date(2026, 5, 20))
        rows = self.rows(form, "renew · people respond", "renew · people respond")
        pressed(form, "Write the decisions down", creators=rows, by="Ana")
        path = book.client.folder / "decisions.csv"
        handle = path.read_text(encoding="utf-8").splitlines()[2].split(",")[1]
        record_decision(book.client, handle, "Not this time", "no answer", by="Bo", on=date(2026, 5, 20))
        before = path.read_bytes()
        rows = self.rows(form, "adjust · pays back at a lower fee", "adjust · pays back at a lower fee")
        reply = form.press("Write the decisions down", entered(form, creators=rows, by="Ana"))
        assert not reply["ok"]
        assert "“Not this time” was decided on" in reply["words"]
        assert "by Bo" in reply["values"]["creators"][1]["on_file"]
        assert reply["values"]["creators"][1]["choice"] == "adjust · pays back at a lower fee"
        assert path.read_bytes() == before
        pressed(form, "Write the decisions down", creators=rows, by="Ana")

    def test_all_are_written_or_none(self, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
        """A disk that is full at the second leaves nothing of the first."""
        client = opened("northpin").client
        path = client.folder / "decisions.csv"
        confirm(client, [Renewal("a", "renew", "people respond")], "Ana", date(2026, 5, 20))
        before, written = path.read_bytes(), []

        def full(*arguments: Any) -> None:
            written.append(arguments)
            if len(written) > 1:
                raise OSError(28, "No space left on device")
            writing.append_rows(*arguments)

        monkeypatch.setattr(records, "append_rows", full)
        both = [Renewal("b", "renew", "people respond"), Renewal("c", "stop", "no answer")]
        with pytest.raises(Problem):
            confirm(client, both, "Ana", date(2026, 5, 20), read_decisions(client))
        assert len(written) == 2
        assert path.read_bytes() == before

    def test_every_reason_fits_its_decision_and_is_a_decision_the_plan_reads(self) -> None:
        """Renewals are decisions like others: the next plan follows them."""
        for row in pack("reasons")["renewals"].values():
            assert row["decision"] in pack("reasons")["decisions"]
            assert row["reasons"]


class TestSettle:
    """What came is written once."""

    def test_it_is_settled_as_the_command_does_after_a_look(self, opened: Opened) -> None:
        """The look writes nothing; the ledger is the same to the byte."""
        campaign = opened("sorrelby", "results").campaign
        outcomes = f"{campaign.id},{campaign.start},outcome"
        book = opened("sorrelby", "results", without=outcomes)
        other = opened("sorrelby", "results", under="cli", without=outcomes)
        path = book.client.folder / "ledger.csv"
        before = path.read_bytes()
        form = settle_form(book)
        pressed(form, "Show what will be written")
        assert "rows would be added to ledger.csv" in form.html
        assert "kept" not in form.html
        assert path.read_bytes() == before
        pressed(form, "Settle", by="Ana")
        call("settle", str(other.client.folder), "--by", "Ana")
        ours, theirs = in_both_copies(path)
        assert ours == theirs != before

    def test_a_campaign_whose_returns_are_open_is_not_settled(self, opened: Opened) -> None:
        """The look says why as well."""
        form = settle_form(opened("velmora", "results"))
        for button in ("Show what will be written", "Settle"):
            reply = form.press(button, entered(form, by="Ana"))
            assert not reply["ok"]
            assert "goods can come back until" in reply["words"]


def test_a_report_is_printed_as_the_command_does(opened: Opened) -> None:
    """Each step is told; the command then finds nothing to print anew; what was printed can be opened."""
    book = opened("northpin", None)
    form = print_form(book)
    words: list[str] = []
    form.observe(lambda change: words.append(change["new"]), "words")
    pressed(form, "Print")
    second = form.press("Print", entered(form))
    assert "this report is being printed already" in second["words"]
    while not words[-1].startswith(("Printed in", "No report")):
        time.sleep(0.1)
    assert words[-1].startswith("Printed in"), words[-1]
    names = ["data.xlsx", "report.html", "report.pdf"]
    assert form.files == [f"{paper}/{name}" for paper in ("to-send", "working") for name in names]
    assert any("printing" in one for one in words)
    folder, out = str(book.client.folder), str(repository.REPORTS)
    assert "unchanged" in call("report", folder, "--campaign", book.campaign.id, "--out", out)


def test_a_report_that_cannot_be_printed_says_why(opened: Opened) -> None:
    """A mistake in the client's files, as the command tells it."""
    book = opened("northpin", None)
    book.campaign.path.write_text("goal: sales\nbudget: none\n", encoding="utf-8")
    form = print_form(book)
    pressed(form, "Print")
    while not form.words.startswith("No report"):
        time.sleep(0.1)
    assert "budget" in form.words
    assert form.files == []


@pytest.mark.parametrize(
    "name",
    ["brief", "briefs", "comparison", "gate", "labels_seen", "links_and_codes", "posts_and_spend", "print_report", "renewals", "rights", "settle", "tallies"],
)  # fmt: skip
def test_nothing_of_these_forms_is_drawn_in_a_report(
    opened: Opened, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Outside explore mode."""
    getattr(forms, name)(replace(opened("northpin", "results"), mode="report"))
    assert capsys.readouterr().out == ""
