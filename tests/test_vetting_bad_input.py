"""What people's files are really like: every odd account is shown as what it is, none dropped without a line."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from creatorbook import vetting
from creatorbook.book import Book
from creatorbook.findings import written
from creatorbook.findings.formats import Formats
from creatorbook.vetting.accounts import listed_accounts
from creatorbook.vetting.checks_done import checks_done, not_checked
from creatorbook.vetting.found_signals import found_signals
from creatorbook.vetting.languages import guess_languages
from panels import panel

STEPS = [vetting.overview, vetting.engagement, vetting.conversation, vetting.signals, vetting.cards]

#: an ordinary sentence in fifteen languages
FIFTEEN = {
    "en": "where did you find this and how is it in the rain",
    "de": "wo hast du das gefunden und wie ist es im Regen",
    "fr": "où est ce que tu as trouvé cette veste pour la pluie",
    "es": "dónde está la tienda y cómo te queda con la falda",
    "it": "dove hai preso questo e come ti sta con la gonna",
    "nl": "waar heb je dit gevonden en hoe is het in de regen",
    "pt": "onde você achou uma dessas e como está na chuva",
    "pl": "gdzie to jest i jak się nosi na deszcz",
    "tr": "bu ne kadar ve nerede var bir de siyahı var mı",
    "ru": "где это можно купить и как сидит под дождём",
    "ar": "من أين اشتريت هذا وكيف هو في المطر",
    "el": "πού το βρήκες και πώς είναι στη βροχή",
    "ja": "これはどこで買いましたか、雨でも大丈夫ですか",
    "ko": "이거 어디서 샀어요 비 올 때도 괜찮아요",
    "hi": "यह कहाँ से लिया और बारिश में कैसा है",
}


@cache
def ordinary() -> Book:
    return panel()


def creators(**change: object) -> pd.DataFrame:
    """The panel's list with one more account, `odd`, and these cells."""
    odd = {"creator": "Odd", "handle": "odd", "platform": "instagram", "followers": 9000.0, **change}
    return pd.concat([ordinary().tables.creators, pd.DataFrame([odd])], ignore_index=True)


def every_step(book: Book) -> None:
    """All steps answer; nothing is raised."""
    for step in STEPS:
        found = step(book)
        assert found.items or found.html


@pytest.mark.parametrize(
    "change",
    [
        {"followers": np.nan, "status": "private"},
        {"followers": np.nan, "status": "deleted"},
        {"followers": 0.0},
    ],
    ids=["private", "deleted", "zero followers"],
)
def test_an_account_nothing_is_known_of_keeps_its_line(change: dict[str, object]) -> None:
    """A private or deleted account and one without followers are listed, unchecked, and raise no signal."""
    book = panel(creators=creators(**change))
    every_step(book)
    assert "instagram/odd" in listed_accounts(book).index
    assert len(not_checked(book, "instagram/odd")) == checks_done(book).shape[1]
    assert "instagram/odd" not in set(found_signals(book).account)
    assert any(
        "odd" in str(cell) for cell in vetting.overview(book).tables["vetting.list"].frame.to_numpy().ravel()
    )


def test_zero_followers_with_posts_have_no_rate_and_no_signal() -> None:
    """Nothing is divided by zero: the rate is missing, not infinite."""
    changed = ordinary().tables.creators.copy()
    changed.loc[changed.handle == "maker04", "followers"] = 0.0
    history = ordinary().tables.follower_history.copy()
    history.loc[history.handle == "maker04", "followers"] = 0.0
    book = panel(creators=changed, follower_history=history)
    every_step(book)
    assert "instagram/maker04" not in set(found_signals(book).account)


def test_one_post_is_too_little_for_signals() -> None:
    """An account with a single post and its comments is listed; no share of them accuses it."""
    posts, comments = ordinary().tables.posts, ordinary().tables.comments
    kept = posts[(posts.handle != "maker05") | (posts.post_id == "maker05-0")]
    said = comments[comments.post_id.isin(kept.post_id)].copy()
    said.loc[said.handle == "maker05", "text"] = "follow me back, link in my bio"
    book = panel(posts=kept, comments=said)
    every_step(book)
    assert "instagram/maker05" not in set(found_signals(book).account)
    assert "instagram/maker05" in listed_accounts(book).index


