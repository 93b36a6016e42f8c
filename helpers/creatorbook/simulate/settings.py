"""What a simulated client is like: every choice that is not left to the seed."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Any, Literal, Self
from zlib import crc32

import numpy as np
from pydantic import Field, ValidationInfo, field_validator, model_validator

from creatorbook.client.fields import Goal
from creatorbook.client.yaml_files import StrictModel

SizeEffect = Literal["falling", "flat", "inverted_u", "drawn"]
Strength = Literal["weak", "medium", "strong"]
ZeroToOne = Annotated[float, Field(ge=0, le=1)]
PlantKind = Literal[
    # signals
    "bought_followers",
    "pod",
    "comment_spam",
    "leaked_code",
    "label",
    "claim",
    "tracking_gap",
    # results that mislead
    "lucky_result",
    "quiet_winner",
    # innocent look-alikes
    "viral_post",
    "giveaway",
    "lively_community",
    "other_language",
]


class Mistyped(StrictModel):
    """Shares of tags and codes that are mistyped; see `mistypes`."""

    link_tags: ZeroToOne = 0
    """of campaign posts, whose link is tagged wrongly"""
    caption_codes: ZeroToOne = 0
    """of campaign posts, whose caption spells the code wrongly"""
    order_codes: ZeroToOne = 0
    """of orders with a creator's code, in the order file"""


#: What is wrong with a label, by planted shape: no label; “gifted” alone; at the end; the right word among hashtags,
#: behind “more”, or in another language; a word that does not say it.
LABEL_SHAPES = (
    "missing", "gifted_only", "at_end", "other_language", "among_hashtags", "after_more", "ambiguous",
)  # fmt: skip

CLAIM_SHAPES = ("green", "health", "price", "innocent")


class Plant(StrictModel):
    """One thing hidden in the exports, and told in `truth/`."""

    kind: PlantKind
    strength: Strength = "medium"
    shape: str = ""
    """bought followers: jump, drip, jump_then_decay; label: see `LABEL_SHAPES`; claim: see `CLAIM_SHAPES`"""
    creators: int = 1
    """how many creators take part (a pod has several)"""

    @model_validator(mode="after")
    def _known_shape(self) -> Self:
        shapes = {"label": LABEL_SHAPES, "claim": CLAIM_SHAPES}.get(self.kind)
        if shapes and self.shape not in shapes:
            raise ValueError(f"a {self.kind} has one of the shapes {', '.join(shapes)}")
        return self


class HeldBack(StrictModel):
    """What creators do not show, so that lift can be measured; see `held_back`."""

    regions: list[str] = []
    """as orders name them: BY, HH"""
    styles: list[str] = []
    """as the shop names them, without the size: Linen Dress Cyra"""
    slipped: Annotated[int, Field(ge=0)] = 0
    """how many creators show something held back after all"""
    plan_stored: bool = True
    """whether the lift plan lies beside the campaign file; else it is still to be stored"""


STANDARD_PLANTS = [
    Plant(kind="bought_followers", strength="strong", shape="jump"),
    Plant(kind="bought_followers", strength="medium", shape="drip"),
    Plant(kind="bought_followers", strength="weak", shape="jump_then_decay"),
    Plant(kind="pod", strength="medium", creators=4),
    Plant(kind="comment_spam", strength="strong"),
    Plant(kind="comment_spam", strength="weak"),
    Plant(kind="leaked_code", strength="strong"),
    Plant(kind="leaked_code", strength="weak"),
    Plant(kind="lucky_result"),
    Plant(kind="quiet_winner"),
    Plant(kind="label", shape="missing", creators=2),
    Plant(kind="label", shape="gifted_only"),
    Plant(kind="label", shape="at_end"),
    Plant(kind="label", shape="other_language"),
    Plant(kind="tracking_gap"),
    Plant(kind="viral_post", creators=2),
    Plant(kind="giveaway", creators=2),
    Plant(kind="lively_community", creators=2),
    Plant(kind="other_language", creators=2),
]

STANDARD_FILES = {
    "creators": "creators.csv",
    "shopify_orders": "orders_export_1.csv",
    "shopify_discounts": "discounts_export.csv",
    "shopify_products": "products_export.csv",
    "refunds": "refunds.csv",
    "ga4": "Traffic_acquisition_Session_source_medium.csv",
    "promotions": "shop-promotions.csv",
    "survey": "how-did-you-hear.csv",
    "instagram_content": "instagram content.csv",
    "tiktok_content": "Content.csv",
    "follower_history": "follower-history.csv",
    "comments": "comments.csv",
    "audience": "audience-forms.csv",
    "costs": "costs.csv",
    "clicks": "link-clicks.csv",
}


