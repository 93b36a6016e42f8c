"""Several campaigns of one client with the same creators: who is able, what lasts of it, and what luck made of it.

The settings tell of the last campaign that ran; `earlier` ones come before it, an `upcoming` one after it.

A creator's ability is the logarithm of how many times the orders that their size and engagement make usual they
are worth to this brand. In each campaign it is

    ability = order_spread × (√persistence × lasting + √(1 − persistence) × fresh)

with standard normal `lasting`, the same in every campaign, and `fresh`, new in each. Abilities in two campaigns thus
correlate at `persistence`. Orders are Poisson around what is expected: luck never lasts. The last campaign's abilities
are those of `outcomes`, whatever else ran; the lasting part is drawn to fit them. A quiet winner's quality is part of
their ability in the last campaign. How orders show themselves, how many are extra and how many come back belongs to the
person and is the same in all campaigns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from creatorbook.simulate import captions, held_back, mistakes, mistypes, outcomes, posts
from creatorbook.simulate.people import plain
from creatorbook.simulate.settings import EarlierCampaign, HeldBack, Mistyped, OtherCampaign, Settings


@dataclass(frozen=True)
class OneCampaign:
    """One campaign among the client's.

    Attributes:
        settings: as if it were the client's only one, over the same days of exports.
        people: as the world has them, with this campaign's codes and with who posted in it.
        posts: those made for it; of the last campaign the everyday ones, too.
        results: one row per person who takes part, as `outcomes.draw_results` has them.
    """

    settings: Settings
    people: pd.DataFrame
    posts: pd.DataFrame
    results: pd.DataFrame

    @property
    def name(self) -> str:
        """The name of its file."""
        return self.settings.campaign

    @property
    def takes_part(self) -> pd.Series:
        """Which accounts belong to those who take part."""
        return self.people["person"].isin(self.results["person"])


class OwnStreams(Settings):
    """Settings of a campaign that is not the last one: its chances are not the last one's."""

    def random(self, part: str) -> np.random.Generator:
        """A stream of its own for each part and campaign."""
        return super().random(f"{part} of {self.campaign}")


def settings_of(campaign: OtherCampaign, settings: Settings) -> Settings:
    """A campaign's settings: the client's, with its own days, budget, goal and text, and nothing planted."""
    own = {
        "campaign": campaign.campaign,
        "start": campaign.start,
        "campaign_days": campaign.days,
        "days_before": (campaign.start - settings.first_day).days,
        "days_after": (settings.last_day - campaign.start).days + 1,
        "budget": settings.budget if campaign.budget is None else campaign.budget,
        "goal": campaign.goal or settings.goal,
        "campaign_text": campaign.text,
        "earlier": [],
        "upcoming": None,
        "planted": [],
        "held_back": HeldBack(),
        "mistyped": Mistyped(),
    }
    return OwnStreams.model_construct(**{**dict(settings), **own})