def test_without_comments_their_checks_are_told_as_not_done() -> None:
    """No comments is not no signal: the card names the checks and the file that would do them."""
    book = panel(comments=ordinary().tables.comments.iloc[:0])
    every_step(book)
    missing = {check["id"] for check in not_checked(book, "instagram/maker01")}
    assert {"comment_texts", "same_commenters", "specific"} <= missing
    counted = vetting.signals(book).tables["vetting.looked_for"].frame.set_index("signal")
    assert counted.loc["Advertising stands among the comments", "done"] == 0
    assert np.isnan(counted.loc["Advertising stands among the comments", "stand_out"])


def test_gaps_in_a_follower_history_are_no_jumps() -> None:
    """Three weeks without counts, and single days lost everywhere, raise nothing."""
    history = ordinary().tables.follower_history
    random = np.random.default_rng(6)
    lost = (random.random(len(history)) < 0.15) | history.date.between("2026-01-10", "2026-01-30")
    found = found_signals(panel(follower_history=history[~lost]))
    assert not found.signal.str.startswith("growth").any()


def test_a_history_that_is_too_short_is_told_as_not_looked_at() -> None:
    """Ten days of followers are not enough: the check says so instead of saying that nothing stands out."""
    history = ordinary().tables.follower_history
    book = panel(follower_history=history[history.date >= history.date.max() - pd.Timedelta(days=9)])
    assert not checks_done(book).growth.any()


def test_ten_creators_with_one_name_stay_ten() -> None:
    """People may share a name; accounts do not: each has its own line and its own signals."""
    changed = ordinary().tables.creators.assign(creator="Alex Example")
    book = panel(creators=changed)
    every_step(book)
    assert len(listed_accounts(book)) == len(changed)
    assert listed_accounts(book).called.is_unique


def test_fifteen_languages_under_one_post_accuse_nobody() -> None:
    """Where the audience page is missing, languages count against nobody; no comment is lost on the way."""
    comments = ordinary().tables.comments.copy()
    mine = comments.index[(comments.handle == "maker06") & ~comments.by_creator.fillna(value=False)]
    comments.loc[mine, "text"] = [list(FIFTEEN.values())[n % 15] + f" {n}" for n in range(len(mine))]
    audience = ordinary().tables.audience
    book = panel(comments=comments, audience=audience[audience.handle != "maker06"])
    every_step(book)
    assert "instagram/maker06" not in set(found_signals(book).account)


def test_fifteen_languages_are_told_apart() -> None:
    """Each sentence is taken for its own language or left unknown, never for another."""
    guess = guess_languages(pd.Series(FIFTEEN, dtype="str"))
    wrong = {language: guessed for language, guessed in guess.dropna().items() if guessed != language}
    assert not wrong
    assert guess.notna().sum() >= 13


# --- innocent causes come first


def test_comments_that_only_name_friends_are_a_giveaway_in_any_language() -> None:
    """A jump beside a post whose comments only name friends is explained, though no caption says giveaway."""
    from panels import jumped

    posts, comments = ordinary().tables.posts.copy(), ordinary().tables.comments.copy()
    mine = posts.index[posts.handle == "maker03"]
    nearest = (posts.published_at[mine] - pd.Timestamp("2026-01-11")).abs().idxmin()
    posts.loc[nearest, "published_at"] = pd.Timestamp("2026-01-09")
    under = comments.index[
        (comments.post_id == posts.post_id[nearest]) & ~comments.by_creator.fillna(value=False)
    ]
    comments.loc[under, "text"] = [f"@friend{n} @other{n}" for n in range(len(under))]
    history = jumped(ordinary().tables.follower_history, "maker03", 40, share=0.12)
    book = panel(follower_history=history, posts=posts, comments=comments)
    assert "growth_jump" not in set(found_signals(book).signal)


def test_many_followed_and_dropped_again_is_a_signal_and_tidying_up_is_none() -> None:
    """400 of 700 followed and dropped within two weeks stand out; a slow fall does not."""
    history = ordinary().tables.follower_history
    days = history.groupby("handle").cumcount()
    history = history.assign(following=700.0 + days % 3)
    wave = history.copy()
    rise = np.interp(days, [40, 45, 47, 55], [0, 400, 400, 0])
    wave.loc[wave.handle == "maker07", "following"] += rise[wave.handle == "maker07"]
    wave.loc[wave.handle == "maker08", "following"] -= (days * 4)[wave.handle == "maker08"]
    found = found_signals(panel(follower_history=wave))
    swings = found[found.signal == "follow_swings"]
    assert swings.account.tolist() == ["instagram/maker07"]
    assert "402 accounts (57" in written(swings.saw.iloc[0], Formats())


