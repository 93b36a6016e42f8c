"""How fast the signals are found at scale, and against plain pandas: 20,000 creators, 1,000,000 posts, 2,000,000 comments.

Prints what it measures (`pytest -s -m slow tests/benchmarks/test_vetting_speed.py`); VETTING_CREATORS changes the
size. Each measurement is a process of its own, so that its peak memory is its own; frames are made and written
before, and reading them is counted on both sides. On a busy machine look at the CPU seconds. Plain pandas does by hand, without checks, intervals, findings or
innocent causes, what a careful analyst would write in an hour: median engagement, stock phrases and links by
one pattern, repeated texts, commenters shared by two accounts, and largest daily gain.
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

CREATORS = int(os.environ.get("VETTING_CREATORS", "20000"))
POSTS, COMMENTS, DAYS = 50, 100, 45
WORDS = ["hem", "linen", "belt", "colour", "zip", "sleeve", "pocket", "price", "shop", "knit", "wool", "coat"]

OURS = """
from creatorbook.vetting.found_signals import found_signals
from creatorbook.vetting import signals
from books import make_book
from datetime import date
book = make_book(tables, as_of=date(2026, 3, 1), stage="plan")
found = found_signals(book)
signals(book)
began_again = time.perf_counter()
signals(book)
extra = {"signals": len(found), "a second look": round(time.perf_counter() - began_again, 2)}
"""

PLAIN = """
posts = tables["posts"].merge(tables["creators"][["handle", "followers"]], on="handle")
posts["rate"] = (posts.likes + posts.comments) / posts.followers
rate = posts.groupby("handle").rate.median()
comments = tables["comments"]
text = comments.text.str.lower().str.replace(r"[^\\w\\s]", " ", regex=True).str.strip()
comments["stock"] = text.str.fullmatch(r"(?:love|nice|wow|so|pretty|this|great| )*")
comments["spam"] = text.str.contains(r"earn|follow me|my channel|promo|crypto|http")
comments["words"] = text.str.count(" ") + 1
share = comments.groupby("handle")[["stock", "spam"]].mean()
long = comments.assign(text=text)[comments.words >= 4]
repeats = long.groupby(["handle", "text"]).post_id.nunique()
often = comments.groupby(["handle", "commenter"]).post_id.nunique()
often = often[often >= 2].reset_index()
pairs = often.merge(often, on="commenter")
pairs = pairs[pairs.handle_x < pairs.handle_y].groupby(["handle_x", "handle_y"]).size()
history = tables["follower_history"].sort_values(["handle", "date"], kind="stable")
history["gain"] = history.groupby("handle").followers.diff() / history.followers
window = history.groupby("handle").gain.rolling(30, min_periods=10)
odd = (history.gain.to_numpy() - window.median().to_numpy()) / window.std().to_numpy()
extra = {"repeats": int((repeats >= 3).sum()), "pairs": len(pairs), "odd": int((odd > 5).sum())}
"""

FRAME = """
import json, sys, time
import numpy as np, pandas as pd
began = time.perf_counter()
tables = {name: pd.read_pickle(f"{sys.argv[1]}/{name}.pkl") for name in
          ("creators", "posts", "comments", "follower_history", "audience")}
