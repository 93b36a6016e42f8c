"""Lesson 14: a code is a trace, not a cause. Which code travelled, which orders are in doubt, how many count, and what was extra.

Truth: the simulator's cause of every order. What is in doubt is told by the product's signs (`finance.leaks`); orders on which
signs and truth disagree are not asked about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from creatorbook.book import Book
from creatorbook.campaign.shop_sales import purchases
from creatorbook.finance.leaks import carrying, order_signs
from creatorbook.findings import Column, Count, Day, Share, Table, Text, say
from creatorbook.simulate import Plant, Settings
from creatorbook.simulate.held_back import regions
from creatorbook.simulate.settings import HeldBack, Strength
from creatorbook.simulate.world import World
from creatorbook.stats.lift_power import Lift, lift_test
from creatorbook.training.answers import NONE, Ask
from creatorbook.training.lesson import Judgement, Parts, Question, Stated, Values, not_yet, reason_for, right
from creatorbook.training.worlds import lesson_settings, made_up_client

LETTERS = "ABCDEFGHIJ"
#: part of the exercises in which a code leaks; how often a client is drawn anew until that can be seen; and by how many orders
PART_LEAKS, REDRAWN, LEAST_SEEN = 0.75, 6, 2
STRENGTHS: tuple[Strength, ...] = ("weak", "medium")
WEEK = timedelta(days=7)
#: days of exports before the campaign, as many as it lasts, so that equal stretches are compared
BEFORE = 28
#: how near an estimate of extra orders must come to that of the comparison, as a part of the orders it is about
NEAR = 0.01
#: a range so wide, as a part of all orders with a code, settles nothing
TOO_WIDE = 0.75

PROOF: dict[str, Text] = {
    "caused": say("that the creator caused the order"),
    "extra": say("that the order would not have come otherwise"),
    "all": say("how many orders the creator brought in all"),
    "known": say("that whoever ordered knew the code, and no more"),
}


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes:
        codes: one row per creator, index code: creator, orders by code (`week1` …), clicks, coupon (orders that came from a
            coupon site), by_code, by_link, both (orders that carry a code, a link's click, or both), leaked, brought.
        leaked: the code that travelled; empty where none did.
        doubt: ten orders with a creator's code, index letters: day, code, post (days since the creator's last post),
            referrer, clicks, in_doubt.
        weekly: orders by week before and during the campaign, shown and held-back regions.
        lift: what the comparison of regions finds.
        caused, extra: orders that creators truly caused in the campaign's days in shown regions, and of them those that would not have come otherwise.
        untraced: share of the orders that creators caused which carries neither code nor click.
    """

    codes: pd.DataFrame
    leaked: str
    doubt: pd.DataFrame
    weekly: pd.DataFrame
    lift: Lift
    caused: int
    extra: int
    untraced: float

    @property
    def asked_code(self) -> str:
        """The code whose orders are asked about: the leaked one, else that with most orders."""
        return self.leaked or str(self.codes.by_code.idxmax())

    @property
    def in_doubt(self) -> list[str]:
        """Letters of the orders in doubt; “none of them” where none is."""
        return list(self.doubt.index[self.doubt.in_doubt]) or [NONE]

    @property
    def traced(self) -> int:
        """Orders with a code or a click, each once."""
        return int((self.codes.by_code + self.codes.by_link - self.codes.both).sum())

    @property
    def extra_found(self) -> float:
        """Extra orders that the comparison of regions finds."""
        during = self.weekly[self.weekly.during].shown.sum()
        return float(during - during / self.lift.ratio)


def exercise(seed: int, language: str = "en") -> Exercise:
    """The exercise of a seed: in one of four nothing has leaked. What cannot be seen is not asked: such a client is drawn anew."""
    leaks = bool(np.random.default_rng([14, seed]).random() < PART_LEAKS)
    for attempt in range(REDRAWN):
        here = _drawn(seed + 100_000 * attempt, language, leaks=leaks)
        coupons = here.codes.coupon
        if not leaks or (here.leaked and coupons[here.leaked] >= LEAST_SEEN and here.in_doubt != [NONE]):
            break
    return here


