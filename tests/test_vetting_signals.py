"""Signals: planted oddities are seen, ordinary accounts and their good days are not. Reads `truth/`."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from creatorbook import vetting
from creatorbook.book import Book
from creatorbook.client.repository import SAMPLE_DATA
from creatorbook.findings import written
from creatorbook.opening import open_book
from creatorbook.packs import pack
from creatorbook.vetting.found_signals import found_signals
from panels import jumped, panel
from samples import SAMPLES


@cache
def ordinary() -> Book:
    return panel()


def signals_of(book: Book, handle: str) -> set[str]:
    found = found_signals(book)
    return set(found.signal[found.account == f"instagram/{handle}"])


def with_history(**change: float) -> Book:
    history = jumped(ordinary().tables.follower_history, "maker03", 40, **change)  # type: ignore[arg-type]
    return panel(follower_history=history)


def test_ordinary_accounts_show_nothing_in_their_curves() -> None:
    """No ordinary account has a growth signal."""
    assert not found_signals(ordinary()).signal.str.startswith("growth").any()


def test_jump_with_ordinary_views_is_a_signal_and_told_with_its_days() -> None:
    """12 % more followers on one day with views as always is something to ask about."""
    book = with_history(share=0.12, decay=0.6)
    assert {"growth_jump", "growth_decay"} <= signals_of(book, "maker03")
    found = found_signals(book)
    assert "11 Jan 2026" in written(found.saw[found.signal == "growth_jump"].iloc[0], book.formats)
    chart = vetting.signals(book).charts["vetting.growth.instagram.maker03"]
    assert "11 Jan 2026" in chart.alt


def test_post_that_took_off_explains_a_jump() -> None:
    """The same jump with eight times the views raises nothing, and is told as explained."""
    book = with_history(share=0.12, views=8.0)
    assert not signals_of(book, "maker03")
    assert any(
        "raised no signal" in note.text and "@maker03" in note.text for note in vetting.signals(book).notes
    )


def test_jump_without_views_raises_nothing_alone() -> None:
    """Without any views a jump is told as a question for the daily views, not as a signal."""
    history = jumped(ordinary().tables.follower_history, "maker03", 40, share=0.12).assign(views=np.nan)
    posts = ordinary().tables.posts.assign(views=np.nan)
    book = panel(follower_history=history, posts=posts)
    assert not {"growth_jump", "growth_decay"} & signals_of(book, "maker03")
    assert any("without any views" in note.text for note in vetting.signals(book).notes)


def test_giveaway_in_a_caption_explains_a_jump() -> None:
    """A caption of these days that names a giveaway is an innocent cause."""
    posts = ordinary().tables.posts.copy()
    mine = posts.index[posts.handle == "maker03"]
    nearest = (posts.published_at[mine] - pd.Timestamp("2026-01-11")).abs().idxmin()
    posts.loc[nearest, ["caption", "published_at"]] = ["GIVEAWAY: win a coat", pd.Timestamp("2026-01-10")]
    history = jumped(ordinary().tables.follower_history, "maker03", 40, share=0.12)
    assert "growth_jump" not in signals_of(panel(follower_history=history, posts=posts), "maker03")


def looked_at(days: tuple[float, ...], column: str = "views") -> pd.DataFrame:
    """The history of a 12 % jump whose newcomers bring so many views each, day after day."""
    history = jumped(ordinary().tables.follower_history, "maker03", 40, share=0.12)
    if column not in history:
        history[column] = 500.0
    mine = history.index[history.handle == "maker03"][40 : 40 + len(days)]
    history.loc[mine, column] += np.array(days) * 0.12 * float(history.followers[mine[0]])
    return history


def test_newcomers_who_look_around_were_sent_by_somebody() -> None:
    """Six views per newcomer that no post accounts for explain a jump; half a view each does not."""
    book = panel(follower_history=looked_at((4.0, 2.0)))
    assert not signals_of(book, "maker03")
    assert any(
        "looked around" in note.text and "@maker03" in note.text for note in vetting.signals(book).notes
    )
    assert "growth_jump" in signals_of(panel(follower_history=looked_at((0.5,))), "maker03")


def test_newcomers_who_leave_again_are_asked_about_though_they_looked() -> None:
    """Looking around explains who stays: a jump that leaks away remains a question."""
    history = jumped(looked_at((4.0, 2.0)), "maker03", 41, share=0.1, decay=1.9)
    assert "growth_decay" in signals_of(panel(follower_history=history), "maker03")


def test_views_of_the_profile_are_read_where_the_totals_have_them() -> None:
    """The account's own daily totals show newcomers on its profile, though its posts have ordinary views."""
    history = jumped(ordinary().tables.follower_history, "maker03", 40, share=0.12)
    days = history[history.handle == "maker03"][["handle", "platform", "date"]]
    visits = np.random.default_rng(4).poisson(60, len(days)).astype(float)
    visits[40] += 1.5 * 0.12 * float(history.followers[days.index[0]])
    book = panel(follower_history=history, account_days=days.assign(profile_views=visits))
    assert "growth_jump" not in signals_of(book, "maker03")


