"""The client folder: `client.yml`, `campaigns/*.yml`, `decisions.csv` and `ledger.csv`.

Everything a client has told us is read here; nothing here reads an export.
"""

from __future__ import annotations

import csv
import io
import os
import tempfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import pandas as pd
from babel import Locale
from pydantic import BeforeValidator, Field, field_validator, model_validator

from creatorbook import yaml_files
from creatorbook.packs import pack
from creatorbook.plain_text import for_csv, from_csv
from creatorbook.problems import Problem
from creatorbook.translations import LANGUAGES
from creatorbook.yaml_files import Model

Goal = Literal["sales", "awareness", "content", "community"]
Stage = Literal["plan", "pulse", "results"]
Claim = Literal["code", "link", "survey", "view"]


class Range(Model):
    """A quantity that is not known exactly: `0.5`, `[0.4, 0.6]` or `{low:, likely:, high:, source:}`."""

    low: float
    likely: float
    high: float
    source: str = "client.yml"

    @model_validator(mode="after")
    def _in_order(self) -> Range:
        if not self.low <= self.likely <= self.high:
            raise ValueError("expected low ≤ likely ≤ high")
        return self

    @property
    def exact(self) -> bool:
        """Whether it is one number after all."""
        return self.low == self.high


def _range(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return {"low": value, "likely": value, "high": value}
    if isinstance(value, list) and len(value) == 2 and all(isinstance(v, int | float) for v in value):
        return {"low": value[0], "likely": (value[0] + value[1]) / 2, "high": value[1]}
    if isinstance(value, list) and len(value) == 3 and all(isinstance(v, int | float) for v in value):
        return {"low": value[0], "likely": value[1], "high": value[2]}
    if not isinstance(value, dict | Range):
        raise ValueError("expected a number like 0.5 or a range like [0.4, 0.6]")
    return value


AnyRange = Annotated[Range, BeforeValidator(_range)]


def _share(value: Any) -> Any:
    ranged = Range.model_validate(_range(value))
    if not 0 <= ranged.low <= ranged.high <= 1:
        raise ValueError("expected a share between 0 and 1: write 26 % as 0.26")
    return ranged


Share = Annotated[Range, BeforeValidator(_share)]


#: codes people write for a country, and the one that is meant
_MEANT = {"UK": "GB", "EN": "GB", "EL": "GR", "USA": "US"}


def _countries(value: Any) -> Any:
    """Country codes as they are, or what is wrong with the first that is none."""
    for code in [value] if isinstance(value, str) else value:
        if code in _MEANT or not (len(code) == 2 and code.isupper() and code in _territories()):
            hint = f": write {_MEANT[code]}" if code in _MEANT else ": two letters as in ISO 3166, such as DE"
            raise ValueError(f"there is no market “{code}”{hint}; whoever sells there knows which is meant")
    return value


@cache
def _territories() -> set[str]:
    return set(Locale("en").territories) - {"ZZ", "EU", "EZ", "UN", "XA", "XB", "QO"}


class Economics(Model):
    """What an order leaves. All optional: what is missing is said in the report, never assumed to be 0.

    Shares are 0 to 1; money is per order, excl. VAT, in the client's currency.
    """

    margin: Share | None = None
    """gross margin on net sales: 1 − cost of goods ÷ sales excl. VAT"""
    return_rate: Share | None = None
    """share of sales value that comes back"""
    average_order_value: AnyRange | None = None
    """basket as the shop shows it, before any order export says better"""
    resellable_share: Share | None = None
    """share of returned goods that can be sold again"""
    shipping_cost: AnyRange | None = None
    """what sending one order costs the brand"""
    handling_per_return: AnyRange | None = None
    payment_fee_rate: Share | None = None
    """share of what the buyer pays"""
    payment_fee_fixed: float | None = None
    hourly_rate: float | None = None
    """of the brand's or agency's own people"""
    pay_floor_per_hour: Annotated[float, Field(gt=0)] | None = None
    """the least a creator should earn per hour of their own work, as the client decides"""
    levy_rate: Share | None = None
    """levies on creators' pay, in Germany the artists' social levy"""
    repeat_orders: AnyRange | None = None
    """further orders of a new buyer within a year, beside the first"""


class Persona(Model):
    """A buyer the campaign is for; shares of an audience are compared with it."""

    name: str
    countries: list[str] = []
    ages: list[str] = []
    genders: list[str] = []
    languages: list[str] = []
    description: str = ""


class Voice(Model):
    """How the brand sounds and what it stays away from."""

    description: str = ""
    values: list[str] = []
    must_avoid: list[str] = []
    competitors: list[str] = []
    mentions: list[str] = []
    """the brand's own handles and names, to find earlier mentions"""


Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]


