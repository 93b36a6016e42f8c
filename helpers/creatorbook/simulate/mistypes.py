"""Mistyped tags and codes: in the links of posts, in captions, and in the code column of orders.

The model, by the shares in `settings.mistyped`, each an exact number of rows:

- `link_tags` of the campaign posts have a link that was set up wrongly once, so that all its sessions and noted
  orders carry the wrong tag: the campaign misspelt or in capitals, the content misspelt or left out.
- `caption_codes` of the campaign posts spell the code wrongly: another sign that looks alike, two signs swapped, in
  small letters, with a space in it.
- `order_codes` of the orders with a creator's code have it in the file as somebody typed or pasted it: a sign that
  looks alike, small letters, a space behind, full-width signs, an invisible sign.

What people buy does not change: a mistype costs a trace, not an order.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from creatorbook.simulate.links import utm_campaign, utm_contents
from creatorbook.simulate.settings import Settings

LINK_KINDS = ("campaign_misspelt", "campaign_in_capitals", "content_misspelt", "content_missing")
CAPTION_KINDS = ("look_alike", "swapped", "lower_case", "space_inside")
ORDER_KINDS = ("look_alike", "lower_case", "space_behind", "full_width", "invisible")

LOOK_ALIKES = {"0": "O", "O": "0", "1": "I", "I": "1", "5": "S", "S": "5", "8": "B", "B": "8"}

#: A zero-width space: comes with text copied from a chat or a web page.
INVISIBLE = "\u200b"


def typed_links(posts: pd.DataFrame, people: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Posts with the tags of their link and the code in their caption as written, and what is wrong with them."""
    random = settings.random("mistyped posts")
    posts = posts.assign(
        utm_campaign=np.where(posts["campaign"], utm_campaign(settings), ""),
        utm_content=utm_contents(posts, people),
        written_code=people["code"].to_numpy()[posts["account"]],
        link_mistake="",
        code_mistake="",
    )
    campaign = posts.index[posts["campaign"]].to_numpy()
    for post, kind in _chosen(campaign, settings.mistyped.link_tags, LINK_KINDS, random):
        column = mistyped_column(kind)
        posts.loc[post, [column, "link_mistake"]] = [mistype(posts.at[post, column], kind, random), kind]
    for post, kind in _chosen(campaign, settings.mistyped.caption_codes, CAPTION_KINDS, random):
        wrong = mistype(posts.at[post, "written_code"], kind, random)
        posts.loc[post, ["written_code", "code_mistake"]] = [wrong, kind]
    return posts


def mistyped_column(kind: str) -> str:
    """Which tag of a link a kind of mistake is in."""
    return "utm_content" if kind.startswith("content") else "utm_campaign"


def type_codes(orders: pd.DataFrame, people: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Orders with the code as the file shows it, `written_code`, and what is wrong with it, `code_mistake`."""
    random = settings.random("mistyped orders")
    orders = orders.assign(written_code=orders["code"], code_mistake="")
    coded = orders.index[orders["code"].isin(set(people["code"])) & (orders["discount"] > 0)].to_numpy()
    for order, kind in _chosen(coded, settings.mistyped.order_codes, ORDER_KINDS, random):
        wrong = mistype(orders.at[order, "code"], kind, random)
        orders.loc[order, ["written_code", "code_mistake"]] = [wrong, kind]
    return orders


def _chosen(
    rows: np.ndarray, share: float, kinds: tuple[str, ...], random: np.random.Generator
) -> list[tuple[int, str]]:
    """As many rows as the share asks for, in their order, the kinds taking turns."""
    drawn = np.sort(random.choice(rows, round(share * len(rows)), replace=False))
    return [(int(row), kinds[place % len(kinds)]) for place, row in enumerate(drawn)]


def mistype(right: str, kind: str, random: np.random.Generator) -> str:
    """A tag or code with one mistake of a kind in it; never the same again."""
    if kind == "look_alike":
        places = [place for place, sign in enumerate(right) if sign in LOOK_ALIKES]
        if not places:
            return _swapped(right, random)
        place = int(random.choice(places))
        return f"{right[:place]}{LOOK_ALIKES[right[place]]}{right[place + 1 :]}"
    if kind in {"swapped", "campaign_misspelt", "content_misspelt"}:
        return _swapped(right, random)
    letters = len(right.rstrip("0123456789"))
    return {
        "lower_case": right.lower(),
        "campaign_in_capitals": right.upper(),
        "content_missing": "",
        "space_behind": f"{right} ",
        "space_inside": f"{right[:letters]} {right[letters:]}",
        "full_width": "".join(chr(ord(sign) + 0xFEE0) for sign in right),
        "invisible": f"{right[:letters]}{INVISIBLE}{right[letters:]}",
    }[kind]


def _swapped(right: str, random: np.random.Generator) -> str:
    """Two letters that differ, side by side, the other way round; a sign doubled where there are none."""
    places = [
        place
        for place, (one, other) in enumerate(pairwise(right))
        if one != other and one.isalpha() and other.isalpha()
    ]
    if not places:
        return right + right[-1:]
    place = int(random.choice(places))
    return right[:place] + right[place + 1] + right[place] + right[place + 2 :]


def sessions_as_tagged(sessions: pd.DataFrame, posts: pd.DataFrame, platform: np.ndarray) -> pd.DataFrame:
    """Website sessions as analytics can tell posts apart: those whose links say the same are one row a day.

    Args:
        platform: of each post, row by row.
    """
    tags = pd.Series(
        list(zip(platform, posts["utm_campaign"], posts["utm_content"], strict=True)), posts.index
    )
    tags = tags[posts["campaign"]]
    if not tags.duplicated().any():
        return sessions
    first = dict(zip(tags[::-1], tags.index[::-1], strict=True))
    post = sessions["post"].map(tags.map(first)).fillna(-1).astype(int)
    return (
        sessions.assign(post=post)
        .groupby(["day", "source_medium", "post"], sort=False)[["sessions", "key_events", "revenue"]]
        .sum()
        .reset_index()
    )