def _drawn(seed: int, language: str, *, leaks: bool) -> Exercise:
    random = np.random.default_rng([41, seed])
    settings = lesson_settings(
        seed, language, creators=6, tiers={"micro": 1.0}, order_spread=0.7, orders_per_day=24, orders_per_creator=30,
        days_before=BEFORE, campaign_days=BEFORE, days_after=35, start=date(2026, 3, 9), return_rate=0.2,
        tracking={"code": 0.35, "link": 0.2, "both": 0.27, "neither": 0.18},
        planted=[Plant(kind="leaked_code", strength=STRENGTHS[int(random.integers(2))])] if leaks else [],
        files={
            "creators": "creators.csv", "shopify_orders": "orders.csv", "clicks": "clicks.csv",
            "shopify_discounts": "discounts_export.csv", "instagram_content": "instagram content.csv",
        },
    )  # fmt: skip
    hold_out = HeldBack(regions=regions(settings)[1:3], plan_stored=False)
    settings = settings.model_copy(update={"held_back": hold_out})
    world, book = made_up_client(settings, "results")
    orders, weekly = _orders(book, world), _weekly(settings, book)
    codes = _codes(world, orders)
    made = _made(world)
    every = world.shop.orders[world.shop.orders.cause == "creator"]
    return Exercise(
        codes=codes,
        leaked=next(iter(codes.index[codes.leaked]), ""),
        doubt=_ten(world, orders, random),
        weekly=weekly,
        lift=_lift(weekly),
        caused=len(made),
        extra=int(made.incremental.sum()),
        untraced=float((every.shows == "neither").mean()),
    )


def _made(world: World) -> pd.DataFrame:
    """Orders that creators caused in the campaign's days in shown regions."""
    settings, sold = world.settings, world.shop.orders
    day = sold.ordered_at.dt.date
    counts = (day >= settings.start) & (day <= settings.end) & sold.cancelled_at.isna() & ~sold.test
    return sold[counts & ~sold.region.isin(settings.held_back.regions) & (sold.cause == "creator")]


def _lift(weekly: pd.DataFrame) -> Lift:
    before, during = weekly[~weekly.during], weekly[weekly.during]
    return lift_test(*(part[name].to_numpy() for name in ("shown", "held_back") for part in (before, during)))


def _orders(book: Book, world: World) -> pd.DataFrame:
    """Claimed orders with their signs, what is true of them, and what can be seen: one row per order."""
    signs = order_signs(book)
    truth = world.shop.orders.set_index("order_id").reindex(signs.order_id)
    frame = signs.assign(
        in_doubt=carrying(signs),
        cause=truth.cause.to_numpy(),
        code=truth.code.to_numpy(),
        referrer=book.tables.orders.set_index("order_id").referrer.reindex(signs.order_id).to_numpy(),
    )
    frame["day"] = frame.ordered_at.dt.normalize()
    return frame[frame.code != ""].reset_index(drop=True)