class Fonts(Model):
    """A typeface: its name for the HTML, which stays small, and its files (.otf, .ttf) for the PDF and charts."""

    family: Annotated[str, Field(pattern=r"^[\w .-]{1,60}$")]
    regular: str | None = None
    semibold: str | None = None


class Theme(Model):
    """The report's dress; what neither `client.yml` nor `agency.yml` says comes from the theme of that name."""

    name: str = "house"
    """house, plain (black and white, for print), studio (with a cover), or what a plugin brings"""
    logo: str | None = None
    """file beside the file that names it: .png or .svg"""
    primary: Colour | None = None
    accent: Colour | None = None
    fonts: Fonts | None = None
    cover: bool | None = None
    """whether a cover comes before the first page; the theme decides where nobody says"""
    prepared_by: str = ""
    footer: str = ""
    pdf: Literal["plain", "tagged"] = "plain"
    """tagged: PDF/UA-1 for screen readers, where WeasyPrint is installed"""


class Mapping(Model):
    """How to read one file nobody has seen before: its table and the column names it uses."""

    file: str
    """file name in exports/, `*` allowed"""
    reader: str | None = None
    """a reader's name, where two fit"""
    table: str | None = None
    columns: dict[str, str] = {}
    """our column: the file's column"""
    day_first: bool | None = None
    """how to read 03/04/2026, where the whole column leaves it open"""
    starts_on: date | None = None
    """first day of the file's range, where its dates have no year"""
    ends_on: date | None = None
    handle: str | None = None
    """the account a file belongs to, where the file does not say"""
    platform: str | None = None
    ignore: bool = False
    """leave the file out, and say so in its receipt"""


class TierBand(Model):
    """One size in followers: `from` and `to` belong to it, `above` and `below` do not."""

    name: Annotated[str, Field(min_length=1)]
    start: Annotated[int, Field(ge=0)] | None = Field(None, alias="from")
    above: Annotated[int, Field(ge=0)] | None = None
    to: Annotated[int, Field(ge=0)] | None = None
    below: Annotated[int, Field(ge=0)] | None = None
    within: str | None = None
    """the size it is a part of"""

    @model_validator(mode="after")
    def _one_start(self) -> TierBand:
        if (self.start is None) == (self.above is None):
            raise ValueError(f"the size “{self.name}” starts either `from` a number or `above` one")
        if self.to is not None and self.below is not None:
            raise ValueError(f"the size “{self.name}” ends either `to` a number or `below` one")
        return self


class TierScheme(Model):
    """The client's own sizes, in the form of `packs/tiers.yml`."""

    title: Annotated[str, Field(min_length=1)]
    source: str = "client.yml"
    date: str | int = ""
    read: str = "The client's own sizes."
    bands: Annotated[list[TierBand], Field(min_length=1)]
    platforms: dict[str, list[TierBand]] = {}
    """other ends on one platform"""


ScorePart = Literal[
    "response", "conversation", "answers", "audience", "style", "values", "authenticity", "price"
]


class Score(Model):
    """A score of one's own making: weights by part, or a preset of `packs/score.yml`; else the campaign's goal's."""

    preset: Goal | None = None
    weights: dict[ScorePart, Annotated[float, Field(ge=0)]] = {}

    @field_validator("weights")
    @classmethod
    def _some_weight(cls, value: dict[str, float]) -> dict[str, float]:
        if value and not sum(value.values()):
            raise ValueError("at least one weight must be above 0")
        return value


