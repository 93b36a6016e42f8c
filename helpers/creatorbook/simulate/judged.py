"""What people wrote down about creators: two reviewers' decisions and review sheet, comments counted, the rights agreed.

Both reviewers decide on every account. The second one speaks two days later and knows who takes part; the first one
sees it otherwise for a part of the accounts. A mark is the account's own standing, seen with an error by each.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from creatorbook.simulate.people import phrases
from creatorbook.simulate.settings import Settings
from creatorbook.simulate.world import World

#: How often the first reviewer sees it otherwise, and how often a decision has a note.
OTHERWISE, NOTED = 0.15, 0.2

#: How many days before the second the first reviewer decides, and how many before the start sheets are filled in.
DECIDES_BEFORE, REVIEWED_BEFORE = timedelta(days=2), timedelta(days=14)

#: How many comments of an account are counted on the feedback sheet, and from how many on it is worth the time.
COUNTED, WORTH_COUNTING = 20, 10

#: What comments are about, and the column of the feedback sheet in which they are counted.
SHEET_COLUMNS = {
    "praise": "praise",
    "size": "size questions",
    "price": "price questions",
    "where_to_buy": "where to buy",
    "complaint": "complaints",
    "other": "other",
}

#: Spread of an account's standing and of one look at it.
STANDING, LOOK = 0.9, 0.5

SCALES = ("style", "values", "authenticity")

WORDS = {"chosen": "Shortlist", "passed_over": "Not this time", "unsure": "Ask for more"}


def decided(
    handles: pd.Series, views: np.ndarray, reason: object, note: object, day: date, by: str
) -> pd.DataFrame:
    """One person's decision on each account of one day.

    Args:
        views: a key of `WORDS` for each account.
    """
    decision = [WORDS[view] for view in views]
    return pd.DataFrame(
        {"date": str(day), "handle": handles, "decision": decision, "reason": reason, "note": note, "by": by}
    )


def reviewed(
    handles: pd.Series, last: np.ndarray, reviewers: tuple[str, str], day: date, settings: Settings
) -> list[pd.DataFrame]:
    """Both reviewers' decisions for one campaign, the first one's first.

    Args:
        last: how the second reviewer, who knows who takes part, sees each account: a key of `WORDS`.
        day: when the second one decides.
    """
    random = settings.random(f"reviewers of {settings.campaign}")
    otherwise = np.where(last == "chosen", "unsure", "chosen")
    views = [np.where(random.random(len(last)) < OTHERWISE, otherwise, last), last]
    days = [day - DECIDES_BEFORE, day]
    parts = []
    for view, who, when in zip(views, reviewers, days, strict=True):
        texts = phrases("judged")
        reason = [str(random.choice(texts[one])) for one in view]
        noted = random.random(len(view)) < NOTED
        note = [
            str(random.choice(texts["notes"][one])) if with_note else ""
            for one, with_note in zip(view, noted, strict=True)
        ]
        parts.append(decided(handles, view, reason, note, when, who))
    return parts


def reviews(world: World) -> pd.DataFrame:
    """The review sheet: what both reviewers saw in each main account before the last campaign, 1 to 5."""
    settings = world.settings
    random = settings.random("reviews")
    seen = world.people[world.people["main"]].sort_values(["creator", "handle"], kind="stable")
    standing = random.normal(3.6, STANDING, (len(seen), len(SCALES)))
    words, parts = phrases("judged")["own_words"], []
    for who in settings.reviewers or (settings.brand,):
        marks = np.round(standing + random.normal(0, LOOK, standing.shape)).clip(1, 5).astype(int)
        speaks = random.random(len(seen)) < 0.5
        part = pd.DataFrame(marks, columns=list(SCALES))
        part.insert(0, "handle", seen["handle"].to_numpy())
        part.insert(1, "reviewer", who)
        part.insert(2, "reviewed_on", str(settings.start - REVIEWED_BEFORE))
        own = [words[mark - 1] if one else None for mark, one in zip(marks[:, 0], speaks, strict=True)]
        parts.append(part.assign(own_words=own))
    return pd.concat(parts).sort_values(["handle", "reviewed_on"], kind="stable", ignore_index=True)


def feedback_sheet(world: World) -> pd.DataFrame:
    """The feedback sheet: comments of the last campaign's creators, counted before it and under its own posts.

    The second reviewer takes the first `COUNTED` comments on file of each account, where there are `WORTH_COUNTING`, and
    puts each into one column.
    """
    settings = world.settings
    before, after = settings.start - REVIEWED_BEFORE, settings.last_day
    last = world.posts[world.posts["of"] == settings.campaign]
    comments = world.comments[~world.comments["by_creator"] & world.comments["account"].isin(last["account"])]
    comments = comments.assign(
        campaign=np.where(comments["post_id"].isin(last["post_id"]), settings.campaign, ""),
        about=[
            _about(kind, text) for kind, text in zip(comments["true_kind"], comments["text"], strict=True)
        ],
    )
    comments = comments[(comments["campaign"] != "") | (comments["commented_at"] < pd.Timestamp(before))]
    comments = comments.sort_values(["account", "commented_at"], kind="stable")
    counted = comments.groupby(["account", "campaign"]).head(COUNTED)
    counts = counted.groupby(["account", "campaign"])["about"].value_counts().unstack(fill_value=0)
    counts = counts.reindex(columns=list(SHEET_COLUMNS), fill_value=0)
    counts = counts[counts.sum(axis=1) >= WORTH_COUNTING]
    accounts = world.people.iloc[counts.index.get_level_values("account")]
    campaign = counts.index.get_level_values("campaign")
    return pd.DataFrame(
        {
            "handle": accounts["handle"].to_numpy(),
            "platform": accounts["platform"].to_numpy(),
            "campaign": campaign,
            "counted on": [str(after if name else before) for name in campaign],
            "comments counted": counts.sum(axis=1).to_numpy(),
            **{name: of_kind.to_numpy() for name, of_kind in counts.rename(columns=SHEET_COLUMNS).items()},
            "counted by": (settings.reviewers or (settings.brand,))[-1],
        }
    )


def _about(kind: str, text: str) -> str:
    """What a comment is about, as a person reads it: by its words where it has any, else by its kind."""
    if kind in {"spam", "bot_like", "tag", "foreign"}:
        return "other"
    words = text.lower()
    signs_by_kind = phrases("judged")["feedback"].items()
    return next((about for about, signs in signs_by_kind if any(sign in words for sign in signs)), "praise")


def rights_sheet(world: World) -> pd.DataFrame:
    """The contract and rights sheet of the last campaign: those with a fee, each for half a year, some for ads too.

    Two of them have no last day yet.
    """
    settings = world.settings
    random = settings.random("rights")
    people = world.campaigns[-1].people
    signed = people[people["main"] & people["posts_in_campaign"] & (people["benefit"] == "fee")]
    signed = signed.sort_values(["creator", "handle"], kind="stable")
    n = len(signed)
    in_ads, alone = random.random(n) < 0.4, random.random(n) < 0.25
    last = pd.Series(str(settings.start + timedelta(days=182)), index=range(n))
    last[random.choice(n, min(2, n), replace=False)] = None
    return pd.DataFrame(
        {
            "handle": signed["handle"].to_numpy(),
            "platform": signed["platform"].to_numpy(),
            "signed_on": [
                str(settings.start - timedelta(days=int(days))) for days in random.integers(4, 9, n)
            ],
            "channels": np.where(in_ads, "own accounts, website and ads", "own accounts and website"),
            "territory": ", ".join(settings.markets),
            "starts_on": str(settings.start),
            "ends_on": last.to_numpy(),
            "paid_use": np.where(in_ads, "yes", "no"),
            "paid_use_until": np.where(in_ads, str(settings.start + timedelta(days=60)), ""),
            "exclusive_until": np.where(alone, str(settings.end + timedelta(days=30)), ""),
        }
    )