Reason = Literal["size", "quality", "changed mind", "late delivery", "damaged"]


class Returns(StrictModel):
    """How goods come back; see `returns`."""

    late_share: ZeroToOne = 0.2
    """share of the orders with returns that come back late"""
    late_days: Annotated[float, Field(ge=3)] = 45
    """mean days from order to refund of these; `return_days` is that of the others"""
    reasons: Annotated[dict[Reason, Annotated[float, Field(gt=0)]], Field(min_length=1)] = {
        "size": 0.45,
        "changed mind": 0.28,
        "quality": 0.14,
        "late delivery": 0.05,
        "damaged": 0.08,
    }
    """share of each reason for articles that fit as well as most"""
    bad_fit_share: ZeroToOne = 0.15
    """share of the products that fit badly"""
    bad_fit_times: Annotated[float, Field(ge=0)] = 3.0
    """how many times as often these come back for their size"""
    end_size_times: Annotated[float, Field(ge=0)] = 1.5
    """likewise the smallest and the largest size of any product"""


class OtherCampaign(StrictModel):
    """Another campaign of the same client, with the same creators."""

    campaign: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    """name of its file"""
    start: date
    days: Annotated[int, Field(ge=1)] = 28
    budget: float | None = None
    """none means the last campaign's"""
    goal: Goal | None = None
    """likewise"""
    text: str = ""
    """what follows the required keys of its campaign file"""

    @property
    def end(self) -> date:
        """Its last day."""
        return self.start + timedelta(days=self.days - 1)


class EarlierCampaign(OtherCampaign):
    """A campaign that ran before, with posts, orders and codes of its own."""

    share_of_creators: Annotated[float, Field(gt=0, le=1)] = 1.0
    """share of the list that took part"""


def _refuse_overlaps(campaigns: list[OtherCampaign]) -> None:
    for one, following in pairwise(campaigns):
        if one.end >= following.start:
            raise ValueError(f"{following.campaign} begins before {one.campaign} has ended, on {one.end}")
    if len({one.campaign for one in campaigns}) < len(campaigns):
        raise ValueError("two campaigns have one name")