class ClientFile(Model):
    """`client.yml`."""

    brand: Annotated[str, Field(min_length=1)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    market: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    markets: list[str] = []
    language: str = "en"
    """en, de or fr: of the report's fixed texts and of its numbers and dates"""
    website: str | None = None
    """the shop's host, as velmora.example: links that lead elsewhere are named"""
    prices_include_tax: bool
    tax_rate: float | dict[str, float]
    """one rate, or one per country code"""
    economics: Economics = Economics()
    personas: list[Persona] = []
    voice: Voice = Voice()
    theme: Theme = Theme()
    mapping: list[Mapping] = []
    exchange_rates: dict[str, float] = {}
    """one unit of another currency in the client's currency"""
    exchange_rates_on: date | None = None
    tier_scheme: str = "s0"
    tier_schemes: dict[str, TierScheme] = {}
    """own sizes by name; `tier_scheme` says which is used"""
    engagement_formula: str = "likes_comments_per_follower"
    score: Score | None = None
    """a score on the vetting cards, only if the client wants one"""

    @field_validator("language")
    @classmethod
    def _has_catalog(cls, value: str) -> str:
        if value not in LANGUAGES:
            told = f"{', '.join(LANGUAGES[:-1])} or {LANGUAGES[-1]}"
            raise ValueError(
                f"no report speaks “{value}”: write {told}; the country's formats follow `market`"
            )
        return value

    @field_validator("market", "markets")
    @classmethod
    def _known_countries(cls, value: Any) -> Any:
        return _countries(value)

    @field_validator("tax_rate")
    @classmethod
    def _share_of_price(cls, value: float | dict[str, float]) -> float | dict[str, float]:
        rates = value.values() if isinstance(value, dict) else [value]
        if not all(0 <= rate < 1 for rate in rates):
            raise ValueError("expected a share: write 19 % as 0.19")
        return value


class Promotion(Model):
    """A promotion of the shop itself, inside or near the campaign."""

    start: date
    end: date
    what: str

    @model_validator(mode="after")
    def _days_in_order(self) -> Promotion:
        if self.end < self.start:
            raise ValueError(f"the promotion ends ({self.end}) before it starts ({self.start})")
        return self


class Commitment(Model):
    """An open point or a cost that has no file of its own."""

    what: str
    amount: float | None = None
    kind: str = "other"
    owner: str = ""
    due: date | None = None


class Codes(Model):
    """How discount codes are made."""

    percent: float = 10
    pattern: str = "{handle}{percent}"
    unguessable: bool = False
    once_per_customer: bool = True


class Links(Model):
    """How tracked links are made; see exports.md for the convention behind the defaults."""

    landing_page: str | None = None
    medium: str = "social"
    campaign: str | None = None
    shortener: str | None = None
    hosts: list[str] = []
    """further hosts that links may lead to, beside the client's website"""


class ProductClaim(Model):
    """What creators may say about the product, and what proves it."""

    claim: Annotated[str, Field(min_length=1)]
    proof: str = ""
    markets: list[str] = []
    """where it may be said; none means everywhere"""
    words: list[str] = []
    """the wordings that are allowed; none means the claim as it stands"""

    @property
    def wordings(self) -> list[str]:
        """All wordings that are allowed."""
        return self.words or [self.claim]


class Gift(Model):
    """What one creator is sent, and why that piece."""

    handle: str
    what: str
    size: str = ""
    reason: str = ""


class Draft(Model):
    """A creator's draft, pasted in to be looked at before it is posted."""

    handle: str
    text: str
    format: str = "post"
    platform: str | None = None


def _claim(value: Any) -> Any:
    return {"claim": value} if isinstance(value, str) else value


class Brief(Model):
    """What creators are told."""

    product: str = ""
    key_messages: list[str] = []
    must_avoid: list[str] = []
    proof: list[str] = []
    claims: list[Annotated[ProductClaim, BeforeValidator(_claim)]] = []
    """a line of text, or claim, proof, markets and words"""


class Target(Model):
    """What one figure should reach: a number, or value, baseline, owner and source."""

    value: float | None = None
    baseline: float | None = None
    owner: str = ""
    source: str = ""


def _target(value: Any) -> Any:
    return {"value": value} if isinstance(value, int | float) and not isinstance(value, bool) else value


class Overlap(Model):
    """How much of the smaller of two accounts' audiences the other one reaches too."""

    between: Annotated[list[str], Field(min_length=2, max_length=2)]
    """two handles"""
    share: Annotated[float, Field(ge=0, le=1)]


class MixRules(Model):
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
    platforms: dict[str, Share] = {}
    """platform: least and most of the creators' money, as [0.2, 0.8]"""
    packages: Annotated[int, Field(ge=1, le=4)] = 1
    """how often one creator's package may be bought"""
    overlap: Share | None = None
    """part of one typical audience that another creator on the same platform reaches too"""
    overlaps: list[Overlap] = []
    """pairs of accounts for which it is known"""


class CampaignFile(Model):
    """`campaigns/<name>.yml`."""

    name: str | None = None
    goal: Goal
    budget: Annotated[float, Field(gt=0)]
    start: date
    end: date
    playbook: str | None = None
    platforms: list[str] = []
    markets: list[str] = []
    as_of: date | None = None
    precedence: list[Claim] = ["code", "link", "survey"]
    commission_rate: Share | None = None
    agency_fee: float | None = None
    tools_cost: float | None = None
    ad_spend: float | None = None
    geo_targeted_ads: bool = False
    """whether ads on creator content are shown in chosen regions only"""
    settles_after_days: int = 30
    """days after an order in which it can come back"""
    promotions: list[Promotion] | None = None
    """the shop's own promotions; `[]` means there are none, leaving it out means unknown"""
    codes: Codes = Codes()
    links: Links = Links()
    brief: Brief = Brief()
    gifts: list[Gift] = []
    """what is sent to whom, in which size and why"""
    drafts: list[Draft] = []
    """texts to look at before they are posted"""
    deliverables: list[str] = []
    rights: str = ""
    costs: list[Commitment] = []
    open_points: list[Commitment] = []
    approved_by: str | None = None
    approved_on: date | None = None
    assumptions: dict[str, AnyRange] = {}
    """click rate, conversion rate … by name, in place of the pack's defaults"""
    targets: dict[str, Annotated[Target, BeforeValidator(_target)]] = {}
    """what each figure of `packs/goals.yml` should reach, by its key"""
    tier_scheme: str | None = None
    lead_times: dict[str, int] = {}
    """days per step, in place of the playbook's"""
    mix: MixRules = MixRules()

    @field_validator("markets")
    @classmethod
    def _known_countries(cls, value: Any) -> Any:
        return _countries(value)

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
    def title(self) -> str:
        """What people call it; without a name, its file's, with a capital."""
        said = self.id.replace("_", " ").replace("-", " ")
        return self.name or said[:1].upper() + said[1:]


class Client(ClientFile):
    """A client: its file, its folder and its campaigns' names."""

    folder: Path
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
        base = (self.folder.parent if key in self.agency_theme else self.folder).resolve()
        path = (base / name).resolve()
        return path if path.is_relative_to(base) and path.is_file() else None

    @property
    def campaign_ids(self) -> list[str]:
        """Names of the campaign files, in alphabetical order; lift plans beside them and hidden files are none."""
        named = (path.stem for path in (self.folder / "campaigns").glob("*.yml"))
        return sorted(name for name in named if not name.startswith(".") and not name.endswith(".lift"))


def read_client(folder: Path) -> Client:
    """The client in a folder; what `client.yml` leaves open comes from `agency.yml` beside the folder.

    Raises:
        Problem: there is no such folder or file, or the file has a mistake in it.
    """
    folder = folder.resolve()
    path = folder / "client.yml"
    if not path.is_file():
        raise Problem(
            "there is no client.yml in this folder",
            folder,
            todo="Run “creatorbook new DIR” to make a client folder.",
        )
    inherited = _agency(folder.parent / "agency.yml")
    told = yaml_files.load(path, ClientFile, inherited)
    own = yaml_files.read(path).get("theme") or {}
    shared = frozenset(inherited.get("theme") or {}) - frozenset(own)
    return Client.model_construct(**{**_fields(told), "folder": folder, "agency_theme": shared})


def agency_files(folder: Path) -> list[Path]:
    """`agency.yml` beside a client folder and the files that its theme names: what all reports there depend on."""
    path = folder.parent / "agency.yml"
    if not path.is_file():
        return []
    try:
        theme = yaml_files.read(path).get("theme")
    except Problem:  # told when the client is read
        return [path]
    told = theme if isinstance(theme, dict) else {}
    fonts = told.get("fonts")
    fonts = fonts if isinstance(fonts, dict) else {}
    named = [told.get("logo"), fonts.get("regular"), fonts.get("semibold")]
    found = [path.parent / name for name in named if isinstance(name, str)]
    return [path, *(file for file in found if file.is_file())]


#: what agency.yml cannot say for all clients: a report under another client's name would be the worst of mistakes
OWN_KEYS = ("brand", "website", "mapping")


def _agency(path: Path) -> dict[str, Any]:
    """What an agency says for all its clients, in the form of `client.yml`; nothing if there is no such file."""
    if not path.is_file():
        return {}
    told = yaml_files.load_part(path, ClientFile)
    for key in OWN_KEYS:
        if key in told:
            line = yaml_files.line_of(path, [key])
            raise Problem(
                f"“{key}” is each client's own", path, line, todo="Write it in the client's client.yml."
            )
    return told


def read_campaign(client: Client, name: str | None = None) -> Campaign:
    """One campaign of a client; without a name, the only one or the one that starts last.

    Raises:
        Problem: no campaign file, no campaign of that name, or a mistake in the file.
    """
    folder = client.folder / "campaigns"
    if not client.campaign_ids:
        raise Problem("there is no campaign file", folder, todo="Add campaigns/<name>.yml.")
    if name is not None and name not in client.campaign_ids:
        known = ", ".join(client.campaign_ids)
        raise Problem(f"there is no campaign “{name}”", folder, todo=f"Campaigns here: {known}.")
    ids = [name] if name else client.campaign_ids
    found = [_campaign(folder / f"{campaign_id}.yml") for campaign_id in ids]
    return max(found, key=lambda campaign: (campaign.start, campaign.id))


def _campaign(path: Path) -> Campaign:
    told = yaml_files.load(path, CampaignFile)
    # which keys the file states is kept: “precedence stated” is not the same as its default
    return Campaign.model_construct(told.model_fields_set, **{**_fields(told), "id": path.stem, "path": path})


def _fields(model: Model) -> dict[str, Any]:
    """A model's fields as they are, nested models kept."""
    return {name: getattr(model, name) for name in type(model).model_fields}


DECISION_COLUMNS = ["date", "handle", "decision", "reason", "note", "by"]


def read_decisions(client: Client) -> pd.DataFrame:
    """`decisions.csv` as texts (date as a day), oldest first; empty if nothing is decided yet.

    Raises:
        Problem: a column is missing, a day is no day, or the file is not UTF-8 text.
    """
    path = client.folder / "decisions.csv"
    rows = _decision_rows(path)
    for line, row in enumerate(rows, start=2):
        try:
            row["date"] = date.fromisoformat(row["date"])
        except ValueError:
            raise Problem(
                f"“{row['date']}” is not a day", path, line, "date", todo="Write it as 2026-03-29."
            ) from None
    frame = pd.DataFrame(rows, columns=DECISION_COLUMNS)
    frame["date"] = pd.to_datetime(frame["date"])
    return frame.sort_values("date", kind="stable", ignore_index=True)


def record_decision(
    client: Client, handle: str, decision: str, reason: str, note: str = "", by: str = "", *, on: date
) -> bool:
    """Add one decision to `decisions.csv`; nothing that stands there is changed.

    The same day, handle, decision and reason are written once, however often it is asked for.

    Returns:
        Whether a row was added.

    Raises:
        Problem: no handle, a decision or reason that is not in `packs/reasons.yml`, or an unreadable file.
    """
    offered = pack("reasons")
    account = handle.strip().lstrip("@").lower()
    if not account:
        raise Problem("a decision needs a handle", todo="Say which creator it is about.")
    for what, told, known in (
        ("decision", decision, list(offered["decisions"])),
        ("reason", reason, offered["reasons"]),
    ):
        if told not in known:
            raise Problem(f"“{told}” is not a {what} we know", todo=f"Choose one of: {', '.join(known)}.")
    path = client.folder / "decisions.csv"
    rows = _decision_rows(path)
    row = dict(zip(DECISION_COLUMNS, (on.isoformat(), account, decision, reason, note, by), strict=True))
    key = DECISION_COLUMNS[:4]
    if any([old[name] for name in key] == [row[name] for name in key] for old in rows):
        return False
    write_rows(path, [*rows, row], DECISION_COLUMNS)
    return True


def _decision_rows(path: Path) -> list[dict[str, Any]]:
    return _rows(path, DECISION_COLUMNS)


def _rows(path: Path, columns: list[str]) -> list[dict[str, Any]]:
    """The rows of a file of ours as they stand, handles without @ and in lower case."""
    if not path.is_file():
        return []
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Problem("not saved as UTF-8 text", path, todo="Save it again as UTF-8.") from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    lacking = [name for name in columns if name not in (reader.fieldnames or [])]
    if text.strip() and lacking:
        todo = f"The first line reads: {','.join(columns)}"
        raise Problem(f"the column “{lacking[0]}” is missing", path, 1, todo=todo)
    rows = [{name: from_csv(row[name] or "") for name in columns} for row in reader]
    return [{**row, "handle": row["handle"].strip().lstrip("@").lower()} for row in rows]


def write_rows(path: Path, rows: list[dict[str, Any]], columns: list[str]) -> None:
    """Write beside the file and move over it, so that a reader sees the old or the new file, never half."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".csv", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows({name: for_csv(cell) for name, cell in row.items()} for row in rows)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


LINK_COLUMNS = ["issued_on", "creator", "handle", "platform", "code", "link"]


def links_path(campaign: Campaign) -> Path:
    """Where a campaign's issued codes and links are kept: beside its file."""
    return campaign.path.with_name(f"{campaign.id}.links.csv")


def read_links(campaign: Campaign) -> pd.DataFrame:
    """The codes and links issued for a campaign, as texts; empty if none is issued yet.

    Raises:
        Problem: a column is missing, one account stands there twice, or the file is not UTF-8 text.
    """
    path = links_path(campaign)
    rows = _rows(path, LINK_COLUMNS)
    seen: dict[tuple[str, str], int] = {}
    for line, row in enumerate(rows, start=2):
        first = seen.setdefault((row["handle"], row["platform"]), line)
        if first != line:
            what = f"@{row['handle']} on {row['platform']} is there twice (first in line {first})"
            raise Problem(what, path, line, "handle", todo="Keep the line that the creator was given.")
    _refuse_shared(path, rows)
    return pd.DataFrame(rows, columns=LINK_COLUMNS, dtype="str")


def _refuse_shared(path: Path, rows: list[dict[str, Any]]) -> None:
    """Raise a Problem where one issued code stands beside two creators."""
    owners: dict[str, tuple[str, int]] = {}
    for line, row in enumerate(rows, start=2):
        owner, first = owners.setdefault(row["code"].upper(), (row["creator"], line))
        if row["code"] and owner != row["creator"]:
            what = f"the code {row['code']} was issued to {owner} (line {first}) and to {row['creator']}"
            todo = (
                "The shop's orders tell who used it; ask the brand whose it is, and give the other a new one."
            )
            raise Problem(what, path, line, "code", todo=todo)


def add_links(campaign: Campaign, issued: pd.DataFrame) -> int:
    """Write newly issued codes and links to the campaign's links file; what was issued never changes.

    Args:
        campaign: the campaign they belong to.
        issued: rows with `LINK_COLUMNS`; a value that stands in the file already is left as it is there.

    Returns:
        How many codes and links were added.
    """
    held = {(row["handle"], row["platform"]): row for row in read_links(campaign).to_dict("records")}
    added = 0
    for row in issued[LINK_COLUMNS].fillna("").to_dict("records"):
        known = held.setdefault((row["handle"], row["platform"]), {**row, "code": "", "link": ""})
        for name in ("code", "link"):
            if row[name] and not known[name]:
                known[name], added = row[name], added + 1
    if added:
        write_rows(links_path(campaign), list(held.values()), LINK_COLUMNS)
    return added
