"""`campaigns/<campaign>.yml`: goal, budget, dates, codes, links, brief, and what the plan keeps to."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator, model_validator

from creatorbook.client import yaml_files
from creatorbook.client.client_file import Client
from creatorbook.client.fields import (
    Amount,
    AnyRange,
    Claim,
    Goal,
    Range,
    ShareRange,
    fields_of,
    known_countries,
    share_range,
)
from creatorbook.client.forgotten import forgotten_in, is_made_up
from creatorbook.client.yaml_files import StrictModel
from creatorbook.problems import Problem


class Promotion(StrictModel):
    """A promotion of the shop itself, inside or near the campaign."""

    start: date
    """its first day"""
    end: date
    """its last day"""
    what: str
    """what it was, as 20 % off dresses"""

    @model_validator(mode="after")
    def _days_in_order(self) -> Promotion:
        if self.end < self.start:
            raise ValueError(f"the promotion ends ({self.end}) before it starts ({self.start})")
        return self


class Commitment(StrictModel):
    """An open point or a cost that has no file of its own."""

    what: str
    """what it is"""
    amount: float | None = None
    """what it costs, excl. VAT"""
    kind: str = "other"
    """kind of cost, as in the table campaign_costs"""
    owner: str = ""
    """who settles it"""
    due: date | None = None
    """by when"""


class Codes(StrictModel):
    """How discount codes are made."""

    percent: float = 10
    """what a code takes off, in percent: 10 for 10 %"""
    pattern: str = "{handle}{percent}"
    """how a code is made, of {handle} and {percent}"""
    unguessable: bool = False
    """whether letters drawn by lot are added"""
    once_per_customer: bool = True
    """whether a buyer may use it once only"""

    @property
    def share(self) -> float:
        """What a code takes off the price, as a share of it."""
        return self.percent / 100

    @property
    def price_left(self) -> float:
        """The share of the price that is paid with a code; a hundredth at least, so that prices can be set back."""
        return 1 - min(self.share, 0.99)

    @field_validator("percent")
    @classmethod
    def _in_percent(cls, value: float) -> float:
        if not 0 <= value <= 100:
            raise ValueError("expected percent between 0 and 100: write 10 for 10 %")
        if 0 < value < 1:
            raise ValueError(f"expected percent: {value:g} would be {value:g} %; write {value * 100:g}")
        return value

    @field_validator("pattern")
    @classmethod
    def _names_the_creator(cls, value: str) -> str:
        """Without the handle all creators would get one code; of other blanks nobody knows what stands in them."""
        if not _blanks(value) >= {"{handle}"} or not _blanks(value) <= {"{handle}", "{percent}"}:
            raise ValueError(
                "expected a pattern with {handle} in it and, if the code names the discount, {percent}, such as "
                "SPRING-{handle}{percent}"
            )
        return value


def _blanks(pattern: str) -> set[str]:
    """The blanks of a pattern as they are written; a brace that stands alone is a blank that nobody knows."""
    blanks = set(re.findall(r"{[^{}]*}", pattern))
    alone = re.sub(r"{[^{}]*}", "", pattern)
    return blanks | set(re.findall(r"[{}]", alone))


class Links(StrictModel):
    """How tracked links are made; see exports.md for the convention behind the defaults."""

    landing_page: str | None = None
    """the address that links lead to"""
    medium: str = "social"
    """utm_medium of the links"""
    campaign: str | None = None
    """utm_campaign of the links; else the campaign's name"""
    shortener: str | None = None
    """the tool that makes short links"""
    hosts: list[str] = []
    """further hosts that links may lead to, beside the client's website"""


class ProductClaim(StrictModel):
    """What creators may say about the product, and what proves it."""

    claim: Annotated[str, Field(min_length=1)]
    """what may be said"""
    proof: str = ""
    """what proves it"""
    markets: list[str] = []
    """where it may be said; none means everywhere"""
    words: list[str] = []
    """the wordings that are allowed; none means the claim as it stands"""

    @property
    def wordings(self) -> list[str]:
        """All wordings that are allowed."""
        return self.words or [self.claim]


class Gift(StrictModel):
    """What one creator is sent, and why that piece."""

    handle: str
    """whose it is"""
    what: str
    """the piece"""
    size: str = ""
    """its size"""
    reason: str = ""
    """why this piece"""


