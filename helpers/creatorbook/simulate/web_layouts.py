"""Website analytics as Google Analytics 4 exports them: a comment block, a total, one row per day and source."""

from __future__ import annotations

import numpy as np
import pandas as pd

from creatorbook.simulate.mistypes import sessions_as_tagged
from creatorbook.simulate.people import header
from creatorbook.simulate.world import World

TRAFFIC_COLUMNS = header("ga4")

CAMPAIGN_NAMES = {"google / cpc": "brand-search", "newsletter / email": "weekly"}


def comment_block(world: World) -> str:
    """The lines above the table."""
    settings = world.settings
    rule = "# ----------------------------------------\n"
    return (
        f"{rule}# Traffic acquisition: Session source / medium\n# Account: {settings.brand}\n"
        f"# Property: {settings.brand} – GA4\n{rule}#\n# All Users\n"
        f"# Start date: {settings.first_day:%Y%m%d}\n# End date: {settings.last_day:%Y%m%d}\n"
    )


def traffic(world: World) -> pd.DataFrame:
    """The table below the comment block."""
    random = world.settings.random("analytics")
    platform = world.people["platform"].to_numpy()[world.posts["account"]]
    told_apart = sessions_as_tagged(world.sessions, world.posts, platform)
    frame = told_apart.sort_values(["day", "post", "source_medium"], kind="stable", ignore_index=True)
    tagged = frame["post"] >= 0
    campaigns, contents = world.posts["utm_campaign"].to_dict(), world.posts["utm_content"].to_dict()
    sessions = frame["sessions"].to_numpy()
    engaged = random.binomial(sessions, np.where(tagged, 0.48, 0.58))
    events = np.round(sessions * random.uniform(7, 12, len(frame)))
    source = [
        f"{platform[post]} / social" if post >= 0 else name
        for post, name in zip(frame["post"], frame["source_medium"], strict=True)
    ]
    table = pd.DataFrame(
        {
            "Date": (
                pd.Timestamp(world.settings.first_day) + pd.to_timedelta(frame["day"], unit="D")
            ).dt.strftime("%Y%m%d"),
            "Session source / medium": source,
            "Session campaign": [
                campaigns[post] if post >= 0 else CAMPAIGN_NAMES.get(name, "(not set)")
                for post, name in zip(frame["post"], source, strict=True)
            ],
            "Session manual ad content": [contents.get(post) or "(not set)" for post in frame["post"]],
            "Sessions": sessions.astype(str),
            "Engaged sessions": engaged.astype(str),
            "Engagement rate": [f"{share:.4f}" for share in engaged / sessions],
            "Average engagement time per session": [f"{t:.2f}" for t in random.gamma(4, 11, len(frame))],
            "Events per session": [f"{share:.3f}" for share in events / sessions],
            "Event count": [f"{count:.0f}" for count in events],
            "Key events": frame["key_events"].astype(int).astype(str),
            "Total revenue": [f"{value:.2f}" for value in frame["revenue"]],
        }
    )
    return pd.concat([_total(table, frame), table], ignore_index=True)[TRAFFIC_COLUMNS]


def _total(table: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    total = dict.fromkeys(TRAFFIC_COLUMNS, "")
    total["Date"] = "Grand total"
    total["Sessions"] = f"{frame['sessions'].sum():.0f}"
    total["Engaged sessions"] = f"{table['Engaged sessions'].astype(int).sum()}"
    total["Event count"] = f"{table['Event count'].astype(int).sum()}"
    total["Key events"] = f"{frame['key_events'].sum():.0f}"
    total["Total revenue"] = f"{frame['revenue'].sum():.2f}"
    return pd.DataFrame([total])