def test_people_who_say_who_sent_them_explain_a_jump() -> None:
    """Three people who write “@… sent me here” explain it; one does not."""
    comments, history = (
        ordinary().tables.comments.copy(),
        jumped(ordinary().tables.follower_history, "maker03", 40, share=0.12),
    )
    mine = comments.index[(comments.handle == "maker03") & ~comments.by_creator.fillna(value=False)]
    comments.loc[mine[:3], "commented_at"] = pd.Timestamp("2026-01-12 10:00")
    comments.loc[mine[:1], "text"] = "@… sent me here, lovely coats"
    assert "growth_jump" in signals_of(panel(follower_history=history, comments=comments), "maker03")
    comments.loc[mine[1:3], "text"] = ["Komme von @… und bleibe", "je viens de chez @…"]
    assert "growth_jump" not in signals_of(panel(follower_history=history, comments=comments), "maker03")


def turkish(book: Book, share: float) -> pd.DataFrame:
    comments = book.tables.comments.copy()
    mine = comments.index[(comments.handle == "maker02") & ~comments.by_creator.fillna(value=False)]
    chosen = np.random.default_rng(1).choice(mine, int(share * len(mine)), replace=False)
    comments.loc[chosen, "text"] = "bu çok güzel ve ne için var"
    return comments


def test_languages_count_only_against_ones_own_audience() -> None:
    """Nine in ten comments in a language the audience page lacks is a signal; without the page it is none."""
    book = panel(comments=turkish(ordinary(), 0.9))
    assert "comment_language" in signals_of(book, "maker02")
    unknown = panel(comments=turkish(ordinary(), 0.9), audience=ordinary().tables.audience.iloc[:0])
    assert "comment_language" not in signals_of(unknown, "maker02")


def test_creators_own_language_is_its_audiences_too() -> None:
    """A creator who writes Turkish may be answered in Turkish, whatever the audience page names."""
    posts = ordinary().tables.posts.copy()
    posts.loc[posts.handle == "maker02", "caption"] = "bu çok güzel bir gün ve ne var"
    book = panel(comments=turkish(ordinary(), 0.9), posts=posts)
    assert "comment_language" not in signals_of(book, "maker02")


def test_every_signal_has_thresholds_source_date_and_innocent_causes() -> None:
    """A signal without a source, an explanation or a question to ask cannot be shown."""
    checks = {check["id"] for check in pack("signals")["checks"]}
    for name, kind in pack("signals")["signals"].items():
        assert kind["check"] in checks, name
        assert all(row["means"] for row in kind["thresholds"].values())
        assert all(kind[key] for key in ("name", "source", "date", "explains", "ask"))


SEEN = {
    "bought_followers": {"growth_jump"},
    "pod": {"same_commenters"},
    "comment_spam": {"spam_comments", "generic_comments", "repeated_comments"},
}


@cache
def sample(client: str) -> pd.DataFrame:
    """What was planted among a sample client's accounts, with the signals found."""
    planted = pd.read_csv(SAMPLE_DATA / client / "truth" / "planted.csv")
    found = found_signals(open_book(client, stage="plan"))
    by_handle = found.assign(handle=found.account.str.split("/").str[1]).groupby("handle").signal.agg(set)
    planted["found"] = [by_handle.get(handle, set()) for handle in planted.handle]
    return planted


@pytest.mark.parametrize("client", SAMPLES[:4])
def test_what_was_planted_in_the_samples_is_found(client: str) -> None:
    """Of medium and strong additions, groups and advertising at least four in five are seen before launch."""
    planted = sample(client)
    due = planted[planted.kind.isin(SEEN) & planted.strength.isin(["medium", "strong"])]
    seen = [bool(row.found & SEEN[row.kind]) for row in due.itertuples()]
    assert np.mean(seen) >= 0.8


@pytest.mark.parametrize("client", SAMPLES[:4])
def test_innocents_of_the_samples_are_not_accused(client: str) -> None:
    """Posts that took off, giveaways, lively circles and creators of other languages show no signal."""
    planted = sample(client)
    innocent = planted[(planted.innocent == True) & (planted.kind != "claim")]  # noqa: E712 - a claim is of a post
    assert len(innocent)
    assert not [row.handle for row in innocent.itertuples() if row.found]