class Draft(StrictModel):
    """A creator's draft, pasted in to be looked at before it is posted."""

    handle: str
    """whose it is"""
    text: str
    """the caption or script"""
    format: str = "post"
    """reel, story, post …"""
    platform: str | None = None
    """where it is to be posted"""


def _claim(value: Any) -> Any:
    return {"claim": value} if isinstance(value, str) else value


class Brief(StrictModel):
    """What creators are told."""

    product: str = ""
    """what it is about"""
    key_messages: list[str] = []
    """what is to come across"""
    must_avoid: list[str] = []
    """what is not said or shown"""
    proof: list[str] = []
    """facts of the product's origin that can be shown"""
    claims: list[Annotated[ProductClaim, BeforeValidator(_claim)]] = []
    """a line of text, or claim, proof, markets and words"""


class Target(StrictModel):
    """What one figure should reach: a number, or value, baseline, owner and source."""

    value: float | None = None
    """what it should reach"""
    baseline: float | None = None
    """what it was before"""
    owner: str = ""
    """who watches it"""
    source: str = ""
    """where it is read"""


def _target(value: Any) -> Any:
    return {"value": value} if isinstance(value, int | float) and not isinstance(value, bool) else value


class Overlap(StrictModel):
    """How much of the smaller of two accounts' audiences the other one reaches too."""

    between: Annotated[list[str], Field(min_length=2, max_length=2)]
    """two handles"""
    share: Annotated[float, Field(ge=0, le=1)]
    """part of the smaller audience, 0 to 1"""


class MixRules(StrictModel):
    """What the choice of creators keeps to, besides the budget. All optional."""

    must: list[str] = []
    """handles or names that are in, whatever they bring"""
    never: list[str] = []
    """handles or names that are out"""
    most: Annotated[int, Field(gt=0)] | None = None
    """most creators"""
    share: Annotated[float, Field(gt=0, le=1)] = 1.0
    """most of the creators' money for one of them"""
    hours: Annotated[float, Field(gt=0)] | None = None
    """own hours there are for the whole campaign"""
    smallest_group: Annotated[int, Field(ge=0)] = 0
    """a size takes part with so many creators or not at all, so that a test can read it"""
    platforms: dict[str, ShareRange] = {}
    """platform: least and most of the creators' money, as [0.2, 0.8]"""
    packages: Annotated[int, Field(ge=1, le=4)] = 1
    """how often one creator's package may be bought"""
    overlap: ShareRange | None = None
    """part of one typical audience that another creator on the same platform reaches too"""
    overlaps: list[Overlap] = []
    """pairs of accounts for which it is known"""


class CampaignFile(StrictModel):
    """`campaigns/<name>.yml`."""

    name: str | None = None
    """what people call it; else the file's name"""
    goal: Goal
    """sales, awareness, content or community"""
    budget: Annotated[float, Field(gt=0)]
    """all campaign costs, excl. VAT"""
    start: date
    """first day"""
    end: date
    """last day"""
    playbook: str | None = None
    """a way to run it, by its name in `packs/playbooks.yml`"""
    platforms: list[str] = []
    """where it runs"""
    markets: list[str] = []
    """countries it is for; none means all of the client's"""
    as_of: date | None = None
    """the day a report is of; else the last day in the exports"""
    precedence: list[Claim] = ["code", "link", "survey"]
    """what an order is credited by where there are several: code, link, survey"""
    commission_rate: ShareRange | None = None
    """share of the sales that stay which creators get, excl. VAT"""
    agency_fee: Amount | None = None
    """what the agency takes; 0 if nothing, left out means unknown"""
    tools_cost: Amount | None = None
    """what tools cost for it"""
    ad_spend: Amount | None = None
    """what ads on creators' content cost"""
    second_review: bool = False
    """whether two people judge each creator, each alone: notebook 02 shows a judgement once both are in"""
    geo_targeted_ads: bool = False
    """whether ads on creator content are shown in chosen regions only"""
    settles_after_days: int = 30
    """days after an order in which it can come back"""
    lookback_days: Annotated[int, Field(ge=0)] = 30
    """days before an order in which a touch on a click path counts; 0 is the order's own day. The default is the
    click-through window of ad platforms where nobody chose one (Google Ads, Taboola), and that of links after the end"""
    promotions: list[Promotion] | None = None
    """the shop's own promotions; `[]` means there are none, leaving it out means unknown"""
    codes: Codes = Codes()
    """how discount codes are made"""
    links: Links = Links()
    """how tracked links are made"""
    brief: Brief = Brief()
    """what creators are told"""
    gifts: list[Gift] = []
    """what is sent to whom, in which size and why"""
    drafts: list[Draft] = []
    """texts to look at before they are posted"""
    deliverables: list[str] = []
    """what is agreed as a rule, as 1 reel"""
    rights: str = ""
    """channels, months and territory of the usage rights"""
    costs: list[Commitment] = []
    """costs that have no file of their own"""
    open_points: list[Commitment] = []
    """what is still to be settled"""
    approved_by: str | None = None
    """who approved the plan"""
    approved_on: date | None = None
    """on which day"""
    assumptions: dict[str, AnyRange] = {}
    """click rate, conversion rate … by name, in place of the pack's defaults"""
    targets: dict[str, Annotated[Target, BeforeValidator(_target)]] = {}
    """what each figure of `packs/goals.yml` should reach, by its key"""
    tier_scheme: str | None = None
    """whose sizes count here; else the client's"""
    lead_times: dict[str, int] = {}
    """days per step, in place of the playbook's"""
    mix: MixRules = MixRules()
    """what the choice of creators keeps to"""

    @field_validator("markets")
    @classmethod
    def _known_countries(cls, value: Any) -> Any:
        return known_countries(value)

    @field_validator("assumptions")
    @classmethod
    def _rates_are_shares(cls, value: dict[str, Range]) -> dict[str, Range]:
        for name, stated in value.items():
            if name.endswith("_rate"):
                share_range(stated)
        return value

    @model_validator(mode="after")
    def _dates_in_order(self) -> CampaignFile:
        if self.end < self.start:
            raise ValueError(f"the campaign ends ({self.end}) before it starts ({self.start})")
        return self