class Settings(StrictModel):
    """Everything `simulate` needs; the same settings give the same bytes.

    Shares are 0 to 1, money is in the client's currency, days are calendar days.
    """

    brand: str = "Examplia"
    currency: str = "EUR"
    market: str = "DE"
    markets: dict[str, float] = {"DE": 0.7, "FR": 0.15, "GB": 0.15}
    """share of the shop's orders by country"""
    prices_include_tax: bool = True
    tax_rates: dict[str, float] = {"DE": 0.19, "FR": 0.20, "GB": 0.20}
    timezone: str = "Europe/Berlin"
    niche: Literal["womenswear", "modest", "skincare", "outdoor"] = "womenswear"
    platforms: dict[str, float] = {"instagram": 0.65, "tiktok": 0.35}
    """share of creators by main platform"""
    creator_countries: dict[str, float] = {"DE": 0.6, "FR": 0.2, "GB": 0.2}
    seed: int = 1
    creators: Annotated[int, Field(ge=1)] = 44
    tiers: dict[str, float] = {"nano": 0.36, "micro": 0.43, "macro": 0.21}
    """share of creators by size: 1–10 thousand, 10–100 thousand, 100–420 thousand followers"""
    people_with_two_handles: int = 1

    campaign: str = "spring"
    goal: str = "sales"
    budget: float = 12_000
    start: date = date(2026, 3, 9)
    campaign_days: Annotated[int, Field(ge=1)] = 28
    days_before: Annotated[int, Field(ge=0)] = 90
    days_after: Annotated[int, Field(ge=1)] = 45
    """days of exports from the campaign's first day on; `days_before` are those before the first campaign's"""

    earlier: list[EarlierCampaign] = []
    """campaigns with the same creators before this one, the first one first; see `campaigns`"""
    upcoming: OtherCampaign | None = None
    """a campaign that is planned after this one: it has a file, but no posts or orders"""
    persistence: ZeroToOne = 0.5
    """share of the variance of creators' abilities that is the same in every campaign; the rest is new each time"""
    codes_recur: bool = False
    """whether creators keep one code in all campaigns; else each earlier campaign has codes of its own"""
    price_answers: float = 0.0
    """elasticity with which the next fee asked answers the last result; see `prices`"""
    price_noise: Annotated[float, Field(ge=0)] = 0.1
    """standard deviation of the logarithm of a fee's change that no result explains"""
    price_room: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """mean share by which the lowest fee a creator accepts lies below the fee asked"""

    orders_per_day: Annotated[float, Field(ge=0)] = 30
    """of the shop, without creators"""
    orders_per_creator: Annotated[float, Field(ge=0)] = 10
    """true mean over creators who post; set by hand, several times what packs assume, so that a small client has orders to
    look at: it is evidence of nothing"""
    order_spread: float = 0.5
    """standard deviation of the logarithm of creators' true orders, beyond size and engagement"""
    fit_effect: float = 0
    """what one standard deviation of audience fit adds to the logarithm of true orders; see `fit`"""
    fit_countries: list[str] = []
    """countries the brand wants to reach; none means all its markets"""
    fit_ages: list[str] = ["25-34", "35-44"]
    incremental_share: ZeroToOne = 0.65
    """share of creators' orders that would not have happened otherwise; differs by creator"""
    tracking: dict[str, float] = {"code": 0.42, "link": 0.15, "both": 0.25, "neither": 0.18}
    """how a creator's order shows itself"""
    return_rate: ZeroToOne = 0.4
    return_days: float = 15
    """mean days from order to refund"""
    returns: Returns | None = None
    """returns that come late in part, each article for a reason; none: one delay for all, reasons by chance"""
    margin: ZeroToOne = 0.58
    """1 − cost of goods ÷ sales excl. tax"""
    discount_percent: float = 10
    free_shipping_from: float = 60
    shipping_price: float = 4.90

    size_effect: SizeEffect = "drawn"
    """how engagement hangs on size: research disagrees, so it is drawn by the seed unless it is set"""
    pay: dict[str, float] = {"fee": 0.6, "gift": 0.25, "commission": 0.15}
    """share of creators by what they get; fees and commissions come with a gift"""
    fee_level: float = 1.0
    """times the usual fee"""
    gift_cost: float = 32
    gift_retail: float = 95
    never_posted: ZeroToOne = 0.04
    """share of those who got a gift only and did not post"""
    agency_fee: float = 0
    levy_rate: ZeroToOne = 0
    hourly_rate: float = 38

    files: dict[str, str] = STANDARD_FILES
    """kind of file: its name in `exports/`"""
    creator_columns: list[str] = []
    """columns of the creators list; none means all"""
    order_columns: list[str] = []
    """columns of Shopify's order export that the shop hands over; none means all"""
    comments_per_post: Annotated[int, Field(ge=1)] = 20
    """the exporter of comments stops after so many of one post …"""
    commented_posts: Annotated[int, Field(ge=0)] = 8
    """… and takes so many everyday posts of an account"""
    reviewers: tuple[str, str] | None = None
    """two people who judge creators: both decide on each account, and both fill in the review sheet"""
    planted: list[Plant] = STANDARD_PLANTS
    ads_in_own_language: bool = False
    """Italian and Spanish ads all in their language, and label mistakes in it, not only German, French and English"""
    held_back: HeldBack = HeldBack()
    mistyped: Mistyped = Mistyped()
    pictures: Literal["none", "last_campaign", "campaign", "all"] = "none"
    """posts that get a drawn picture, `media/<post id>.svg` in the client folder: of all campaigns, or of the last one"""
    write_truth: bool = True
    hash_key: str = ""
    """key that hashes customers and commenters, public because they are invented; left out: no key file"""
    landing_page: str = "https://examplia.example/spring"
    client_text: str = ""
    """what follows the required keys of `client.yml`"""
    campaign_text: str = ""
    """what follows the required keys of the campaign file"""

    @field_validator("earlier", "upcoming")
    @classmethod
    def _one_after_the_other(cls, value: Any, info: ValidationInfo) -> Any:
        valid = info.data
        if {"campaign", "start", "campaign_days"} <= valid.keys():
            own = OtherCampaign.model_construct(
                campaign=valid["campaign"], start=valid["start"], days=valid["campaign_days"]
            )
            earlier = value if info.field_name == "earlier" else valid.get("earlier", [])
            _refuse_overlaps([*earlier, own, *([value] if info.field_name == "upcoming" and value else [])])
        return value

    @property
    def first_day(self) -> date:
        """The first day of the exports."""
        first = min([self.start, *(one.start for one in self.earlier)])
        return first - timedelta(days=self.days_before)

    @property
    def days_to_start(self) -> int:
        """Days of exports before the (last) campaign's first day."""
        return (self.start - self.first_day).days

    @property
    def last_day(self) -> date:
        """The last day of the exports."""
        return self.start + timedelta(days=self.days_after - 1)

    @property
    def end(self) -> date:
        """The campaign's last day."""
        return self.start + timedelta(days=self.campaign_days - 1)

    @property
    def days(self) -> int:
        """Number of days in the exports."""
        return self.days_to_start + self.days_after

    def random(self, part: str) -> np.random.Generator:
        """A stream of its own for each part, so that a change to one part leaves the others as they were."""
        return np.random.default_rng([self.seed, crc32(part.encode())])
