"""Every cost, declared once: what it is taken from, what it is made of, who bears it and what is missing without it.

The money ladder, the plan's unit economics (contribution margin of an order, break-even, highest fee), the
vetting card and each creator's outlook are all worked out from these entries, so a cost added here is taken off
everywhere. Rungs and their numbers follow from the order of the entries (`rungs`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from creatorbook.client import Range
from creatorbook.findings import Text, Wording, joined, say

if TYPE_CHECKING:
    from creatorbook.book import Book

#: draws behind every likely range, and their seed
DRAWS, SEED = 8000, 20260302
#: the place of the returns still expected among the draws (see `Input.stream`)
RETURNS_STREAM = 5


@dataclass(frozen=True)
class Bases:
    """What costs of orders are taken from: of one order, of a creator's, or of all; numbers, columns or draws.

    Attributes:
        stays: sales that stay, after discount, excl. VAT.
        goods: cost of the goods that are kept.
        goods_back: cost of the goods that come back.
        sent: parcels sent to buyers, those sent in exchange among them.
        charged: orders for which a buyer was charged something.
        returned: orders of which something comes back.
        paid: what buyers pay, with VAT and shipping.
        shipping_paid: of this for shipping, excl. VAT.
    """

    stays: Any
    goods: Any
    goods_back: Any
    sent: Any
    charged: Any
    returned: Any
    paid: Any
    shipping_paid: Any


@dataclass(frozen=True)
class Input:
    """A figure a cost is made of, from `economics` in client.yml or `assumptions` in the campaign file.

    Attributes:
        name: its key there.
        unit: money per order, or a share of the base.
        stream: its own place among the draws, never used twice, so that no input shifts another's draws; `None`
            for what is never a range.
        otherwise: what holds where nobody says; `None` leaves the whole cost out, and names it.
        label: how a reader calls it where it stands alone; without one, as its cost.
    """

    name: str
    unit: Literal["share", "money"]
    stream: int | None = None
    otherwise: float | None = None
    label: Text = ""

    def stated(self, book: Book) -> Range | None:
        """What the client's or the campaign's file says; `None` where neither does."""
        value = getattr(book.client.economics, self.name, None)
        if value is None:
            value = book.campaign.assumptions.get(self.name)
        return value if value is None or isinstance(value, Range) else exactly(value, "client.yml")

    def holds(self, book: Book) -> Range | None:
        """What is reckoned with: what is stated, else what holds otherwise."""
        stated = self.stated(book)
        return (
            exactly(self.otherwise, "not stated") if stated is None and self.otherwise is not None else stated
        )


def exactly(value: float, source: str) -> Range:
    """One number as a range."""
    return Range(low=value, likely=value, high=value, source=source)


@dataclass(frozen=True)
class OrderCost:
    """A cost that every order brings; the buyer's order bears it, whoever the creator is.

    Attributes:
        key, label, short, base: of its rung.
        inputs: what it is made of.
        amount: what is taken, from the bases and the inputs by name.
        source: where a reader finds what it is made of.
        source_otherwise: the same where an input is not stated and something else holds.
        missing: how a reader calls it where it is left out; empty for what is never asked for.
    """

    key: str
    label: Text
    short: Text
    base: Text
    inputs: tuple[Input, ...]
    amount: Callable[[Bases, Mapping[str, Any]], Any]
    source: Text
    source_otherwise: Text = ""
    missing: Text = ""

    def taken(self, bases: Bases, inputs: Mapping[str, Any]) -> Any:
        """What this cost takes; NaN where an input is not known and nothing else holds."""
        values = {
            one.name: one.otherwise if inputs.get(one.name) is None else inputs[one.name]
            for one in self.inputs
        }
        unknown = any(value is None for value in values.values())
        return np.nan * bases.sent if unknown else self.amount(bases, values)

    def asks(self, inputs: Mapping[str, Any]) -> bool:
        """Whether it is left out because nobody told one of its inputs."""
        return bool(self.missing) and any(
            one.otherwise is None and inputs.get(one.name) is None for one in self.inputs
        )


@dataclass(frozen=True)
class Kind:
    """A kind of campaign cost, as a cost sheet names it.

    Attributes:
        name: in the sheet's column “kind”.
        also: other names a sheet may give it.
        column: of the creators list that has it too.
        agreed: column of the contract and rights sheet that has it too.
        per_hour: whether that column is hours, priced at the client's hourly rate.
        field: of the campaign file that has it too.
        one_sum: one sum for the campaign, whoever it is booked to.
        replaces: the kind of another source that already holds it.
        rate: input in client.yml by which it is reckoned where no file has its amount …
        rate_of: … from the costs on these rungs.
        rate_base: how a reader calls these.
        missing: how a reader calls it where no file tells it; empty for what is not asked for.
        market: the only market where it is asked for.
        marketplace: whether it is asked for only where a marketplace's orders count.
        word: how a reader calls it among a creator's own costs.
    """

    name: str
    also: tuple[str, ...] = ()
    column: str = ""
    agreed: str = ""
    per_hour: bool = False
    field: str = ""
    one_sum: bool = False
    replaces: str = ""
    rate: str = ""
    rate_of: tuple[str, ...] = ()
    rate_base: Text = ""
    missing: Text = ""
    market: str = ""
    marketplace: bool = False
    word: Text = ""


@dataclass(frozen=True)
class CampaignCost:
    """A cost of the campaign, booked to a creator where one is named, else to the whole campaign.

    Attributes:
        key, label, short, base: of its rung.
        kinds: what it is made of.
        on_sales: owed on sales only, so not fixed beforehand.
        optional: can be switched off in the workbook.
    """

    key: str
    label: Text
    short: Text
    base: Text
    kinds: tuple[Kind, ...]
    on_sales: bool = False
    optional: bool = False


ORDER_COSTS: tuple[OrderCost, ...] = (
    OrderCost(
        key="goods",
        label=say("less cost of the goods kept"),
        short=say("cost of the goods kept"),
        base=say("line cost, else margin on the price before the code, excl. VAT"),
        inputs=(),  # a base of its own: see `margin`
        amount=lambda of, _: of.goods,
        source=say("client.yml: margin"),
    ),
    OrderCost(
        key="unsaleable",
        label=say("less goods returned and not resellable"),
        short=say("goods returned and not resellable"),
        base=say("cost of the goods returned"),
        inputs=(
            Input(
                "resellable_share",
                "share",
                stream=1,
                otherwise=1.0,
                label=say("returned goods that can be sold again"),
            ),
        ),
        amount=lambda of, at: of.goods_back * (1 - at["resellable_share"]),
        source=say("client.yml"),
        source_otherwise=say("assumed 0: all returns can be sold again"),
    ),
    OrderCost(
        key="shipping",
        label=say("less shipping to the buyer, net of shipping paid"),
        short=say("shipping to the buyer, net of shipping paid"),
        base=say("orders sent"),
        inputs=(Input("shipping_cost", "money", stream=2, label=say("shipping of an order")),),
        amount=lambda of, at: at["shipping_cost"] * of.sent - of.shipping_paid,
        source=say("client.yml: shipping cost; orders: shipping paid"),
        missing=say("shipping"),
    ),
    OrderCost(
        key="handling",
        label=say("less handling of returns"),
        short=say("handling of returns"),
        base=say("returned orders"),
        inputs=(Input("handling_per_return", "money", stream=3, label=say("handling of a return")),),
        amount=lambda of, at: at["handling_per_return"] * of.returned,
        source=say("client.yml: handling per return"),
        missing=say("handling of returns"),
    ),
    OrderCost(
        key="payment",
        label=say("less payment and marketplace fees"),
        short=say("payment and marketplace fees"),
        base=say("what buyers paid"),
        inputs=(
            Input("payment_fee_rate", "share", stream=4, label=say("payment fees, of what buyers pay")),
            Input("payment_fee_fixed", "money", otherwise=0.0),
        ),
        amount=lambda of, at: at["payment_fee_rate"] * of.paid + at["payment_fee_fixed"] * of.charged,
        source=say("client.yml: payment fees"),
        missing=say("payment fees"),
    ),
)

CAMPAIGN_COSTS: tuple[CampaignCost, ...] = (
    CampaignCost(
        key="commission",
        label=say("less commission to creators"),
        short=say("commission to creators"),
        base=say("sales that stay, excl. VAT and shipping"),
        kinds=(Kind("commission", missing=say("commission"), word=say("commission")),),
        on_sales=True,
    ),
    CampaignCost(
        key="fees",
        label=say("less creator fees"),
        short=say("creator fees"),
        base=say("contract, excl. recoverable VAT"),
        kinds=(Kind("fee", column="fee", agreed="fee", missing=say("creator fees"), word=say("fee")),),
    ),
    CampaignCost(
        key="gifts",
        label=say("less gifts at cost, with their shipping"),
        short=say("gifts at cost, with their shipping"),
        base=say("units"),
        # a gift in the creators list includes its parcel, so a sheet's parcel replaces it too
        kinds=(
            Kind("gift", column="gift_cost", missing=say("gifts"), word=say("gift")),
            Kind("shipping", replaces="gift"),
        ),
    ),
    CampaignCost(
        key="rights",
        label=say("less usage rights and exclusivity"),
        short=say("usage rights and exclusivity"),
        base=say("contract"),
        kinds=(
            Kind(
                "usage rights",
                also=("rights", "usage"),
                agreed="rights_fee",
                missing=say("usage rights"),
                word=say("rights"),
            ),
            Kind("whitelisting", also=("ad access",)),
            Kind("exclusivity"),
        ),
    ),
    CampaignCost(
        key="ads",
        label=say("less ad spend on creator content"),
        short=say("ad spend on creator content"),
        base=say("ads export or cost sheet"),
        kinds=(Kind("ads", field="ad_spend", one_sum=True, missing=say("ad spend"), word=say("ads")),),
    ),
    CampaignCost(
        key="overheads",
        label=say("less agency fee, tools and levies"),
        short=say("agency fee, tools and levies"),
        base=say("invoice"),
        kinds=(
            Kind("agency", field="agency_fee", one_sum=True, missing=say("agency fee")),
            Kind("tools", field="tools_cost", one_sum=True, missing=say("tools")),
            Kind(
                "marketplace fee",
                also=("marketplace fees", "platform fee", "platform fees", "referral fee"),
                missing=say("marketplace fees and parcels"),
                marketplace=True,
            ),
            Kind("network fee", also=("network", "network fees", "affiliate network")),
            Kind(
                "levy",
                rate="levy_rate",
                rate_of=("fees", "rights"),
                rate_base=say("fees and rights"),
                missing=say("levies on creators' pay"),
                market="DE",
                word=say("levy"),
            ),
            Kind("other"),
        ),
    ),
    CampaignCost(
        key="hours",
        label=say("less own hours"),
        short=say("own hours"),
        base=say("hours × rate"),
        kinds=(
            Kind("hours", column="hours", per_hour=True, missing=say("own hours"), word=say("own hours")),
        ),
        optional=True,
    ),
)

#: where a kind that no entry names is booked
OTHERWISE = "overheads"


def kinds() -> Iterator[tuple[CampaignCost, Kind]]:
    """Every kind of campaign cost with the cost it belongs to."""
    return ((cost, kind) for cost in CAMPAIGN_COSTS for kind in cost.kinds)


def plain_kind(text: str) -> str:
    """A kind of cost as everybody compares it: `Usage_Rights ` is `usage rights`, and so is `rights`."""
    plain = " ".join(text.lower().replace("_", " ").replace("-", " ").split())
    return next((kind.name for _, kind in kinds() if plain in kind.also), plain)


def own_words(*, planned: bool = True) -> Wording:
    """What a creator's own cost is made of, in a reader's words; as planned, what is fixed and theirs alone."""
    words = [kind.word for cost, kind in kinds() if not (planned and (cost.on_sales or kind.one_sum))]
    return joined(words, last="and")


def order_inputs() -> tuple[Input, ...]:
    """The inputs of all costs of an order."""
    return tuple(one for cost in ORDER_COSTS for one in cost.inputs)


def ranged_inputs() -> Iterator[tuple[OrderCost, Input]]:
    """Every input that may be a range, with the cost it belongs to."""
    return ((cost, one) for cost in ORDER_COSTS for one in cost.inputs if one.stream is not None)


def taken_from_order(bases: Bases, inputs: Mapping[str, Any]) -> Any:
    """What all costs of an order take together, what is not known left out."""
    return sum(np.nan_to_num(cost.taken(bases, inputs)) for cost in ORDER_COSTS)