BODY
# not ru_maxrss, which a process takes over from the one that started it
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({"seconds": round(time.perf_counter() - began, 1), "CPU seconds": round(time.process_time(), 1),
                  "peak MB": peak // 1024, **extra}))
"""


def made(creators: int, folder: Path) -> Path:
    """Tables of so many creators, as pickles."""
    random = np.random.default_rng(20261122)
    folder.mkdir(parents=True)
    handles = np.array([f"maker{number}" for number in range(creators)])
    followers = np.round(np.exp(random.normal(9.6, 1.0, creators)))
    base = {"handle": handles, "platform": "instagram", "followers": followers}
    pd.DataFrame({"creator": handles, **base}).to_pickle(folder / "creators.pkl")
    posts = _posts(random, handles, followers)
    posts.to_pickle(folder / "posts.pkl")
    _comments(random, posts, creators).to_pickle(folder / "comments.pkl")
    _histories(random, handles, followers).to_pickle(folder / "follower_history.pkl")
    audience = pd.DataFrame({"handle": handles, "platform": "instagram", "dimension": "country"})
    audience.assign(segment="DE", share=0.6).to_pickle(folder / "audience.pkl")
    return folder


def _posts(random: np.random.Generator, handles: np.ndarray, followers: np.ndarray) -> pd.DataFrame:
    who = np.repeat(np.arange(len(handles)), POSTS)
    n = len(who)
    rate = np.exp(random.normal(-3.2, 0.4, len(handles)))
    likes = np.round(followers[who] * rate[who] * np.exp(random.normal(0, 0.4, n)))
    ago = pd.to_timedelta(np.tile(np.arange(POSTS), len(handles)) * 1.7 + 4, unit="D")
    return pd.DataFrame(
        {
            "post_id": np.arange(n).astype(str),
            "handle": handles[who],
            "platform": "instagram",
            "published_at": pd.Timestamp("2026-03-01") - ago,
            "format": "reel",
            "caption": np.where(np.arange(n) % 9 == 0, "a day with #ad", "our day at the sea"),
            "likes": likes,
            "comments": np.round(likes * 0.03),
            "views": np.round(likes * np.exp(random.normal(2.8, 0.3, n))),
        }
    )


def _comments(random: np.random.Generator, posts: pd.DataFrame, creators: int) -> pd.DataFrame:
    """Ten comments under each of the ten latest posts; most texts occur once, as people write."""
    latest = posts.groupby("handle", sort=False).head(COMMENTS // 10)
    chosen = latest.loc[latest.index.repeat(10), ["post_id", "handle", "platform", "published_at"]]
    n = len(chosen)
    words = np.array(WORDS)
    parts = [words[random.integers(0, len(words), n)] for _ in range(4)]
    made_up = random.integers(0, 10**6, n).astype(str)
    text = pd.Series(parts[0]).str.cat([*parts[1:], pd.Series(made_up)], sep=" ")
    stock = random.random(n) < 0.3
    fans = random.integers(0, 250, n) + np.repeat(np.arange(creators), COMMENTS) * 230
    return pd.DataFrame(
        {
            "post_id": chosen.post_id.to_numpy(),
            "handle": chosen.handle.to_numpy(),
            "platform": "instagram",
            "commenter": fans.astype(str),
            "commented_at": chosen.published_at.to_numpy()
            + pd.to_timedelta(random.exponential(200, n), unit="min"),
            "text": np.where(stock, "love this", "the " + text.to_numpy()),
            "by_creator": False,
        }
    )


def _histories(random: np.random.Generator, handles: np.ndarray, followers: np.ndarray) -> pd.DataFrame:
    days = pd.date_range(end="2026-03-01", periods=DAYS)
    gains = random.poisson(followers[:, None] * 0.001, (len(handles), DAYS))
    return pd.DataFrame(
        {
            "handle": np.repeat(handles, DAYS),
            "platform": "instagram",
            "date": np.tile(days, len(handles)),
            "followers": (followers[:, None] + np.cumsum(gains, axis=1)).ravel(),
            "views": np.round(np.repeat(followers, DAYS) * 0.3 * np.exp(random.normal(0, 0.3, gains.size))),
        }
    )


def measured(body: str, folder: Path) -> dict[str, float]:
    """Seconds and peak memory of one way, in a process of its own."""
    here = Path(__file__).parents[1]
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FRAME.replace("BODY", body), str(folder)],
        env={**os.environ, "PYTHONPATH": str(here)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    return json.loads(run.stdout)


@pytest.mark.slow
def test_signals_at_scale(tmp_path: Path) -> None:
    """Prints wall time and peak memory of the whole, of a tenth, and of plain pandas on the tenth."""
    whole, tenth = made(CREATORS, tmp_path / "whole"), made(CREATORS // 10, tmp_path / "tenth")
    figures = {
        "ours, a tenth": measured(OURS, tenth),
        "plain pandas, a tenth": measured(PLAIN, tenth),
        "ours, the whole": measured(OURS, whole),
    }
    for name, row in figures.items():
        print(f"{name}: {row}")
    for what in ("seconds", "CPU seconds"):
        ratio = figures["ours, a tenth"][what] / figures["plain pandas, a tenth"][what]
        print(f"ratio to plain pandas on a tenth, {what}: {ratio:.1f}")
