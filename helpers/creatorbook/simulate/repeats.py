"""The same creators campaign after campaign, without files, posts or shop: what lessons about repeats need, at once."""

from __future__ import annotations

import pandas as pd

from creatorbook.simulate import outcomes
from creatorbook.simulate.campaigns import OneCampaign, draw_abilities, expected_in, results_in, settings_of
from creatorbook.simulate.people import draw_people
from creatorbook.simulate.settings import Settings


def repeated_results(settings: Settings) -> pd.DataFrame:
    """One row per person: who they are, and their orders in each campaign of the settings, everybody taking part.

    Columns: creator, handle, followers, true_rate, fee, gift_cost, planted, for each campaign that ran
    `<campaign>_expected` (the true mean) and `<campaign>_orders` (what chance made of it), and for the upcoming one
    `<campaign>_expected`.
    """
    people = draw_people(settings)
    results = outcomes.draw_results(people, settings)
    abilities = draw_abilities(results, settings)
    ran = {settings.campaign: results}
    ran |= {
        one.campaign: results_in(results, people, abilities, settings_of(one, settings))
        for one in settings.earlier
    }
    main = people.loc[results["account"]].reset_index(drop=True)
    frame = main[["creator", "handle", "followers", "true_rate", "fee", "gift_cost"]].assign(
        planted=results["planted"].to_numpy()
    )
    for name, of_campaign in ran.items():
        frame[f"{name}_expected"] = of_campaign["expected_orders"].to_numpy()
        frame[f"{name}_orders"] = of_campaign["drawn_orders"].to_numpy()
    if settings.upcoming:
        last = OneCampaign(settings, people, pd.DataFrame(), results)
        following = expected_in(settings.upcoming, last, abilities).set_index("person")["expected_orders"]
        frame[f"{settings.upcoming.campaign}_expected"] = following.reindex(results["person"]).to_numpy(
            dtype=float
        )
    return frame
