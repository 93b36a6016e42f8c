"""How long “what they publish about, nearest to the brief first” takes for a long list: 5,000 accounts of 30 captions.

Prints what it measures (`pytest -s -m slow tests/benchmarks/test_brand_fit_speed.py`); FIT_ACCOUNTS changes the size.
It is a process of its own, so that its peak memory is its own; the tables are made and written before. Words are as
frequent as in a natural language (Zipf's law over a hundred thousand forms), so that most forms are rare ones.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

ACCOUNTS = int(os.environ.get("FIT_ACCOUNTS", "5000"))
CAPTIONS, CAPTION_WORDS, BIOGRAPHY_WORDS, FORMS, SUBJECTS = 30, 25, 15, 100_000, 12
SYLLABLES = [
    first + vowel + last for first in "bdfgklmnprst" for vowel in "aeiou" for last in ("", "n", "r", "s")
]

ASKED = {
    "brand fit alone": "from creatorbook.vetting.near_the_brief import fit_to_brand as ask",
    "the whole step, with groups and changes of subject": "from creatorbook.vetting import subjects as ask",
}
OURS = """
import json, sys, time
from datetime import date
from pathlib import Path
import pandas as pd
from books import make_book
from creatorbook.vetting.posts import captions
IMPORT
folder = Path(sys.argv[1])
tables = {name: pd.read_pickle(folder / f"{name}.pkl") for name in ("creators", "posts")}
voice = {"description": (folder / "brief.txt").read_text(), "must_avoid": (folder / "avoid.txt").read_text().split()}
book = make_book(tables, client={"voice": voice}, as_of=date(2026, 3, 1), stage="plan")
captions(book)
began = time.process_time(), time.perf_counter()
ask(book)
times = round(time.process_time() - began[0], 1), round(time.perf_counter() - began[1], 1)
# not ru_maxrss, which a process takes over from the one that started it
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({"CPU seconds": times[0], "seconds": times[1], "peak MB": peak // 1024}))
"""


def made(accounts: int, folder: Path) -> Path:
    """A creators list with biographies, its posts with captions, and a brief, as files."""
    random = np.random.default_rng(20261128)
    folder.mkdir(parents=True, exist_ok=True)
    sizes = random.integers(1, 5, FORMS)
    forms = np.array(["".join(random.choice(SYLLABLES, size)) for size in sizes], dtype=object)
    usual = 1 / np.arange(1, FORMS + 1)
    subject = random.integers(0, SUBJECTS, accounts)

    def texts(who: np.ndarray, words: int) -> list[str]:
        """A third of each text's words are of its author's subject: every twelfth form."""
        drawn = random.choice(FORMS, (len(who), words), p=usual / usual.sum())
        own = random.random(drawn.shape) < 1 / 3
        drawn = np.where(own, drawn // SUBJECTS * SUBJECTS + subject[who][:, None], drawn) % FORMS
        return [" ".join(line) for line in forms[drawn]]

    who = np.repeat(np.arange(accounts), CAPTIONS)
    handles = np.array([f"maker{number}" for number in range(accounts)])
    creators = pd.DataFrame({"creator": handles, "handle": handles, "platform": "instagram"})
    creators["followers"] = np.round(np.exp(random.normal(9.6, 1.0, accounts)))
    creators["biography"] = texts(np.arange(accounts), BIOGRAPHY_WORDS)
    creators.to_pickle(folder / "creators.pkl")
    posts = pd.DataFrame(
        {"handle": handles[who], "platform": "instagram", "caption": texts(who, CAPTION_WORDS)}
    )
    posts["post_id"] = np.arange(len(posts)).astype(str)
    ago = pd.to_timedelta(np.tile(np.arange(CAPTIONS) * 3 + 4, accounts), unit="D")
    posts["published_at"] = pd.Timestamp("2026-03-01") - ago
    posts.to_pickle(folder / "posts.pkl")
    (folder / "brief.txt").write_text(" ".join(forms[200 : 200 + 40 * SUBJECTS : SUBJECTS]), encoding="utf-8")
    (folder / "avoid.txt").write_text(" ".join(forms[5000:5010]), encoding="utf-8")
    return folder


def measured(imported: str, folder: Path) -> dict[str, float]:
    """Seconds and peak memory of one question, in a process of its own, on one core as reports are made."""
    places = [str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", OURS.replace("IMPORT", imported), str(folder)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(places), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    return dict(json.loads(run.stdout))


@pytest.mark.slow
def test_brand_fit_of_a_long_list(tmp_path: Path) -> None:
    """Prints processor and wall seconds and peak memory of brand fit alone and of its step."""
    folder = made(ACCOUNTS, tmp_path / "list")
    print(f"\n{ACCOUNTS:,} accounts of {CAPTIONS} captions, ten words to avoid")
    for name, imported in ASKED.items():
        print(f"{name}: {measured(imported, folder)}")
