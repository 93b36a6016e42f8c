"""Lesson 14: a code is a trace, not a cause. Which code travelled, which orders are in doubt, how many count, and what was extra.

Truth: the simulator's cause of every order. What is in doubt is told by the product's signs (`finance.leaks`); orders on which
signs and truth disagree are not asked about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from creatorbook.book import Book
from creatorbook.campaign.lift_designs import counts_by_group
from creatorbook.campaign.order_codes import plain_codes
from creatorbook.campaign.posts import campaign_posts
from creatorbook.campaign.shop_sales import shop_sales
from creatorbook.finance.claims import orders_by_code, owners, people
from creatorbook.finance.leaks import carrying, order_signs
from creatorbook.finance.order_values import inside_window
from creatorbook.findings import Column, Count, Day, Share, Table, Text, say
from creatorbook.simulate import Plant, Settings
from creatorbook.simulate.held_back import regions
from creatorbook.simulate.settings import HeldBack, Strength
from creatorbook.simulate.world import World
from creatorbook.stats.lift_power import Lift, lift_test
from creatorbook.training.answers import NONE, Ask
from creatorbook.training.judging import all_of, in_range, near_to, one_of, unless
from creatorbook.training.lesson import Parts, Question, Values
from creatorbook.training.worlds import lesson_settings, made_up_client, seen_exercise

LETTERS = "ABCDEFGHIJ"
#: part of the exercises in which a code leaks, and by how many orders from coupon sites that is seen at least
PART_LEAKS, LEAST_SEEN = 0.75, 2
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

    def can_be_seen(here: Exercise) -> bool:
        if not leaks:
            return not here.leaked
        return bool(here.leaked) and here.codes.coupon[here.leaked] >= LEAST_SEEN and here.in_doubt != [NONE]

    return seen_exercise(seed, lambda drawn: _drawn(drawn, language, leaks=leaks), can_be_seen)


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
    orders, weekly = _orders(book, world), _weekly(book, hold_out.regions)
    codes = _codes(book, world, orders)
    extra = _caused(shop_sales(book), world)
    extra = extra[_while_shown(extra, settings)]
    every = _caused(inside_window(book), world)
    return Exercise(
        codes=codes,
        leaked=next(iter(codes.index[codes.leaked]), ""),
        doubt=_ten(book, orders, random),
        weekly=weekly,
        lift=_lift(weekly),
        caused=len(extra),
        extra=int(extra.incremental.sum()),
        untraced=float((~every.order_id.isin([*orders.order_id, *_by_link(book, world).order_id])).mean()),
    )


def _caused(orders: pd.DataFrame, world: World) -> pd.DataFrame:
    """Those of the shop's orders that creators truly caused, with whether they were extra."""
    truth = world.shop.orders.set_index("order_id").reindex(orders.order_id)
    marked = orders.assign(incremental=truth.incremental.to_numpy(), cause=truth.cause.to_numpy())
    return marked[marked.cause == "creator"]


def _while_shown(orders: pd.DataFrame, settings: Settings) -> pd.Series:
    """Which orders fall on the campaign's days, in regions where creators are shown."""
    inside = orders.ordered_at.dt.date.between(settings.start, settings.end)
    return inside & ~orders.region.isin(settings.held_back.regions)


def _lift(weekly: pd.DataFrame) -> Lift:
    before, during = weekly[~weekly.during], weekly[weekly.during]
    return lift_test(*(part[name].to_numpy() for name in ("shown", "held_back") for part in (before, during)))


def _orders(book: Book, world: World) -> pd.DataFrame:
    """Orders with a creator's code, their signs, and what truly caused them: one row per order."""
    signs = order_signs(book)
    truth = world.shop.orders.set_index("order_id").reindex(signs.order_id)
    frame = signs.assign(
        in_doubt=carrying(signs),
        cause=truth.cause.to_numpy(),
        code=signs.row.map(orders_by_code(book).set_index("row").code),
        day=signs.ordered_at.dt.normalize(),
    )
    return frame[frame.code.notna()].reset_index(drop=True)


