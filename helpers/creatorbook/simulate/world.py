"""Everything that is true of a simulated client, before any of it is written to a file."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from creatorbook.simulate import growth, outcomes, people, posts, shop
from creatorbook.simulate.settings import Settings


@dataclass
class World:
    """The tables of a simulated client; hidden columns and tables are told in `truth/` only."""

    settings: Settings
    people: pd.DataFrame
    plants: pd.DataFrame
    results: pd.DataFrame
    posts: pd.DataFrame
    shop: shop.Shop
    real_followers: np.ndarray
    shown_followers: np.ndarray
    extra: dict[str, pd.DataFrame] = field(default_factory=dict)


def make_world(settings: Settings) -> World:
    """Draw a whole client, part by part, each from its own stream of chance."""
    who = people.draw_people(settings)
    plants = outcomes.assign_plants(who, settings)
    drawn = growth.mark_special_posts(posts.draw_posts(who, settings), plants, settings)
    real, shown, plants = growth.draw_followers(who, drawn, plants, settings)
    drawn = posts.add_figures(drawn, who, real, settings)
    results = outcomes.draw_results(who, settings)
    sold = shop.draw_shop(who, drawn, results, settings)
    return World(settings, who, plants, results, drawn, sold, real, shown)
