"""Audience fit: how much of each creator's audience the brand wants to reach, and what that does to orders.

The model: a person's fit is the share of their audience in the wanted countries times the share in the wanted
ages. With `fit_effect` b, expected orders are multiplied by exp(b × z), where z is the fit less its mean and over
its standard deviation among the people who post; the mean of all expected orders stays. Size and engagement count
beside it. The audience itself is what the audience forms show, whether a creator sent theirs or not.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from creatorbook.simulate.settings import Settings

AGES = ["18-24", "25-34", "35-44", "45+"]


def draw_audiences(people: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Everybody's audience: account, dimension, segment, share, and seen_on; no day where no form was sent."""
    random = settings.random("audience")
    seen = pd.Timestamp(settings.start) - pd.Timedelta(days=20)
    rows: list[list[object]] = []
    for account, country in enumerate(people["country"]):
        home, women = random.beta(9, 4), random.beta(14, 3)
        ages = random.dirichlet([1, 6, 9, 4, 2])
        others = [other for other in settings.markets if other != country]
        second = str(random.choice(others)) if others else ""
        values = [("country", country, home), ("gender", "female", women)]
        if second:
            values.append(("country", second, (1 - home) * random.uniform(0.2, 0.6)))
        values += [("age", age, share) for age, share in zip(AGES, ages[1:], strict=True)]
        day = None
        if random.random() >= 0.35:
            day = (seen + pd.Timedelta(days=int(random.integers(0, 9)))).strftime("%Y-%m-%d")
        rows += [[account, dimension, segment, share, day] for dimension, segment, share in values]
    return pd.DataFrame(rows, columns=["account", "dimension", "segment", "share", "seen_on"])


def audience_fit(people: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Per account: country_share, age_share and their product, the fit."""
    audiences = draw_audiences(people, settings)
    wanted = {"country": settings.fit_countries or list(settings.markets), "age": settings.fit_ages}
    shares = {
        f"{dimension}_share": audiences[
            (audiences["dimension"] == dimension) & audiences["segment"].isin(segments)
        ]
        .groupby("account")["share"]
        .sum()
        .reindex(people.index, fill_value=0.0)
        for dimension, segments in wanted.items()
    }
    frame = pd.DataFrame(shares, index=people.index)
    return frame.assign(fit=frame["country_share"] * frame["age_share"])


def fit_factors(
    main: pd.DataFrame, expected: np.ndarray, people: pd.DataFrame, settings: Settings
) -> np.ndarray:
    """What each person's expected orders are multiplied by; 1 throughout where fit has no effect.

    Args:
        main: the rows of `people` that `expected` belongs to, one per person.
        expected: orders by size and engagement; nobody who does not post has any.
    """
    active = expected > 0
    if not settings.fit_effect or not active.any():
        return np.ones(len(main))
    fit = audience_fit(people, settings)["fit"].to_numpy()[main.index]
    spread = fit[active].std()
    factor = (
        np.exp(settings.fit_effect * (fit - fit[active].mean()) / spread) if spread else np.ones(len(fit))
    )
    return factor * expected.sum() / (expected * factor).sum()
