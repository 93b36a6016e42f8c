"""`client.yml`: the brand, its economics, people, voice and branding; what it leaves open comes from `agency.yml`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, field_validator, model_validator

from creatorbook.client import yaml_files
from creatorbook.client.fields import (
    Amount,
    AmountRange,
    Goal,
    ShareRange,
    checked_share,
    fields_of,
    known_countries,
)
from creatorbook.client.forgotten import forgotten_in
from creatorbook.client.house_packs import pack_folders, packs_of
from creatorbook.client.own_files import files_in, lies_in
from creatorbook.client.yaml_files import StrictModel
from creatorbook.packs import BUILT_IN, Packs
from creatorbook.problems import Problem
from creatorbook.text.time_zones import is_zone
from creatorbook.text.translations import LANGUAGES


class Economics(StrictModel):
    """What an order leaves. All optional: what is missing is said in the report, never assumed to be 0.

    Shares are 0 to 1; money is per order, excl. VAT, in the client's currency.
    """

    margin: ShareRange | None = None
    """gross margin: 1 − cost of goods ÷ price, both excl. VAT"""
    margin_on: Literal["full_price", "price_paid"] | None = None
    """the price it is a share of: before the campaign's code, or what is paid after it; where nobody says, before the code,
    as price lists and product costs have it"""
    return_rate: ShareRange | None = None
    """share of sales value that comes back"""
    average_order_value: AmountRange | None = None
    """basket as the shop shows it, before any order export says better"""
    resellable_share: ShareRange | None = None
    """share of returned goods that can be sold again"""
    shipping_cost: AmountRange | None = None
    """what sending one order costs the brand"""
    handling_per_return: AmountRange | None = None
    """what unpacking, checking and restocking one return costs"""
    payment_fee_rate: ShareRange | None = None
    """share of what the buyer pays"""
    payment_fee_fixed: Amount | None = None
    """what the payment provider takes of every order besides"""
    hourly_rate: Amount | None = None
    """of the brand's or agency's own people"""
    pay_floor_per_hour: Annotated[float, Field(gt=0)] | None = None
    """the least a creator should earn per hour of their own work, as the client decides"""
    levy_rate: ShareRange | None = None
    """levies on creators' pay, in Germany the artists' social levy"""
    repeat_orders: AmountRange | None = None
    """further orders of a new buyer within a year, beside the first"""


class Persona(StrictModel):
    """A buyer the campaign is for; shares of an audience are compared with it."""

    name: str
    """what the persona is called"""
    countries: list[str] = []
    """two-letter codes"""
    ages: list[str] = []
    """age groups as platforms write them, such as 25-34"""
    genders: list[str] = []
    """as platforms write them"""
    languages: list[str] = []
    """two-letter codes"""
    description: str = ""
    """in a sentence, for the brief"""


class Voice(StrictModel):
    """How the brand sounds and what it stays away from."""

    description: str = ""
    """in a sentence, for the brief"""
    values: list[str] = []
    """what the brand stands for"""
    must_avoid: list[str] = []
    """topics that creators stay away from"""
    competitors: list[str] = []
    """brands whose paid posts are looked for"""
    mentions: list[str] = []
    """the brand's own handles and names, to find earlier mentions"""


Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]


class Fonts(StrictModel):
    """A typeface: its name for the HTML, which stays small, and its files (.otf, .ttf) for the PDF and charts."""

    family: Annotated[str, Field(pattern=r"^[\w .-]{1,60}$")]
    """its name"""
    regular: str | None = None
    """file of the usual weight"""
    semibold: str | None = None
    """file of the heavier one"""


class ClientTheme(StrictModel):
    """The report's branding; what neither `client.yml` nor `agency.yml` says comes from the theme of that name."""

    name: str = "house"
    """house, plain (black and white, for print), studio (with a cover), or what a plugin brings"""
    logo: str | None = None
    """file beside the file that names it: .png or .svg"""
    primary: Colour | None = None
    """the first colour, as "#1f3a4d"; darkened until text in it can be read"""
    accent: Colour | None = None
    """the second colour"""
    fonts: Fonts | None = None
    """a typeface of one's own"""
    cover: bool | None = None
    """whether a cover comes before the first page; the theme decides where nobody says"""
    prepared_by: str = ""
    """who made the report, at the foot of each page"""
    footer: str = ""
    """a line at the foot of each page"""
    pdf: Literal["plain", "tagged"] = "plain"
    """tagged: PDF/UA-1 for screen readers, where WeasyPrint is installed"""