def _codes(world: World, orders: pd.DataFrame) -> pd.DataFrame:
    """One row per code; see `Exercise.codes`."""
    main = world.people[world.people.main]
    start = pd.Timestamp(world.settings.start)
    week = ((orders.day - start).dt.days // 7).clip(0, 4) + 1
    by_week = (
        orders.groupby(["code", week]).size().unstack(fill_value=0).reindex(columns=range(1, 6), fill_value=0)
    )
    sold = world.shop.orders[world.shop.orders.cancelled_at.isna()]
    made = sold[sold.cause == "creator"].groupby(["person", "shows"]).size().unstack(fill_value=0)
    made = made.reindex(index=main.person, columns=["code", "link", "both", "neither"], fill_value=0)
    frame = pd.DataFrame(
        {"creator": main.creator.to_numpy(), "person": main.person.to_numpy()}, index=main.code.to_numpy()
    )
    frame = frame.join(by_week.add_prefix("week")).fillna(0)
    frame["clicks"] = (
        world.clicks.groupby("account").clicks.sum().reindex(main.index, fill_value=0).to_numpy()
    )
    coupon = orders[orders.coupon_site.fillna(value=False).astype(bool)].code.value_counts()
    frame["coupon"] = coupon.reindex(frame.index, fill_value=0)
    frame["by_code"] = orders.code.value_counts().reindex(frame.index, fill_value=0)
    frame["brought"] = (
        orders[orders.cause == "creator"].code.value_counts().reindex(frame.index, fill_value=0)
    )
    frame["both"] = np.minimum(made["both"].to_numpy(), frame.by_code)
    frame["by_link"] = (made["link"] + made["both"]).to_numpy()
    leaking = world.results.set_index("person").leak_orders.reindex(main.person) > 0
    frame["leaked"] = leaking.to_numpy()
    return frame.sort_index(kind="stable")


def _ten(world: World, orders: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Up to ten orders of whose doubt it can be seen and is true: signs and truth agree."""
    doubtful = orders[orders.in_doubt & (orders.cause == "leak")]
    sound = orders[~orders.in_doubt & (orders.cause == "creator")]
    strong = doubtful[doubtful.coupon_site.fillna(value=False).astype(bool)]
    wanted = min(len(strong), int(random.integers(2, 5)))
    sizes = ((strong, wanted), (sound, min(len(sound), len(LETTERS) - wanted)))
    taken = [one.iloc[np.sort(random.choice(len(one), size, replace=False))] for one, size in sizes if size]
    ten = pd.concat(taken).sort_values(["day", "order_id"], kind="stable").head(len(LETTERS))
    ten = ten.set_axis(list(LETTERS[: len(ten)]))
    ten["post"] = [_days_since_post(world, row) for row in ten.itertuples()]
    ten["clicks"] = [_clicks_before(world, row) for row in ten.itertuples()]
    return ten[["order_id", "day", "code", "post", "referrer", "clicks", "in_doubt"]]


def _account(world: World, code: str) -> int:
    main = world.people[world.people.main]
    return int(main.index[main.code == code][0])


def _days_since_post(world: World, order: Any) -> float:
    own = world.posts[world.posts.campaign & (world.posts.account == _account(world, order.code))]
    before = own.published_at[own.published_at.dt.normalize() <= order.day]
    return float((order.day - before.max().normalize()).days) if len(before) else np.nan


def _clicks_before(world: World, order: Any) -> int:
    own = world.clicks[world.clicks.account == _account(world, order.code)]
    day = pd.Timestamp(world.settings.first_day) + pd.to_timedelta(own.day, unit="D")
    return int(own.clicks[(day <= order.day) & (day > order.day - pd.Timedelta(days=3))].sum())


def _weekly(settings: Settings, book: Book) -> pd.DataFrame:
    """Orders by week, four before and four during the campaign: week, shown, held_back, during."""
    sold = purchases(book)
    week = (sold.ordered_at.dt.normalize() - pd.Timestamp(settings.start)).dt.days // 7
    inside = week.between(-4, 3)
    region = sold.order_id.map(book.tables.orders.set_index("order_id").region)
    held_back = region.isin(settings.held_back.regions)
    counts = pd.DataFrame({"week": week[inside], "held": held_back[inside]}).groupby(["week", "held"]).size()
    wide = counts.unstack(fill_value=0).reindex(range(-4, 4), fill_value=0)
    return pd.DataFrame(
        {
            "week": [settings.start + week * WEEK for week in wide.index],
            "shown": wide.get(False, 0),
            "held_back": wide.get(True, 0),
            "during": wide.index >= 0,
        }
    ).reset_index(drop=True)


def parts(seed: int, language: str = "en") -> Parts:
    """The lesson's evidence and questions for a seed."""
    here = exercise(seed, language)
    return Parts(
        {
            "codes": lambda: (_codes_table(here),),
            "orders": lambda: (_orders_table(here),),
            "traces": lambda: (_traces_table(here),),
            "weeks": lambda: (_weeks_table(here),),
        },
        (_leak(here), _doubt(here), _brought(here), _count(here), _proof(here), _extra(here), _told(here)),
    )


def _codes_table(here: Exercise) -> Table:
    frame = here.codes.reset_index(names="code")
    columns = {
        "code": Column(say("Code")),
        "creator": Column(say("Creator")),
        **{f"week{n}": Column(say("Orders in week {n}", n=n), "number") for n in range(1, 6)},
        "clicks": Column(say("Clicks on the link"), "number"),
        "coupon": Column(say("Orders from coupon sites"), "number"),
    }
    note = say(
        "The campaign lasts four weeks; everybody posts in weeks one to four. Week five is what comes after. Of ten buyers who come from a coupon site, three are seen to."
    )
    return Table("training.codes", say("Orders by code"), frame, columns, note=note)


def _orders_table(here: Exercise) -> Table:
    frame = here.doubt.reset_index(names="letter")
    columns = {
        "letter": Column(""),
        "day": Column(say("Day"), "date"),
        "code": Column(say("Code")),
        "post": Column(say("Days since the creator's last post"), "number"),
        "clicks": Column(say("Clicks on the creator's link, three days"), "number"),
        "referrer": Column(say("Came from"), missing="–"),
    }
    return Table("training.orders", say("Orders with a creator's code"), frame, columns)


def _traces_table(here: Exercise) -> Table:
    rows = here.codes[["creator", "by_code", "by_link", "both"]].reset_index(drop=True)
    rows.loc[len(rows)] = ["", *rows[["by_code", "by_link", "both"]].sum()]
    rows["creator"] = [*rows.creator.iloc[:-1], say("All")]
    columns = {
        "creator": Column(say("Creator")),
        "by_code": Column(say("Orders with the code"), "number"),
        "by_link": Column(say("Orders after a click"), "number"),
        "both": Column(say("of which in both lists"), "number"),
    }
    return Table("training.traces", say("Two lists of orders"), rows, columns, strong=(len(rows) - 1,))


def _weeks_table(here: Exercise) -> Table:
    frame = here.weekly.assign(
        part=[say("campaign") if during else say("before") for during in here.weekly.during]
    )
    columns = {
        "week": Column(say("Week of"), "date"),
        "part": Column(""),
        "shown": Column(say("Orders where creators are shown"), "number"),
        "held_back": Column(say("Orders in regions held back"), "number"),
    }
    return Table("training.weeks", say("All orders of the shop, by week"), frame, columns)


def _leak(here: Exercise) -> Question:
    codes, leaked = here.codes, here.leaked

    def judge(values: Values) -> Judgement:
        given = values["leak"]
        if given == (leaked or NONE):
            return right()
        if given == NONE:
            return not_yet(
                say("Buyers of one code came from coupon sites. Look at the last column, and at the weeks.")
            )
        if codes.coupon[given] == 0:
            return not_yet(say(
                "{code} has orders, and no buyer came from a coupon site: many orders are a good result before they are a leak. A charge needs more than envy.",
                code=given,
            ))  # fmt: skip
        return not_yet(say("Look for the code whose orders go on while its clicks do not."))

    shown = {code: say("{code} · {name}", code=code, name=str(row.creator)) for code, row in codes.iterrows()}
    row = codes.loc[leaked] if leaked else None
    why: Text = say(
        "No buyer came from a coupon site, and orders come and go with the posts. In one exercise of four nothing has leaked."
    )
    if row is not None:
        why = say(
            "{n} buyers of {code} came from coupon sites; its {orders} orders are {times} for every 100 clicks, the others' {usual}.",
            n=Count(int(row.coupon)), code=leaked, orders=Count(int(row.by_code)),
            times=Count(100 * row.by_code / max(row.clicks, 1), 1),
            usual=Count(float(100 * codes.by_code.drop(leaked).sum() / codes.clicks.drop(leaked).sum()), 1),
        )  # fmt: skip
    return Question(
        "leak",
        say("Which code has travelled?"),
        (Ask("leak", say("Which code was used far beyond the creator's audience?"), "choice", {**shown, NONE: say("none of them")}),),
        {"leak": leaked or NONE},
        why,
        judge,
        (
            say("Whoever follows a creator comes after a post and by the link. Where else can a code be found?"),
            say("Divide orders by clicks, and read the last column."),
        ),
        say("A leak is no fault of the creator's: somebody put the code on a coupon site. Ask kindly, and change the code."),
    )  # fmt: skip


def _doubt(here: Exercise) -> Question:
    wanted = set(here.in_doubt) - {NONE}

    def judge(values: Values) -> Judgement:
        given = set(values["doubt"]) - {NONE}
        for letter in sorted(given - wanted):
            days = here.doubt.post[letter]
            return not_yet(say(
                "{letter} came {days} days after the post, by the code and from nowhere else. Late buyers are buyers: nothing points to anybody else.",
                letter=letter, days=Count(days),
            ))  # fmt: skip
        for letter in sorted(wanted - given):
            return not_yet(
                say(
                    "{letter} came from {site}: whoever looks for codes there was about to buy.",
                    letter=letter,
                    site=str(here.doubt.referrer[letter]),
                )
            )
        return right()

    options = {
        letter: say("{letter} · {day} · {code}", letter=letter, day=Day(row.day.date()), code=row.code)
        for letter, row in here.doubt.iterrows()
    }
    return Question(
        "doubt",
        say("Which of these orders are in doubt?"),
        (Ask("doubt", say("Orders to set aside until the contract decides"), "choices", {**options, NONE: say("none of them")}),),
        {"doubt": here.in_doubt},
        say("Whoever came from a coupon site was about to buy and looked for a code. The others came as followers come, some of them late.") if wanted
        else say("Nobody came from a coupon site. They came as followers come, some of them late, and in some exercises nothing is in doubt."),
        judge,
        (
            say("Doubt needs a sign. Days alone are none: one in five buyers takes more than a week."),
            say("Read the last column of the table."),
        ),
        say("They are in doubt, not taken off: the workbook shows both sums, and the contract decides."),
    )  # fmt: skip


def _range_objection(low: float, high: float, orders: int, truth: int) -> Text:
    """What is not right about a range for the orders that a creator truly brought, of all with the code."""
    if high > orders:
        return say(
            "The code stands on {orders} orders: more it cannot have brought by code.", orders=Count(orders)
        )
    if not low <= truth <= high and truth == orders:
        return say("Nothing points to anybody else: all {truth} are the creator's.", truth=Count(truth))
    if not low <= truth <= high:
        return say(
            "Of {orders}, {truth} were the creator's. What others of that reach bring, and the weeks before the leak, tell about as much.",
            truth=Count(truth), orders=Count(orders),
        )  # fmt: skip
    if high - low > max(TOO_WIDE * orders, 2 * 1.645 * np.sqrt(max(truth, 4))):
        return say(
            "It was {truth}, and your range holds it; but it is so wide that it settles no invoice.",
            truth=Count(truth),
        )
    return ""


def _brought(here: Exercise) -> Question:
    code = here.asked_code
    row = here.codes.loc[code]
    orders, truth = int(row.by_code), int(row.brought)
    chance = 1.645 * np.sqrt(max(truth, 4))

    def judge(values: Values) -> Judgement:
        low, high = values["low"], values["high"]
        if low > high:
            return not_yet(say("The lower end is above the upper one."))
        stated = Stated(low, high, truth)
        return Judgement(_range_objection(low, high, orders, truth), stated=stated)

    others = here.codes.by_code.drop(code)
    spread = max(1.0, float(np.ceil(chance)))
    return Question(
        "brought",
        say("How many of its orders did the creator bring?"),
        (
            Ask("low", say("Orders with {code} that its creator brought, at least", code=code), "number", unit=say("orders")),
            Ask("high", say("at most"), "number", unit=say("orders"), help=say("A range that holds in nine of ten cases.")),
        ),
        {"low": float(max(0, truth - spread)), "high": float(min(orders, truth + spread))},
        say("{truth} of {orders}; the other codes stand on {usual} orders on average.", truth=Count(truth), orders=Count(orders), usual=Count(float(others.mean()))),
        judge,
        (
            say("How many orders does a click bring with the other codes? This code has clicks, too."),
            say("And of those who come from coupon sites, three in ten are seen to: {seen} were.", seen=Count(int(row.coupon))),
        ),
        say("An estimate with a range is what a fair talk about money begins with."),
    )  # fmt: skip


def _count(here: Exercise) -> Question:
    by_code, by_link, both = (int(here.codes[name].sum()) for name in ("by_code", "by_link", "both"))

    def judge(values: Values) -> Judgement:
        given = values["traced"]
        if round(given) == here.traced:
            return right()
        if round(given) == by_code + by_link:
            return not_yet(
                say(
                    "Counted twice, because in both lists: {both}. An order is paid once.",
                    both=Count(both),
                )
            )
        if round(given) in {by_code, by_link}:
            return not_yet(say("That is one list. Who clicked and forgot the code is in the other only."))
        if round(given) == by_code + by_link - 2 * both:
            return not_yet(say("Orders in both lists are orders, too: count them once, not never."))
        return not_yet(say("Both lists together, and what stands in both once."))

    return Question(
        "count",
        say("How many orders are traced?"),
        (Ask("traced", say("Orders that carry a code or a click, each once"), "number", unit=say("orders")),),
        {"traced": here.traced},
        say("{code} with the code and {link} after a click, less {both} that stand in both lists and would count twice.", code=Count(by_code), link=Count(by_link), both=Count(both)),
        judge,
        (say("Whoever adds the two lists counts some orders twice."), say("Take off what stands in both, once.")),
        say("In a report each order is counted once, and a rule written before the start says which trace wins."),
    )  # fmt: skip


def _proof(here: Exercise) -> Question:
    reasons = {
        "caused": say("Codes are found, shared and leaked: a trace is no cause."),
        "extra": say("Some of these buyers would have bought anyway, with a discount less. A trace cannot tell them apart."),
        "all": say("Some buyers leave no trace: here {untraced} of the orders that creators caused carry neither code nor click.", untraced=Share(here.untraced)),
    }  # fmt: skip

    def judge(values: Values) -> Judgement:
        return Judgement(reasons.get(values["proof"], ""))

    return Question(
        "proof",
        say("What does a code prove?"),
        (Ask("proof", say("An order carries a creator's code. That shows …"), "choice", PROOF),),
        {"proof": "known"},
        say(
            "Of {caused} orders that creators truly caused here in four weeks, {extra} would not have come otherwise, and {untraced} left no trace at all.",
            caused=Count(here.caused), extra=Count(here.extra), untraced=Share(here.untraced),
        ),
        judge,
        (say("Think of a coupon site, of a regular customer, and of somebody who forgot the code."), say("Each of the three rules out one answer.")),
        say("So codes settle who is paid. What was extra is measured otherwise: that is the next question."),
    )  # fmt: skip


def sums(here: Exercise) -> tuple[float, float, float, float]:
    """Orders shown and held back, before and during."""
    weekly = here.weekly
    before, during = weekly[~weekly.during], weekly[weekly.during]
    return (
        float(before.shown.sum()),
        float(during.shown.sum()),
        float(before.held_back.sum()),
        float(during.held_back.sum()),
    )


def _extra(here: Exercise) -> Question:
    shown_before, shown, held_back_before, held_back = sums(here)
    expected, measured = shown / float(here.lift.ratio), here.extra_found
    near = max(3.0, NEAR * shown)
    mistakes = [
        (shown - shown_before, say("That is before and after. Whatever else changed is in it: the regions held back changed, too.")),
        (shown - held_back, say("Shown regions are larger to begin with: their level says nothing, their change does.")),
        (here.traced, say("Those are traced orders. Some of them would have come anyway, and some extra ones left no trace.")),
        ((shown - shown_before) - (held_back - held_back_before), say("Close. But a small region moves by few orders: compare by how many times orders changed, not by how many orders.")),
    ]  # fmt: skip

    def judge(values: Values) -> Judgement:
        given = values["extra"]
        if abs(given - measured) <= near:
            return right()
        if reason := reason_for(given, mistakes, near):
            return not_yet(reason)
        return not_yet(
            say(
                "What would shown regions have had, had they changed as the held-back ones did? The rest is extra."
            )
        )

    return Question(
        "extra",
        say("How many orders were extra?"),
        (Ask("extra", say("Orders that would not have come without the campaign, by this comparison"), "number", unit=say("orders"), help=say("Below 0 if there were fewer.")),),
        {"extra": round(measured, 1)},
        say(
            "Held-back regions went from {held_before} to {held}. Likewise, {before} would have become {expected}; {shown} came. The simulator knows: {truth} were extra.",
            held_before=Count(held_back_before), held=Count(held_back), before=Count(shown_before), expected=Count(expected), shown=Count(shown), truth=Count(here.extra),
        ),
        judge,
        (
            say("Add up four weeks before and four weeks of the campaign, for each column."),
            say("Orders expected = shown before × held back during ÷ held back before."),
        ),
        say("Measured, not traced: this is what a hold-out is for."),
    )  # fmt: skip


def _told(here: Exercise) -> Question:
    low, high = float(here.lift.low), float(here.lift.high)
    answer = "more" if low > 1 else "fewer" if high < 1 else "open"
    options = {
        "more": say("yes, more orders came"),
        "fewer": say("yes, fewer came"),
        "open": say("cannot tell yet"),
    }

    def judge(values: Values) -> Judgement:
        given = values["told"]
        if given == answer:
            return right()
        if answer == "open":
            return not_yet(
                say(
                    "Between {low} and {high} more is a range that holds no change at all: weeks differ by themselves. A longer test, or larger regions, could tell.",
                    low=Share(low - 1),
                    high=Share(high - 1),
                )
            )
        return not_yet(
            say(
                "Even the lower end of the range, {low}, is on one side.",
                low=Share(low - 1 if low > 1 else high - 1),
            )
        )

    return Question(
        "told",
        say("Is that more than chance?"),
        (Ask("told", say("The range of the comparison is {low} to {high} more orders. Can a lift be told?", low=Share(low - 1), high=Share(high - 1)), "choice", options),),
        {"told": answer},
        say("The likely change is {ratio}; its range (95%) is from {low} to {high}.", ratio=Share(float(here.lift.ratio) - 1), low=Share(low - 1), high=Share(high - 1)),
        judge,
        (say("Is 0% within the range?"), say("If it is, no change at all fits what was seen.")),
        say("A range that holds 0 is no proof of nothing, and one that does not is no proof of much."),
    )  # fmt: skip