class Campaign(CampaignFile):
    """A campaign with the name of its file."""

    id: str
    path: Path

    @property
    def owner(self) -> Path:
        """The folder of the client whose campaign it is."""
        return self.path.parent.parent

    @property
    def title(self) -> str:
        """What people call it; without a name, its file's."""
        return self.name or title_of(self.id)


def title_of(campaign: str) -> str:
    """A campaign's file name as people say it: `Spring dresses`."""
    words = campaign.replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:]


def read_campaign(client: Client, name: str | None = None) -> Campaign:
    """One campaign of a client; without a name, the one `client.yml` names, else the one that starts last.

    Raises:
        Problem: no campaign file, no campaign of that name, or a mistake in the file.
    """
    if not name and client.campaign and client.campaign_ids and client.campaign not in client.campaign_ids:
        todo = f"Campaigns here: {', '.join(client.campaign_ids)}; or leave the line out for the one that starts last."
        what = f"there is no campaign “{client.campaign}”"
        raise Problem(what, client.folder / "client.yml", column="campaign", todo=todo)
    campaigns = [_campaign(path) for path in campaign_files(client, name or client.campaign)]
    return max(campaigns, key=lambda campaign: (campaign.start, campaign.id))


def campaign_files(client: Client, name: str | None = None) -> list[Path]:
    """The files that are meant: that of one campaign, or without a name those of all.

    Raises:
        Problem: no campaign file, or no campaign of that name.
    """
    folder = client.folder / "campaigns"
    if not client.campaign_ids:
        raise Problem("there is no campaign file", folder, todo="Add campaigns/<name>.yml.")
    if name is not None and name not in client.campaign_ids:
        names = ", ".join(client.campaign_ids)
        raise Problem(f"there is no campaign “{name}”", folder, todo=f"Campaigns here: {names}.")
    return [folder / f"{campaign_id}.yml" for campaign_id in ([name] if name else client.campaign_ids)]


def campaign_names(client: Client) -> list[str]:
    """What a sheet may call the client's campaigns: file names and titles; of a file with a mistake, the first only."""
    titles = []
    for name in client.campaign_ids:
        with suppress(Problem):
            titles.append(read_campaign(client, name).title)
    return [*client.campaign_ids, *titles]


def _campaign(path: Path) -> Campaign:
    settings = yaml_files.load(path, CampaignFile, forgotten=forgotten_in(path.parents[1]))
    fields = fields_of(settings)
    # nothing more is made for who is forgotten, and these texts tell of them
    for name in ("gifts", "drafts"):
        fields[name] = [one for one in fields[name] if not is_made_up(one.handle)]
    # which keys the file states is kept: “precedence stated” is not the same as its default
    return Campaign.model_construct(settings.model_fields_set, **{**fields, "id": path.stem, "path": path})