class Mapping(StrictModel):
    """How to read one file nobody has seen before: its table and the column names it uses."""

    file: str
    """file name in exports/, `*` allowed"""
    reader: str | None = None
    """a reader's name, where two fit"""
    table: str | None = None
    """the canonical table it becomes (`plugin_templates/tables.md`)"""
    columns: dict[str, str] = {}
    """our column: the file's column"""
    day_first: bool | None = None
    """how to read 03/04/2026, where the whole column leaves it open"""
    days_from: Literal[1900, 1904] = 1900
    """the calendar of days that a spreadsheet counts (46091): 1904 for workbooks made on old Macs"""
    starts_on: date | None = None
    """first day of the file's range, where its dates have no year"""
    ends_on: date | None = None
    """last day of that range"""
    handle: str | None = None
    """the account a file belongs to, where the file does not say"""
    platform: str | None = None
    """the platform a file belongs to, where the file does not say"""
    states: dict[str, Literal["sale", "not yet", "no sale", "refunded"]] = {}
    """what a word for an order's state means, where nobody here knows it"""
    total: Literal["lines", "without tax"] | None = None
    """lines: an order's total is the sum of its lines; without tax: the file's total is, and the tax is added to it"""
    ignore: bool = False
    """leave the file out, and say so in its receipt"""


class TierBand(StrictModel):
    """One size in followers: `from` and `to` belong to it, `above` and `below` do not."""

    name: Annotated[str, Field(min_length=1)]
    """what the size is called"""
    start: Annotated[int, Field(ge=0)] | None = Field(None, alias="from")
    """fewest followers, which belong to it (written `from`)"""
    above: Annotated[int, Field(ge=0)] | None = None
    """followers below it that do not belong to it"""
    to: Annotated[int, Field(ge=0)] | None = None
    """most followers, which belong to it"""
    below: Annotated[int, Field(ge=0)] | None = None
    """followers above it that do not belong to it"""
    within: str | None = None
    """the size it is a part of"""

    @model_validator(mode="after")
    def _one_start(self) -> TierBand:
        if (self.start is None) == (self.above is None):
            raise ValueError(f"the size “{self.name}” starts either `from` a number or `above` one")
        if self.to is not None and self.below is not None:
            raise ValueError(f"the size “{self.name}” ends either `to` a number or `below` one")
        return self


class TierScheme(StrictModel):
    """The client's own sizes, in the form of `packs/tiers.yml`."""

    title: Annotated[str, Field(min_length=1)]
    """what it is called in reports"""
    source: str = "client.yml"
    """who says so"""
    date: str | int = ""
    """when that was settled"""
    read: str = "The client's own sizes."
    """what had to be decided to read it so"""
    bands: Annotated[list[TierBand], Field(min_length=1)]
    """the sizes, smallest first"""
    platforms: dict[str, list[TierBand]] = {}
    """other ends on one platform"""


ScorePart = Literal[
    "response", "conversation", "answers", "audience", "style", "values", "authenticity", "price"
]


class Score(StrictModel):
    """A score of one's own making: weights by part, or a preset of `packs/score.yml`; else the campaign's goal's."""

    preset: Goal | None = None
    """weights by goal, from `packs/score.yml`"""
    weights: dict[ScorePart, Annotated[float, Field(ge=0)]] = {}
    """part → weight"""

    @field_validator("weights")
    @classmethod
    def _some_weight(cls, value: dict[str, float]) -> dict[str, float]:
        if value and not sum(value.values()):
            raise ValueError("at least one weight must be above 0")
        return value


class ClientFile(StrictModel):
    """`client.yml`."""

    brand: Annotated[str, Field(min_length=1)]
    """the brand's name, as it stands on a report"""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    """ISO code of all the client's money, as EUR"""
    market: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    """two-letter code of the home market's country"""
    markets: list[str] = []
    """every country the campaigns sell to; none means the home market"""
    time_zone: str | None = None
    """where the client's days begin, as America/New_York: for a market of several zones"""
    language: str = "en"
    """en, de or fr: of the report's fixed texts and of its numbers and dates"""
    campaign: str | None = None
    """the campaign that is meant where nobody names one, by its file's name; none means the one that starts last"""
    website: str | None = None
    """the shop's host, as velmora.example: links that lead elsewhere are named"""
    prices_include_tax: bool
    """whether the shop's prices include VAT or sales tax"""
    tax_rate: float | dict[str, float]
    """one rate, or one per country code"""
    economics: Economics = Economics()
    """what an order leaves"""
    personas: list[Persona] = []
    """who the campaigns are for"""
    voice: Voice = Voice()
    """how the brand sounds and what it stays away from"""
    theme: ClientTheme = ClientTheme()
    """the look of the reports"""
    mapping: list[Mapping] = []
    """how to read files that nobody here knows"""
    exchange_rates: dict[str, float] = {}
    """one unit of another currency in the client's currency"""
    exchange_rates_on: date | None = None
    """the day of these rates"""
    replaces: list[str] = []
    """names of what creatorbook brings (a playbook, a theme, a reader …) in whose place a plugin's may stand"""
    tier_scheme: str = "s0"
    """whose sizes count, by the scheme's name in `packs/tiers.yml` or in `tier_schemes`"""
    tier_schemes: dict[str, TierScheme] = {}
    """own sizes by name; `tier_scheme` says which is used"""
    engagement_formula: str = "likes_comments_per_follower"
    """how engagement is reckoned, by the formula's name in `packs/engagement.yml`"""
    score: Score | None = None
    """a score on the vetting cards, only if the client wants one"""
    packs: list[str] = []
    """folders with packs of one's own, beside the file that names them: rows that are added, changed or taken out"""

    @property
    def rates(self) -> dict[str, float]:
        """One unit of each currency that has a rate, the client's own among them, in the client's currency."""
        return {**self.exchange_rates, self.currency: 1.0}

    @field_validator("language")
    @classmethod
    def _has_catalog(cls, value: str) -> str:
        if value not in LANGUAGES:
            languages = f"{', '.join(LANGUAGES[:-1])} or {LANGUAGES[-1]}"
            raise ValueError(f"no report speaks “{value}”: write {languages}")
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        if value and not is_zone(value):
            raise ValueError(
                f"there is no time zone “{value}”: write one such as Europe/Berlin or America/New_York"
            )
        return value

    @field_validator("market", "markets")
    @classmethod
    def _known_countries(cls, value: Any) -> Any:
        return known_countries(value)

    @field_validator("tax_rate")
    @classmethod
    def _share_of_price(cls, value: float | dict[str, float]) -> float | dict[str, float]:
        for rate in value.values() if isinstance(value, dict) else [value]:
            if checked_share(rate) == 1:
                raise ValueError(
                    "expected a share below 1: 1 would be 100 %; write 19 % as 0.19 and 1 % as 0.01"
                )
        return value


