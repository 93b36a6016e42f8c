"""The tagged links of campaign posts, as they should be."""

from __future__ import annotations

import pandas as pd

from creatorbook.simulate.people import plain
from creatorbook.simulate.settings import Settings


def utm_campaign(settings: Settings) -> str:
    """`<client>-<season>-<yyyymm>`."""
    return f"{plain(settings.brand)}-{plain(settings.campaign)}-{settings.start:%Y%m}"


def utm_contents(posts: pd.DataFrame, people: pd.DataFrame) -> pd.Series:
    """`<handle-slug>_<format>_<n>` of each campaign post, by the post's row; empty for all others."""
    own = posts[posts["campaign"]]
    number = own.groupby("account").cumcount() + 1
    slugs = [plain(handle) for handle in people["handle"]]
    contents = [
        f"{slugs[account]}_{kind}_{n}"
        for account, kind, n in zip(own["account"], own["format"], number, strict=True)
    ]
    return pd.Series(contents, index=own.index, dtype=object).reindex(posts.index, fill_value="")
