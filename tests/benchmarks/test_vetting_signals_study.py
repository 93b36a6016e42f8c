"""How often planted signals are found, and how often ordinary accounts are accused: 100 made-up clients.

Fixed before the first run: the seeds, the strengths (`creatorbook/simulate/varied/strengths.yml`, committed before
the checks were made to meet them), what counts as found, and the goals. Development looked at `DEVELOPMENT` only.

The first run, on seeds 52,001 to 52,100, was stopped after 71 clients: it missed two goals (recall 0.79, precision
0.89; innocents accused in 4 of 100 or fewer). Slow rises and groups were then looked for more keenly, on development
seeds again. A second run, on seeds 53,001 to 53,100, was stopped after 48 clients because a test showed that a lively circle
could be taken for a group where outsiders return. The third run, on seeds 54,001 to 54,100, which were fixed before
it: recall 0.82, innocents accused in 4 of 100 or fewer, and precision 0.89, which missed its goal; nearly half of what was falsely
shown were shout-outs by larger accounts. Two things were then built, looking at `TUNING` only: views that the posts of
a jump's days do not account for (whoever is sent looks around), and creators who comment under each other's posts. The
fourth run, this one, is on the seeds of the third: recall 0.83, precision 0.92, innocents accused in 4 of 100 or fewer. `FRESH` are
seeds that no run had seen; they were run once after it, as a check that the third run's totals led nobody: recall 0.824,
precision 0.920, lively circles 4.5 %, giveaways 4.0 %, other languages 1.3 %, posts that took off 9.6 %, shout-outs 24 %.

    pytest -s -m slow tests/benchmarks/test_vetting_signals_study.py       # all seeds, about 5 minutes
    VETTING_SEEDS=0:25 VETTING_ROWS=rows.jsonl pytest -s -m slow …         # a part, appended to a file

What is found counts by account and family of signals. A signal of a family that was not planted in that account
is a false one, whatever else is planted there. An innocent account is accused if it shows any signal at all.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pandas as pd
import pytest
import yaml

from books import make_book
from creatorbook.book import Book
from creatorbook.client.repository import ROOT
from creatorbook.packs import pack
from creatorbook.simulate.varied import make_creators
from creatorbook.stats.intervals import share_interval
from creatorbook.vetting import comments, growth, people
from creatorbook.vetting.found_signals import found_signals

SEEDS = range(54_001, 54_101)
DEVELOPMENT = range(91_001, 91_041)
#: looked at before the fourth run, to see which causes are falsely shown and to set what was changed for it
TUNING = range(900, 960)
FRESH = range(55_001, 55_101)

RESULTS = ROOT / "helpers" / "creatorbook" / "packs" / "vetting_study.yml"

Rows = dict[str, list[dict[str, object]]]

#: what is planted → signals that find it
FAMILIES = {
    "bought_followers": {"growth_jump", "growth_decay"},
    "pod": {"same_commenters"},
    "comment_spam": {"spam_comments", "generic_comments", "repeated_comments"},
    "follow_swings": {"follow_swings"},
}
#: the goals are stated for these three
STATED = ("bought_followers", "pod", "comment_spam")
INNOCENT_GOAL = ("lively_community", "giveaway", "other_language")


def looked_at(seed: int) -> Rows:
    """One client: `planted` (with `found`) and `signals` (with `planted`), as rows."""
    made = make_creators(seed)
    book = make_book(made.tables, as_of=made.as_of.date(), stage="plan")
    found = found_signals(book)
    found["handle"] = found.account.str.split("/").str[1]
    by_handle = found.groupby("handle").signal.agg(set)
    by_planted = made.planted.groupby("handle").kind.agg(set)
    planted = [
        {
            "seed": seed,
            **{name: getattr(row, name) for name in ("kind", "strength", "shape", "innocent", "handle")},
            "signals": sorted(by_handle.get(row.handle, set())),
        }
        for row in made.planted.itertuples()
    ]
    signals = [
        {"seed": seed, "handle": handle, "signal": signal, "planted": sorted(by_planted.get(handle, set()))}
        for handle, names in by_handle.items()
        for signal in sorted(names)
    ]
    ordinary = {"seed": seed, "accounts": len(made.tables["creators"]), "carriers": len(by_planted)}
    return {"planted": planted, "signals": signals, "clients": [ordinary], "evidence": evidence(seed, book)}


def evidence(seed: int, book: Book) -> list[dict[str, object]]:
    """The figure each leading threshold is held against, by account: for curves over thresholds."""
    jumps = growth.follower_jumps(book)
    left = jumps.unexplained.where(jumps.views_known & ~jumps.explained)
    told, level = comments.specific(book), pack("signals")["level"]
    told = told.dropna(subset=["spam"])
    low = [share_interval(k, n, level)[0] for k, n in zip(told.spam, told.looked_at, strict=True)]
    frame = pd.DataFrame(
        {
            "bought_followers": left.groupby(jumps.account).sum(),
            "comment_spam": pd.Series(low, index=told.index, dtype=float),
            "pod": people.commenting_groups(book)["size"].astype(float),
        }
    ).fillna(0.0)
    frame = frame[frame.max(axis=1) > 0].round(4)
    return [
        {"seed": seed, "handle": str(account).split("/")[1], **row}
        for account, row in frame.to_dict("index").items()
    ]


def family_of(signal: str) -> str:
    return next((kind for kind, names in FAMILIES.items() if signal in names), "other")


def measured(rows: Rows) -> dict[str, pd.DataFrame]:
    """recall (kind, strength, planted, found), precision (family, shown, right), accused (innocent kind)."""
    planted, signals = pd.DataFrame(rows["planted"]), pd.DataFrame(rows["signals"])
    guilty = planted[~planted.innocent.astype(bool)].copy()
    guilty["found"] = [bool(set(row.signals) & FAMILIES[row.kind]) for row in guilty.itertuples()]
    signals["family"] = signals.signal.map(family_of)
    shown = signals.drop_duplicates(["seed", "handle", "family"]).copy()
    shown["right"] = [row.family in row.planted for row in shown.itertuples()]
    innocent = planted[planted.innocent.astype(bool)].assign(accused=lambda f: f.signals.str.len() > 0)
    return {"guilty": guilty, "shown": shown, "innocent": innocent}


def _rows() -> Rows:
    """Rows of all seeds: from the file where parts were written, else made now."""
    kept = Path(os.environ["VETTING_ROWS"]) if "VETTING_ROWS" in os.environ else None
    first, last = map(int, os.environ.get("VETTING_SEEDS", f"0:{len(SEEDS)}").split(":"))
    parts = [json.loads(line) for line in kept.read_text().splitlines()] if kept and kept.exists() else []
    done = {part["clients"][0]["seed"] for part in parts}
    for seed in [seed for seed in SEEDS[first:last] if seed not in done]:
        parts.append(looked_at(seed))
        if kept:
            with kept.open("a") as out:
                out.write(json.dumps(parts[-1]) + "\n")
    return {name: [row for part in parts for row in part[name]] for name in parts[0]}


@pytest.mark.slow
def test_planted_signals_are_found_and_innocents_are_not_accused() -> None:
    """Precision at least 0.9, recall at least 0.8, fewer than 5 in 100 innocents of each kind accused."""
    rows = _rows()
    if len(rows["clients"]) < len(SEEDS):
        pytest.skip(f"{len(rows['clients'])} of {len(SEEDS)} clients so far")
    found = measured(rows)
    stated = found["guilty"][found["guilty"].kind.isin(STATED)]
    shown = found["shown"][found["shown"].family.isin(STATED)]
    print(found["guilty"].groupby(["kind", "strength"]).found.agg(["sum", "size", "mean"]).round(3))
    print(found["guilty"].groupby(["kind", "shape"]).found.agg(["sum", "size", "mean"]).round(3))
    print(found["shown"].groupby("family").right.agg(["sum", "size", "mean"]).round(3))
    print(found["innocent"].groupby("kind").accused.agg(["sum", "size", "mean"]).round(3))
    print(f"recall {stated.found.mean():.3f}, precision {shown.right.mean():.3f}")
    RESULTS.write_text(HEAD + yaml.safe_dump(told(rows, found), sort_keys=False), encoding="utf-8")
    accused = found["innocent"].groupby("kind").accused.mean()
    assert stated.found.mean() >= 0.8
    assert accused[list(INNOCENT_GOAL)].max() < 0.05
    assert shown.right.mean() >= 0.9


HEAD = """# What the study of the signals found: written by tests/benchmarks/test_vetting_signals_study.py, never by hand.
# Made-up clients only: it checks the code and shows what is hard, it forecasts nothing for real accounts.
"""

#: thresholds a curve is drawn over, by what is planted; the figures they hold are those of `evidence`
CURVES: dict[str, list[float]] = {
    "bought_followers": [0.012, 0.02, 0.03, 0.04, 0.06, 0.08, 0.12],
    "comment_spam": [0.02, 0.03, 0.04, 0.05, 0.07, 0.1, 0.15],
    "pod": [3, 4, 6, 8, 10, 12, 15],
}


def told(rows: Rows, found: dict[str, pd.DataFrame]) -> dict[str, object]:
    """The study's result as plain rows, as `vetting.study` shows them."""
    clients = pd.DataFrame(rows["clients"])
    guilty, shown, innocent = found["guilty"], found["shown"], found["innocent"]
    by = {"planted": ("found", "size"), "found": ("found", "sum")}
    grown = guilty[guilty.kind == "bought_followers"]
    return {
        "source": f"{len(SEEDS)} made-up clients, seeds {SEEDS[0]} to {SEEDS[-1]}, fixed before they were first run; the study's fourth run",
        "date": "2026-11-22",
        "accounts": int(clients.accounts.sum()),
        "carriers": int(clients.carriers.sum()),
        "recall": _plain(guilty.groupby(["kind", "strength"]).agg(**by)),
        "shapes": _plain(grown.groupby("shape").agg(**by)),
        "shown": _plain(shown.groupby("family").agg(shown=("right", "size"), right=("right", "sum"))),
        "innocent": _plain(
            innocent.groupby("kind").agg(looked_at=("accused", "size"), accused=("accused", "sum"))
        ),
        "curves": _curves(rows, guilty, int(clients.accounts.sum())),
    }


def _plain(frame: pd.DataFrame) -> list[dict[str, object]]:
    return [
        {str(name): value if isinstance(value, str) else int(value) for name, value in row.items()}
        for row in frame.reset_index().to_dict("records")
    ]


def _curves(rows: Rows, guilty: pd.DataFrame, accounts: int) -> list[dict[str, object]]:
    """Found and falsely shown at other thresholds of the leading figure; all else as by default."""
    evidence = pd.DataFrame(rows["evidence"]).set_index(["seed", "handle"])
    made: list[dict[str, object]] = []
    for kind, thresholds in CURVES.items():
        planted = guilty[guilty.kind == kind].set_index(["seed", "handle"]).index
        figure = evidence[kind]
        at = figure.reindex(planted).fillna(0.0)
        others = figure[~figure.index.isin(planted)]
        clean = accounts - planted.nunique()
        made += [
            {
                "kind": kind,
                "threshold": threshold,
                "found": round(float((at >= threshold).mean()), 4),
                "false": round(float((others >= threshold).sum() / clean), 5),
            }
            for threshold in thresholds
        ]
    return made