def visited(early: dict[str, list[str]], others: dict[str, list[str]], seed: int = 3) -> pd.DataFrame:
    """The panel's comments, where under posts of these accounts `early` come in the first minutes, `others` later."""
    random = np.random.default_rng(seed)
    comments, posts = ordinary().tables.comments, ordinary().tables.posts
    kept = comments[~comments.handle.isin(early)]
    rows = []
    for post in posts[posts.handle.isin(early)].itertuples():
        first, rest = early[post.handle], random.permutation(others[post.handle])[:10]
        minutes = [*random.uniform(1, 10, len(first)), *random.uniform(12, 300, len(rest))]
        rows += [
            {
                "post_id": post.post_id,
                "handle": post.handle,
                "platform": post.platform,
                "commenter": who,
                "commented_at": post.published_at + pd.Timedelta(minutes=float(minute)),
                "text": f"the {who} way to wear the hem of post {post.post_id}",
                "by_creator": False,
            }
            for who, minute in zip([*first, *rest], minutes, strict=True)
        ]
    return pd.concat([kept, pd.DataFrame(rows)], ignore_index=True)


def test_a_group_that_comes_first_under_two_accounts_is_a_signal() -> None:
    """Six people, first under every post of two accounts, before those accounts' own regulars."""
    group = [f"g{n}" for n in range(6)]
    others = {handle: [f"{handle}-fan{n}" for n in range(25)] for handle in ("maker01", "maker02")}
    found = found_signals(panel(comments=visited({"maker01": group, "maker02": group}, others)))
    assert set(found.account[found.signal == "same_commenters"]) == {"instagram/maker01", "instagram/maker02"}


def test_friends_of_two_lively_circles_are_no_signal() -> None:
    """Two small circles with notifications on share six friends: they are as quick as the rest of their circle."""
    friends = [f"friend{n}" for n in range(6)]
    circles = {handle: [*friends, *(f"{handle}-{n}" for n in range(8))] for handle in ("maker01", "maker02")}
    outsiders = {handle: [f"{handle}-outside{n}" for n in range(300)] for handle in circles}
    found = found_signals(panel(comments=visited(circles, outsiders)))
    assert "same_commenters" not in set(found.signal)


def mutually(comments: pd.DataFrame, one: str, other: str) -> pd.DataFrame:
    """Comments in which two creators answer under their own posts and comment under each other's, late."""
    posts = ordinary().tables.posts
    rows = [
        {
            **comments.iloc[0],
            "post_id": post.post_id,
            "handle": post.handle,
            "commenter": who,
            "by_creator": own,
        }
        | {"commented_at": post.published_at + pd.Timedelta(minutes=250), "text": f"yes, {post.post_id}"}
        for post in posts[posts.handle.isin([one, other])].itertuples()
        for who, own in ((post.handle, True), (other if post.handle == one else one, False))
    ]
    return pd.concat([comments, pd.DataFrame(rows)], ignore_index=True)


def test_half_of_all_comments_by_people_of_two_who_visit_each_other_is_a_signal() -> None:
    """Twelve people write most comments under two accounts, no faster than others; it counts as the creators visit."""
    group = [f"g{n}" for n in range(14)]
    nobody: dict[str, list[str]] = {"maker01": [], "maker02": []}
    others = {handle: [*group[:9], *(f"{handle}-{n}" for n in range(2))] for handle in nobody}
    comments = visited(nobody, others)
    assert "same_commenters" not in set(found_signals(panel(comments=comments)).signal)
    found = found_signals(panel(comments=mutually(comments, "maker01", "maker02")))
    saw = found.saw[found.signal == "same_commenters"].iloc[0]
    assert "comment under each other's posts" in written(saw, Formats())


def test_friends_of_two_friends_are_no_signal() -> None:
    """Two creators are friends, visit each other and share six friends in their circles: seldom a signal."""
    accused = 0
    for seed in range(8):
        friends = [f"friend{n}" for n in range(6)]
        circles = {
            handle: [*friends, *(f"{handle}-{n}" for n in range(10))] for handle in ("maker01", "maker02")
        }
        outsiders = {handle: [f"{handle}-outside{n}" for n in range(300)] for handle in circles}
        comments = mutually(visited(circles, outsiders, seed), "maker01", "maker02")
        accused += "same_commenters" in set(found_signals(panel(comments=comments)).signal)
    assert accused <= 3