def _codes(book: Book, world: World, orders: pd.DataFrame) -> pd.DataFrame:
    """One row per code; see `Exercise.codes`."""
    main = people(book).query("main").dropna(subset=["code"])
    frame = main[["creator"]].set_axis(main.code)
    week = ((orders.day - pd.Timestamp(book.campaign.start)).dt.days // 7).clip(0, 4) + 1
    by_week = orders.groupby(["code", week]).size().unstack(fill_value=0)
    frame = frame.join(by_week.reindex(columns=range(1, 6), fill_value=0).add_prefix("week")).fillna(0)
    frame["clicks"] = frame.creator.map(_clicks(book).groupby("creator").clicks.sum()).fillna(0)
    coupon = orders.coupon_site.fillna(value=False).astype(bool)
    counted = {"coupon": coupon, "by_code": coupon | True, "brought": orders.cause == "creator"}
    for name, which in counted.items():
        frame[name] = orders.code[which].value_counts().reindex(frame.index, fill_value=0)
    by_link = _by_link(book, world)
    frame["by_link"] = frame.creator.map(by_link.creator.value_counts()).fillna(0).astype(int)
    both = orders.order_id.isin(by_link.order_id)
    frame["both"] = orders.code[both].value_counts().reindex(frame.index, fill_value=0)
    leaking = world.people.person.map(world.results.set_index("person").leak_orders) > 0
    frame["leaked"] = frame.index.isin(plain_codes(world.people.code[leaking]))
    return frame.sort_index(kind="stable")


def _by_link(book: Book, world: World) -> pd.DataFrame:
    """Orders that truly came by a creator's link, which a link's own list names and the shop's file only in part."""
    orders = _caused(inside_window(book), world)
    truth = world.shop.orders.set_index("order_id").reindex(orders.order_id)
    creator = world.people.creator.reindex(truth.account).to_numpy()
    return orders.assign(creator=creator)[truth["shows"].isin(["link", "both"]).to_numpy()]


def _clicks(book: Book) -> pd.DataFrame:
    """Clicks by day, with whose link it was: creator, date, clicks."""
    clicks = book.tables.clicks
    return clicks[["date", "clicks"]].assign(creator=clicks.handle.map(owners(book)))


def _ten(book: Book, orders: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Up to ten orders of whose doubt it can be seen and is true: signs and truth agree."""
    doubtful = orders[orders.in_doubt & (orders.cause == "leak")]
    sound = orders[~orders.in_doubt & (orders.cause == "creator")]
    strong = doubtful[doubtful.coupon_site.fillna(value=False).astype(bool)]
    wanted = min(len(strong), int(random.integers(2, 5)))
    sizes = ((strong, wanted), (sound, min(len(sound), len(LETTERS) - wanted)))
    taken = [one.iloc[np.sort(random.choice(len(one), size, replace=False))] for one, size in sizes if size]
    ten = pd.concat(taken).sort_values(["day", "order_id"], kind="stable").head(len(LETTERS))
    ten = ten.set_axis(list(LETTERS[: len(ten)]))
    posts, clicks = campaign_posts(book), _clicks(book)
    posted = posts.published_at.dt.normalize().groupby(posts.handle.map(owners(book)))
    ten["post"] = [_days_since(posted.get_group(row.creator), row.day) for row in ten.itertuples()]
    ten["clicks"] = [
        _clicks_before(clicks[clicks.creator == row.creator], row.day) for row in ten.itertuples()
    ]
    return ten[["order_id", "day", "code", "post", "referrer", "clicks", "in_doubt"]]


def _days_since(posted: pd.Series, day: pd.Timestamp) -> float:
    """Days since the last of these posts; missing where there was none yet."""
    before = posted[posted <= day]
    return float((day - before.max()).days) if len(before) else np.nan


def _clicks_before(clicks: pd.DataFrame, day: pd.Timestamp) -> int:
    """Clicks of a day and the two days before."""
    near = (clicks.date <= day) & (clicks.date > day - pd.Timedelta(days=3))
    return int(clicks.clicks[near].sum())


def _weekly(book: Book, held_back: Sequence[str]) -> pd.DataFrame:
    """Orders by week, four before and four during the campaign: week, shown, held_back, during."""
    sold, start = counts_by_group(book, "regions"), book.campaign.start
    week = (sold.ordered_at.dt.normalize() - pd.Timestamp(start)).dt.days // 7
    side = np.where(sold.group.isin(held_back), "held_back", "shown")
    counts = sold["count"].groupby([week, side]).sum().unstack(fill_value=0)
    wide = counts.reindex(index=range(-4, 4), columns=["shown", "held_back"], fill_value=0).astype(int)
    weeks = [start + week * WEEK for week in wide.index]
    return wide.assign(week=weeks, during=wide.index >= 0).reset_index(drop=True)


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
        (
            _leak(here),
            _doubt(here),
            _brought(here),
            _count(here),
            _proof(here),
            _extra(here),
            _lift_seen(here),
        ),
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

    def reason(given: str) -> Text:
        if given == NONE:
            return say(
                "Buyers of one code came from coupon sites. Look at the last column, and at the weeks."
            )
        if codes.coupon[given] == 0:
            return say(
                "{code} has orders, and no buyer came from a coupon site: many orders are a good result before they are a leak. A charge needs more than envy.",
                code=given,
            )
        return say("Look for the code whose orders go on while its clicks do not.")

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
        one_of("leak", {leaked or NONE}, reason),
        (
            say("Whoever follows a creator comes after a post and by the link. Where else can a code be found?"),
            say("Divide orders by clicks, and read the last column."),
        ),
        say("A leak is no fault of the creator's: somebody put the code on a coupon site. Ask kindly, and change the code."),
    )  # fmt: skip


def _doubt(here: Exercise) -> Question:
    wanted = set(here.in_doubt) - {NONE}

    def unwanted(letter: str) -> Text:
        return say(
            "{letter} came {days} days after the post, by the code and from nowhere else. Late buyers are buyers: nothing points to anybody else.",
            letter=letter, days=Count(here.doubt.post[letter]),
        )  # fmt: skip

    def missing(letter: str) -> Text:
        return say(
            "{letter} came from {site}: whoever looks for codes there was about to buy.",
            letter=letter,
            site=str(here.doubt.referrer[letter]),
        )

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
        all_of("doubt", wanted, unwanted, missing),
        (
            say("Doubt needs a sign. Days alone are none: one in five buyers takes more than a week."),
            say("Read the last column of the table."),
        ),
        say("They are in doubt, not taken off: the workbook shows both sums, and the contract decides."),
    )  # fmt: skip


def _brought(here: Exercise) -> Question:
    code = here.asked_code
    row = here.codes.loc[code]
    orders, truth = int(row.by_code), int(row.brought)
    chance = 1.645 * np.sqrt(max(truth, 4))

    too_sure = say(
        "Of {orders}, {truth} were the creator's. What others of that reach bring, and the weeks before the leak, tell about as much.",
        truth=Count(truth), orders=Count(orders),
    )  # fmt: skip
    if truth == orders:
        too_sure = say("Nothing points to anybody else: all {truth} are the creator's.", truth=Count(truth))
    too_wide = say(
        "It was {truth}, and your range holds it; but it is so wide that it settles no invoice.",
        truth=Count(truth),
    )
    widest = max(TOO_WIDE * orders, 2 * 1.645 * float(np.sqrt(max(truth, 4))))

    def more_than_all(values: Values) -> Text:
        if values["low"] > values["high"] or values["high"] <= orders:
            return ""
        return say(
            "The code stands on {orders} orders: more it cannot have brought by code.", orders=Count(orders)
        )

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
        unless(more_than_all, in_range(truth, widest, too_sure, too_wide)),
        (
            say("How many orders does a click bring with the other codes? This code has clicks, too."),
            say("And of those who come from coupon sites, three in ten are seen to: {seen} were.", seen=Count(int(row.coupon))),
        ),
        say("An estimate with a range is what a fair talk about money begins with."),
    )  # fmt: skip


def _count(here: Exercise) -> Question:
    by_code, by_link, both = (int(here.codes[name].sum()) for name in ("by_code", "by_link", "both"))

    one_list = say("That is one list. Who clicked and forgot the code is in the other only.")
    mistakes = [
        (by_code + by_link, say("Counted twice, because in both lists: {both}. An order is paid once.", both=Count(both))),
        (by_code, one_list),
        (by_link, one_list),
        (by_code + by_link - 2 * both, say("Orders in both lists are orders, too: count them once, not never.")),
    ]  # fmt: skip
    way = say("Both lists together, and what stands in both once.")
    return Question(
        "count",
        say("How many orders are traced?"),
        (Ask("traced", say("Orders that carry a code or a click, each once"), "number", unit=say("orders")),),
        {"traced": here.traced},
        say("{code} with the code and {link} after a click, less {both} that stand in both lists and would count twice.", code=Count(by_code), link=Count(by_link), both=Count(both)),
        near_to("traced", here.traced, 0.4, mistakes, way),
        (say("Whoever adds the two lists counts some orders twice."), say("Take off what stands in both, once.")),
        say("In a report each order is counted once, and a rule written before the start says which trace wins."),
    )  # fmt: skip


def _proof(here: Exercise) -> Question:
    reasons = {
        "caused": say("Codes are found, shared and leaked: a trace is no cause."),
        "extra": say("Some of these buyers would have bought anyway, with a discount less. A trace cannot tell them apart."),
        "all": say("Some buyers leave no trace: here {untraced} of the orders that creators caused carry neither code nor click.", untraced=Share(here.untraced)),
    }  # fmt: skip

    return Question(
        "proof",
        say("What does a code prove?"),
        (Ask("proof", say("An order carries a creator's code. That shows …"), "choice", PROOF),),
        {"proof": "known"},
        say(
            "Of {caused} orders that creators truly caused here in four weeks, {extra} would not have come otherwise, and {untraced} left no trace at all.",
            caused=Count(here.caused), extra=Count(here.extra), untraced=Share(here.untraced),
        ),
        one_of("proof", {"known"}, reasons.__getitem__),
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

    way = say(
        "What would shown regions have had, had they changed as the held-back ones did? The rest is extra."
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
        near_to("extra", measured, near, mistakes, way),
        (
            say("Add up four weeks before and four weeks of the campaign, for each column."),
            say("Orders expected = shown before × held back during ÷ held back before."),
        ),
        say("Measured, not traced: this is what a hold-out is for."),
    )  # fmt: skip


def _lift_seen(here: Exercise) -> Question:
    low, high = float(here.lift.low), float(here.lift.high)
    answer = "more" if low > 1 else "fewer" if high < 1 else "open"
    options = {
        "more": say("yes, more orders came"),
        "fewer": say("yes, fewer came"),
        "open": say("cannot tell yet"),
    }

    def reason(_: str) -> Text:
        if answer == "open":
            return say(
                "Between {low} and {high} more is a range that holds no change at all: weeks differ by themselves. A longer test, or larger regions, could tell.",
                low=Share(low - 1),
                high=Share(high - 1),
            )
        return say(
            "Even the lower end of the range, {low}, is on one side.",
            low=Share(low - 1 if low > 1 else high - 1),
        )

    return Question(
        "lift",
        say("Is that more than chance?"),
        (Ask("lift", say("The range of the comparison is {low} to {high} more orders. Can a lift be told?", low=Share(low - 1), high=Share(high - 1)), "choice", options),),
        {"lift": answer},
        say("The likely change is {ratio}; its range (95%) is from {low} to {high}.", ratio=Share(float(here.lift.ratio) - 1), low=Share(low - 1), high=Share(high - 1)),
        one_of("lift", {answer}, reason),
        (say("Is {none} within the range?", none=Share(0)), say("If it is, no change at all fits what was seen.")),
        say("A range that holds 0 is no proof of nothing, and one that does not is no proof of much."),
    )  # fmt: skip