def draw_abilities(results: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """One row per person, in the order of `results`: the `lasting` part of their ability, and it whole by campaign."""
    spread, share = settings.order_spread, settings.persistence
    n = len(results)
    chance = settings.random("lasting abilities").normal(0, 1, n)
    last = results["ability"].to_numpy() / (spread or 1)
    lasting = np.sqrt(share) * last + np.sqrt(1 - share) * chance
    abilities = {"person": results["person"].to_numpy(), "lasting": spread * np.sqrt(share) * lasting}
    for campaign in [*settings.earlier, *([settings.upcoming] if settings.upcoming else [])]:
        fresh = settings_of(campaign, settings).random("fresh abilities").normal(0, 1, n)
        abilities[campaign.campaign] = spread * (np.sqrt(share) * lasting + np.sqrt(1 - share) * fresh)
    return pd.DataFrame({**abilities, settings.campaign: results["ability"].to_numpy()})


def draw_earlier(
    last: OneCampaign, abilities: pd.DataFrame, followers: np.ndarray
) -> tuple[OneCampaign, ...]:
    """The campaigns before the last one, the first one first; their posts' rows are not yet numbered for the world.

    Args:
        abilities: see `draw_abilities`.
        followers: people who really follow, account × day.
    """
    codes = _codes(last.people, last.settings)
    return tuple(
        _draw_one(campaign, last, codes[campaign.campaign], abilities, followers)
        for campaign in last.settings.earlier
    )


def _draw_one(
    campaign: EarlierCampaign,
    last: OneCampaign,
    codes: pd.Series,
    abilities: pd.DataFrame,
    followers: np.ndarray,
) -> OneCampaign:
    own = settings_of(campaign, last.settings)
    random = own.random("takes part")
    people, persons = last.people.assign(code=codes), last.results["person"].to_numpy()
    wanted = max(1, round(len(persons) * campaign.share_of_creators))
    chosen = np.sort(random.choice(persons, wanted, replace=False))
    quiet = (people["benefit"] == "gift") & (random.random(len(people)) < own.never_posted)
    posting = people["person"].isin(chosen) & ~people["person"].isin(people["person"][quiet])
    people = people.assign(posts_in_campaign=posting)
    results = results_in(last.results[np.isin(persons, chosen)], people, abilities, own)
    made = posts.draw_campaign_posts(people, own).assign(special="")
    made = posts.add_figures(made, people, followers, own)
    return OneCampaign(own, people, with_words(made, people, own), results)


def with_words(made: pd.DataFrame, people: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Posts with what they show, claim, link to and say."""
    made = held_back.show_styles(made, people, settings)
    made = mistakes.add_claims(made, people, settings)
    made = mistypes.typed_links(made, people, settings)
    return captions.add_captions(made, people, settings)


def results_in(
    last: pd.DataFrame, people: pd.DataFrame, abilities: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """Results of those who take part: ability and orders are this campaign's, the rest is as in the last one."""
    ability = abilities.set_index("person")[settings.campaign].reindex(last["person"]).to_numpy()
    expected = outcomes.expected_orders(people.loc[last["account"]], ability, settings)
    expected = expected * last["fit_factor"].to_numpy()
    drawn = settings.random("results").poisson(expected)
    return last.assign(
        ability=ability, expected_orders=expected, drawn_orders=drawn, planted="", leak_orders=0
    )


def usual_orders(campaign: OneCampaign) -> np.ndarray:
    """Orders that size and engagement alone would bring those who take part, in the order of its results."""
    main = campaign.people.loc[campaign.results["account"]]
    return outcomes.expected_orders(main, np.zeros(len(main)), campaign.settings)


def expected_in(upcoming: OtherCampaign, last: OneCampaign, abilities: pd.DataFrame) -> pd.DataFrame:
    """What everybody on the list would bring in a planned campaign: `person`, `expected_orders`, `usual_orders`.

    Args:
        last: the campaign before it, whose audiences are still the same.
    """
    people, settings = last.people, last.settings
    main = people[people["main"]].sort_values("person", kind="stable").assign(posts_in_campaign=True)
    ability = abilities.set_index("person")[upcoming.campaign].reindex(main["person"]).to_numpy()
    by_fit = last.results.set_index("person")["fit_factor"].reindex(main["person"]).to_numpy()
    return pd.DataFrame(
        {
            "person": main["person"].to_numpy(),
            "expected_orders": outcomes.expected_orders(main, ability, settings) * by_fit,
            "usual_orders": outcomes.expected_orders(main, 0 * ability, settings),
        }
    )


def _codes(people: pd.DataFrame, settings: Settings) -> dict[str, pd.Series]:
    """Codes by campaign: the last one's with the campaign's first word in front, or its whole name where that is taken."""
    codes, taken = {}, {""}
    for campaign in settings.earlier:
        word = plain(campaign.campaign.replace("_", "-").split("-")[0])
        word = plain(campaign.campaign) if word in taken else word
        taken.add(word)
        codes[campaign.campaign] = people["code"] if settings.codes_recur else word.upper() + people["code"]
    return codes
