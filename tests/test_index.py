"""The index of all reports: one row a client, who is needed for what today, and how far each report has come."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from creatorbook.client.versions import VersionMark
from creatorbook.findings import Column, Findings, Note, Table
from creatorbook.runner import overview
from creatorbook.runner.needs import needs_of, waiting

DAY = date(2026, 5, 3)


def need(kind: str, text: str = "something", due: str | None = None) -> dict[str, Any]:
    return {"kind": kind, "text": text, "owner": "Ann", "due": due}


def printed(
    out: Path, client: str, *needs: dict[str, Any], edition: str = "spring/2026-04-15-results", **facts: Any
) -> bytes:
    """An edition with these needs, and a record of its run; its manifest."""
    folder = out / client / edition
    folder.mkdir(parents=True)
    summary = {"schema": 1, "stage": folder.name[11:], "as_of": folder.name[:10], "currency": "EUR"}
    (folder / "summary.json").write_text(
        json.dumps({**summary, "campaign": folder.parent.name, "figures": []})
    )
    content = json.dumps({"needs": list(needs), **facts}).encode()
    (folder / "manifest.json").write_bytes(content)
    (out / ".batch").mkdir(exist_ok=True)
    record = {"seconds": 1.0, "ended_at": "2026-05-01T10:00:00", "cause": "", "remarks": [], "runs": []}
    record |= {"schema": overview.RECORD_SCHEMA, "client": client, "outcome": facts.get("outcome", "done")}
    (out / ".batch" / f"{client}.json").write_text(json.dumps(record))
    return content


def rows(out: Path) -> dict[str, str]:
    """Client → text of its row, in their order."""
    overview.write_overview(out, DAY)
    html = (out / "index.html").read_text("utf-8")
    parts = re.findall(r"<tr data-client=\"(.*?)\".*?>(.*?)</tr>", html, re.DOTALL)
    return {client: " ".join(re.sub(r"<[^>]+>", " ", row).split()) for client, row in parts}


def test_the_most_urgent_stands_first(tmp_path: Path) -> None:
    """Failed, over budget, a label, a right that ends, too early, a missing file, nothing; in each the earlier day first."""
    printed(tmp_path, "calm")
    for kind in ("file", "early", "label", "budget"):
        printed(tmp_path, kind, need(kind))
    printed(tmp_path, "later", need("rights", due="2026-06-10"))
    printed(tmp_path, "sooner", need("rights", due="2026-05-10"))
    printed(tmp_path, "broken", outcome="failed")
    assert list(rows(tmp_path)) == [
        *("broken", "budget", "label", "sooner", "later", "early", "file", "calm"),
    ]


def test_rights_are_told_45_30_and_14_days_before_they_end(tmp_path: Path) -> None:
    """And not once they have ended, nor earlier; those of an earlier campaign count, what else waited for it does not."""
    days = {"2026-05-17": 14, "2026-06-02": 30, "2026-06-17": 45}
    soon = [need("rights", f"right of {day}", day) for day in days]
    never = [
        need("rights", "right of yesterday", "2026-05-02"),
        need("rights", "right of autumn", "2026-06-18"),
    ]
    printed(
        tmp_path, "acme", *soon, *never, need("early", "an old question"), edition="winter/2026-02-01-results"
    )
    printed(tmp_path, "acme", need("budget", "a new question"))
    row = rows(tmp_path)["acme"]
    for day, within in days.items():
        assert f"right ends within {within} days: right of {day}" in row
    assert "yesterday" not in row
    assert "autumn" not in row
    assert "an old question" not in row
    assert "a new question" in row


def test_a_row_says_how_far_the_latest_report_has_come(tmp_path: Path) -> None:
    """Draft, cleared, sent; a mark is about the very edition it was made for."""
    draft = printed(tmp_path, "draft")
    printed(tmp_path, "cleared", cleared={"by": "Ann", "on": "2026-05-01"})
    sent = printed(tmp_path, "sent", cleared={"by": "Ann", "on": "2026-05-01"}, lead="Bea Roth")
    for client, content in (("sent", sent), ("draft", draft + b" ")):
        digest = hashlib.sha256(content).hexdigest()
        mark = VersionMark(DAY, "spring", "2026-04-15-results", "sent", "Ann", digest)
        overview.record_marks(tmp_path, client, [mark])
    by_client = rows(tmp_path)
    assert ", draft :" in by_client["draft"]
    assert ", cleared :" in by_client["cleared"]
    assert ", sent :" in by_client["sent"]
    assert "Bea Roth" in by_client["sent"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"needs": 7}', '{"needs": [{"kind": "rights"}]}'])
def test_a_manifest_that_cannot_be_read_is_a_line(tmp_path: Path, content: str) -> None:
    """It stops no page, and the client keeps its row."""
    printed(tmp_path, "acme")
    (tmp_path / "acme/spring/2026-04-15-results/manifest.json").write_text(content)
    assert "Its manifest cannot be read" in rows(tmp_path)["acme"]


def test_without_a_script_every_row_is_there(tmp_path: Path) -> None:
    """Controls appear only where a script runs; what is in a row is never taken for one."""
    printed(tmp_path, "<b>acme", need("budget", "<img src=x onerror=alert(1)>"))
    assert list(rows(tmp_path)) == ["&lt;b&gt;acme"]
    html = (tmp_path / "index.html").read_text("utf-8")
    assert html.count("</script>") == 1
    assert "<img" not in html
    assert '<form class="controls" hidden>' in html


def test_needs_come_from_notes_and_the_file_that_would_add_most() -> None:
    """Each once, as they are written; a note without a need is none."""
    files = pd.DataFrame({"file": ["Refunds", "Costs"], "who": ["the shop", "finance"]})
    table = Table("start.one_more_file", "Files", files, {"file": Column("File"), "who": Column("Who")})
    notes = (
        Note("Over budget by 5.", need="budget"),
        Note("Over budget by 5.", need="budget"),
        Note("Fine."),
    )
    found = needs_of([Findings("tracking", notes), Findings("start", (table,))])
    assert [(row["kind"], row["text"], row["owner"]) for row in found] == [
        ("budget", "Over budget by 5.", ""),
        ("file", "Refunds", "the shop"),
    ]
    assert [each.kind for each in waiting(found, DAY)] == ["budget", "file"]