class Client(ClientFile):
    """A client: its file, its folder, its packs and its campaigns' names."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    folder: Path
    all_packs: Packs = Field(BUILT_IN, exclude=True)
    """the packs as they hold for this client: what is built in, and what packages, the agency and the client bring"""
    agency_theme: frozenset[str] = frozenset()
    """keys of `theme` that came from agency.yml: their files lie beside it"""

    @property
    def id(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def all_markets(self) -> list[str]:
        """Home market first, each once."""
        return list(dict.fromkeys([self.market, *self.markets]))

    def tax_rate_in(self, country: str | None) -> float:
        """The VAT or sales tax rate for a buyer's country; the home market's where it is not listed."""
        if not isinstance(self.tax_rate, dict):
            return self.tax_rate
        return self.tax_rate.get(country or self.market, self.tax_rate.get(self.market, 0.0))

    def theme_file(self, key: str, name: str) -> Path | None:
        """A file that a key of `theme` names: beside the file that says so, or none where it would lie outside."""
        base = self.folder.parent if key in self.agency_theme else self.folder
        path = (base / name).resolve()
        return path if lies_in(path, base) and path.is_file() else None

    @property
    def campaign_ids(self) -> list[str]:
        """Names of the campaign files, in alphabetical order; lift plans beside them and hidden files are none."""
        named = (path.stem for path in files_in(self.folder / "campaigns", "*.yml"))
        return sorted(name for name in named if not name.startswith(".") and not name.endswith(".lift"))


def read_client(folder: Path) -> Client:
    """The client in a folder; what `client.yml` leaves open comes from `agency.yml` beside the folder.

    Raises:
        Problem: there is no such folder or file, the file has a mistake in it, or it is unclear who is forgotten.
    """
    folder = folder.resolve()
    path = folder / "client.yml"
    if not path.is_file():
        raise Problem(
            "there is no client.yml in this folder",
            folder,
            todo="Run “python3 workbook.py new DIR” to make a client folder.",
        )
    inherited = agency_settings(folder.parent / "agency.yml")
    forgotten = forgotten_in(folder)
    settings = yaml_files.load(path, ClientFile, inherited, forgotten)
    own = yaml_files.read_mapping(path)
    shared = frozenset(inherited.get("theme") or {}) - frozenset(own.get("theme") or {})
    all_packs = packs_of(folder, inherited, own, settings.tier_schemes, forgotten)
    return Client.model_construct(
        **{**fields_of(settings), "folder": folder, "agency_theme": shared, "all_packs": all_packs}
    )


def agency_files(folder: Path) -> list[Path]:
    """`agency.yml` beside a client folder and the files that it names, of its theme and packs: what all reports there depend on."""
    path = folder.parent / "agency.yml"
    if not path.is_file():
        return []
    try:
        content = yaml_files.read_mapping(path)
        folders = pack_folders(path, content.get("packs") or [])
    except (Problem, TypeError):  # told when the client is read
        return [path]
    theme = content.get("theme")
    settings = theme if isinstance(theme, dict) else {}
    fonts = settings.get("fonts")
    fonts = fonts if isinstance(fonts, dict) else {}
    named = [settings.get("logo"), fonts.get("regular"), fonts.get("semibold")]
    paths = [path.parent / name for name in named if isinstance(name, str)]
    paths += [file for folder in folders for file in files_in(folder)]
    return [path, *(file for file in paths if file.is_file())]


#: what agency.yml cannot say for all clients: a report under another client's name would be the worst of mistakes
OWN_KEYS = ("brand", "campaign", "website", "mapping")


def agency_settings(path: Path) -> dict[str, Any]:
    """What an agency says for all its clients, in the form of `client.yml`; nothing if there is no such file."""
    if not path.is_file():
        return {}
    settings = yaml_files.load_part(path, ClientFile)
    for key in OWN_KEYS:
        if key in settings:
            line = yaml_files.line_of(path, [key])
            raise Problem(
                f"“{key}” is each client's own", path, line, todo="Write it in the client's client.yml."
            )
    return settings
