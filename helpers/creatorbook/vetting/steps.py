"""The step functions of notebook 02: who is here, do people respond, do they talk, what to look at, does it fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook import charts
from creatorbook.findings import Chart, Column, Figure, Findings, Note, Table
from creatorbook.packs import pack
from creatorbook.stats.intervals import share_interval
from creatorbook.vetting import audience_fit, benchmarks, comments, growth, posts
from creatorbook.vetting.accounts import accounts, nameless_rows, platform_name
from creatorbook.vetting.checks import CHECKS, checks_done, told_done
from creatorbook.vetting.found_signals import found_signals, told_days

if TYPE_CHECKING:
    from creatorbook.book import Book

#: rows a chart of accounts shows, so that names stay readable
CHART_ROWS = 20

#: platforms whose account pages call followers subscribers are not told apart here
CREATOR = Column("Creator")


def overview(book: Book) -> Findings:
    """Who is in the list, by size, platform and price, and how much of the check could be done for whom."""
    listed = accounts(book)
    if listed.empty:
        return _said(
            book,
            "The list of creators is empty. A creators list with handle, platform and followers opens this step; you or the agency have it.",
            "unknown",
        )
    done = checks_done(book)
    counts = done.sum(axis=1)
    typical = int(np.floor(counts.median()))
    items: list[Figure | Table | Chart | Note] = [
        Figure(
            "vetting.accounts", "Accounts in the list", len(listed), "accounts", "counted", "creators list"
        ),
        Figure(
            "vetting.checks_done",
            "Checks done for the typical account",
            typical,
            f"of {len(CHECKS)}",
            "counted",
            "files in exports/",
            n=len(listed),
            note=f"from {told_done(int(counts.min()))} to {told_done(int(counts.max()))}",
        ),
        _list_table(book, listed, counts),
        _unchecked_table(done),
        *_oddities(book, listed),
    ]
    missing = _most_missed(done)
    if missing:
        left = int((~done[missing["id"]]).sum())
        text = f"{_sentence(missing['name'])}: open for {left} of {len(done)} accounts; {missing['file']} settles it."
        items.append(Note(text, "unknown", "plan.not_known", missing["who"], book.campaign.start, rank=40))
    return Findings("vetting", tuple(items), book.formats)


def _said(book: Book, text: str, kind: str = "finding") -> Findings:
    return Findings("vetting", (Note(text, kind),), book.formats)  # type: ignore[arg-type]


def _list_table(book: Book, listed: pd.DataFrame, counts: pd.Series) -> Table:
    frame = pd.DataFrame(
        {
            "creator": listed.called,
            "platform": listed.platform.map(platform_name),
            "followers": listed.followers,
            "place": listed.place,
            "fee": listed.fee,
            "per_thousand": listed.fee / (listed.followers.where(listed.followers > 0) / 1000),
            "checked": counts.map(lambda count: f"{count:.0f} of {len(CHECKS)}"),
        }
    )
    columns = {
        "creator": CREATOR,
        "platform": Column("Platform"),
        "followers": Column("Followers", "number"),
        "place": Column("Place"),
        "fee": Column("Asks or agreed", "money"),
        "per_thousand": Column("Per 1,000 followers", "money", 2, note="fee ÷ followers in thousands"),
        "checked": Column("Checked", note="how many of the eleven checks the files allow"),
    }
    kept = {name: column for name, column in columns.items() if name != "place" or listed.place.notna().any()}
    return Table("vetting.list", "The list, largest first", frame, kept, rows=12)


def _unchecked_table(done: pd.DataFrame) -> Table:
    """Check by check: for how many it could be done, and what would do it for the others."""
    rows = [
        {
            "check": _sentence(check["name"]),
            "done": f"{int(done[check['id']].sum())} of {len(done)}",
            "file": "" if done[check["id"]].all() else check["file"],
            "who": "" if done[check["id"]].all() else check["who"],
        }
        for check in CHECKS
    ]
    columns = {
        "check": Column("Check"),
        "done": Column("Done for"),
        "file": Column("What would do it for the others"),
        "who": Column("Who has it"),
    }
    return Table(
        "vetting.not_checked",
        "What could be checked, and what one more file would add",
        pd.DataFrame(rows),
        columns,
    )


def _oddities(book: Book, listed: pd.DataFrame) -> list[Note]:
    """Lines of the list that cannot be used as they are: none is dropped without a word."""
    told = []
    if nameless := nameless_rows(book):
        told.append(
            f"{_count(nameless, 'line')} of the creators list {_verb(nameless, 'has', 'have')} no handle and "
            f"{_verb(nameless, 'is', 'are')} left out."
        )
    nobody = listed.called[listed.followers == 0]
    if len(nobody):
        told.append(
            f"{_names(nobody)}: 0 followers in the list, so no rate per follower can be given. "
            "Private, deleted or mistyped?"
        )
    if unknown := int(listed.followers.isna().sum()):
        told.append(
            f"{_count(unknown, 'account')} {_verb(unknown, 'has', 'have')} no follower count in the list."
        )
    handles = listed.groupby("creator").size()
    if several := int((handles > 1).sum()):
        told.append(
            f"{_count(several, 'creator')} {_verb(several, 'has', 'have')} several accounts in the list; price, "
            "code and decision belong to the person, size and response to the account."
        )
    return [Note(text, "caution") for text in told]


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]


def _names(called: pd.Series, most: int = 5) -> str:
    shown, left = list(called.head(most)), len(called) - most
    return ", ".join(shown) + (f" and {left} more" if left > 0 else "")


def _most_missed(done: pd.DataFrame) -> dict[str, str] | None:
    """The first check, in the order of the card, that could be done for fewer than half of the accounts.

    Comment files are passed over: hardly anybody can lawfully have one.
    """
    asked = [check for check in CHECKS if check["who"] != "seldom anyone"]
    return next((check for check in asked if done[check["id"]].mean() < 0.5), None)


def engagement(book: Book) -> Findings:
    """How many respond, under the client's formula: median, likely range, number of posts and window."""
    told, found, listed = posts.formula(book.client.engagement_formula), posts.response(book), accounts(book)
    if found.empty:
        text = (
            f"How many respond is not checked yet: it needs {' and '.join(told['counts'])} of the last 9 to 12 posts"
            f"{'' if told['per'] == 'followers' else ' and their ' + told['per']}. The quick-check sheet takes minutes per creator; anyone can fill it."
        )
        return _said(book, text, "unknown")
    frame = _engagement_frame(book, found, listed)
    settings = pack("engagement")
    items: list[Figure | Table | Chart | Note] = [
        Note(
            f"Rate: {told['label']}, the median over posts of the {settings['window_days']} days before "
            f"{book.formats.day(book.as_of)}, without the newest {settings['settling_days']} days. Other formulas give "
            "other figures for the same posts; never compare across them.",
            "method",
        ),
        *_engagement_chart(book, frame, told["label"]),
        _engagement_table(frame, told["label"]),
        *_small_samples(found, listed),
        *_paid_against_own(book, found),
    ]
    return Findings("vetting", tuple(items), book.formats)


def _engagement_frame(book: Book, found: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    frame = found.join(listed[["called", "platform", "followers"]])
    frame["says"] = benchmarks.told(book, frame)
    frame["basis"] = np.where(frame.typed, "typed typical figures", "posts")
    frame["platform"] = frame.platform.map(platform_name)
    order = {account: place for place, account in enumerate(listed.index)}
    return frame.loc[sorted(frame.index, key=lambda account: order[account])]


def _engagement_chart(book: Book, frame: pd.DataFrame, label: str) -> list[Chart]:
    """Largest accounts with a range, best first; none if nobody has a range."""
    ranged = frame.dropna(subset=["low"]).head(CHART_ROWS).sort_values("rate", ascending=False, kind="stable")
    if len(ranged) < 2:
        return []
    best, last = ranged.iloc[0], ranged.iloc[-1]
    percent = book.formats.percent
    alt = (
        f"{label.capitalize()} of {len(ranged)} accounts with their likely ranges: from {percent(best.rate, 1)} "
        f"({best.called}) down to {percent(last.rate, 1)} ({last.called})."
    )
    picture = charts.ranges(
        ranged,
        label="called",
        value="rate",
        low="low",
        high="high",
        unit="percent",
        formats=book.formats,
        xlabel=label,
    )
    title = "How many respond to a typical post" + (
        "" if len(ranged) == len(frame) else f": the {len(ranged)} largest"
    )
    return [Chart("vetting.engagement_chart", title, alt, picture)]


def _engagement_table(frame: pd.DataFrame, label: str) -> Table:
    columns = {
        "called": CREATOR,
        "platform": Column("Platform"),
        "rate": Column("Typical post", "percent", 1, note=label),
        "low": Column("Likely from", "percent", 1, "estimated", missing="no range"),
        "high": Column("to", "percent", 1, "estimated", missing="no range"),
        "n": Column("Posts", "number", missing="–"),
        "own_rate": Column("Own posts", "percent", 1, missing="none"),
        "paid_rate": Column("Paid posts", "percent", 1, missing="none"),
        "says": Column("Sources for this size and platform say"),
        "basis": Column("From"),
    }
    dropped = {
        name for name in ("own_rate", "paid_rate") if frame.get(name) is None or frame[name].isna().all()
    }
    kept = {name: column for name, column in columns.items() if name not in dropped}
    return Table("vetting.engagement", f"Response per account: {label}", frame, kept, rows=12)


def _small_samples(found: pd.DataFrame, listed: pd.DataFrame) -> list[Note]:
    few = found[found.low.isna() & ~found.typed]
    told = []
    if len(few):
        names = _names(listed.called[few.index])
        told.append(
            f"Fewer than 5 posts in the window, so no likely range: {names}. The quick-check sheet with 9 to 12 posts gives one."
        )
    if found.typed.any():
        told.append(
            f"{int(found.typed.sum())} rates come from one typed typical figure: a guess without a range."
        )
    absent = len(listed) - len(found)
    if absent:
        told.append(f"{absent} accounts have no posts in the window and are not checked here.")
    return [Note(text, "caution") for text in told]


def _paid_against_own(book: Book, found: pd.DataFrame) -> list[Note]:
    both = found[(found.own_n >= 3) & (found.paid_n >= 3)]
    if both.empty:
        return [
            Note(
                "Paid against own posts: no account has three of each in the window, so they are not compared. A quick-check sheet that marks paid posts would do it.",
                "unknown",
            )
        ]
    lower = int((both.paid_rate < both.own_rate).sum())
    ratio = float((both.paid_rate / both.own_rate).median())
    low, high = share_interval(lower, len(both))
    if low > 0.5:
        end = "so paid posts draw less here."
    elif high < 0.5:
        end = "so paid posts draw more here."
    else:
        end = "which could easily be chance."
    return [
        Note(
            f"Paid posts drew less response than own posts with {lower} of {len(both)} accounts (typically {book.formats.percent(ratio)} of it), {end}"
        )
    ]


def conversation(book: Book) -> Findings:
    """Whether the creator answers, and whether comments say something; from files or counts by hand."""
    listed, replies, specific = accounts(book), comments.replies(book), comments.specific(book)
    if replies.empty and specific.empty:
        return _said(
            book,
            "Whether they talk to each other is not checked yet. The 20-comment tally and the reply count (3 posts × 10 comments) take minutes per creator; anyone can fill them.",
            "unknown",
        )
    frame = listed[["called"]].join(_shares(replies, "answered")).join(_shares(specific, "specific"))
    frame = frame.dropna(how="all", subset=["answered_share", "specific_share"])
    columns = {"called": CREATOR}
    for name, label in (("answered", "Answered by the creator"), ("specific", "Say something specific")):
        if frame[f"{name}_share"].notna().any():
            columns[f"{name}_told"] = Column(label, grade="counted")
            columns[f"{name}_share"] = Column("Share", "percent", missing="not checked")
            columns[f"{name}_low"] = Column(
                "Likely from", "percent", grade="estimated", missing="not checked"
            )
            columns[f"{name}_high"] = Column("to", "percent", grade="estimated", missing="not checked")
            if frame[f"{name}_source"].nunique() > 1:
                columns[f"{name}_source"] = Column("From")
    table = Table("vetting.conversation", "Do they talk to each other?", frame, columns, rows=12)
    notes = _conversation_notes(listed, replies, specific)
    return Findings("vetting", (table, *notes), book.formats)


def _shares(counts: pd.DataFrame, part: str) -> pd.DataFrame:
    """`k of n`, share and range per account."""
    ranges = [share_interval(k, n) for k, n in zip(counts[part], counts.looked_at, strict=True)]
    return pd.DataFrame(
        {
            f"{part}_told": [
                f"{k:.0f} of {n:.0f}" for k, n in zip(counts[part], counts.looked_at, strict=True)
            ],
            f"{part}_share": counts[part] / counts.looked_at,
            f"{part}_low": [low for low, _ in ranges],
            f"{part}_high": [high for _, high in ranges],
            f"{part}_source": counts.source,
        },
        index=counts.index,
    )


def _conversation_notes(listed: pd.DataFrame, replies: pd.DataFrame, specific: pd.DataFrame) -> list[Note]:
    told = []
    for name, counts, sheet in (
        ("Answers", replies, "reply count"),
        ("Comments", specific, "20-comment tally"),
    ):
        left = len(listed) - len(counts)
        if left:
            told.append(
                f"{name}: not checked for {left} of {len(listed)} accounts; the {sheet} by hand would do it."
            )
    notes = [Note(text, "unknown") for text in told]
    notes.append(
        Note(
            "A comment counts as specific if something in it is more than an emoji, a mention, one word or words that fit under any post; "
            "a rule for reading quickly, which a person should check on twenty comments.",
            "method",
        )
    )
    return notes


def signals(book: Book) -> Findings:
    """Signals to check: what we saw, against which threshold and source, what else explains it, what to ask."""
    found, listed, packed = found_signals(book), accounts(book), pack("signals")["signals"]
    summary = _signal_summary(book, found)
    if not any(summary.done):
        return _said(
            book,
            "No signal could be looked for: the files hold no posts, comments or follower history. Nothing stands out because nothing was looked at. "
            "The quick-check sheet opens the first of these checks.",
            "unknown",
        )
    items: list[Figure | Table | Chart | Note] = [
        Figure(
            "vetting.accounts_with_signals",
            "Accounts with something to look at",
            found.account.nunique(),
            "accounts",
            "estimated",
            "packs/signals.yml",
            n=int(max(summary.done)),
        )
    ]
    if len(found):
        items += [*_growth_chart(book, found), _signal_table(found, listed, packed)]
    else:
        items.append(Note("Nothing stands out at these thresholds."))
    items += [_summary_table(summary), *_quiet_jumps(book, listed)]
    items.append(
        Note(
            "A signal is a question to ask, never a verdict: each has ordinary explanations, and some ordinary accounts will show it.",
            "caution",
        )
    )
    return Findings("vetting", tuple(items), book.formats)


def _signal_table(found: pd.DataFrame, listed: pd.DataFrame, packed: dict[str, dict[str, str]]) -> Table:
    frame = pd.DataFrame(
        {
            "creator": found.account.map(listed.called),
            "signal": found.signal.map(lambda name: packed[name]["name"]),
            "saw": found.saw,
            "explains": found.signal.map(lambda name: packed[name]["explains"]),
            "ask": found.signal.map(lambda name: packed[name]["ask"]),
        }
    )
    columns = {
        "creator": CREATOR,
        "signal": Column("Signal to check"),
        "saw": Column("What we saw"),
        "explains": Column("What else explains it"),
        "ask": Column("What to ask"),
    }
    return Table("vetting.signals", "Signals to check", frame, columns, rows=15)


def _signal_summary(book: Book, found: pd.DataFrame) -> pd.DataFrame:
    """Signal by signal: how many accounts could be looked at, how many stand out, at which thresholds."""
    done = checks_done(book)
    rows = [
        {
            "id": name,
            "signal": told["name"],
            "done": int(done[told["check"]].sum()),
            "stand_out": int(found.account[found.signal == name].nunique()),
            "threshold": "; ".join(
                f"{row['means']}: {_plain(row['value'])}" for row in told["thresholds"].values()
            ),
            "source": f"{told['source']} ({told['date']})",
        }
        for name, told in pack("signals")["signals"].items()
    ]
    return pd.DataFrame(rows)


def _plain(value: float) -> str:
    """A threshold as people write it: shares below 1 as percentages."""
    return f"{value * 100:g} %" if 0 < value < 1 else f"{value:g}"


def _summary_table(summary: pd.DataFrame) -> Table:
    columns = {
        "signal": Column("Signal to check"),
        "done": Column("Accounts looked at", "number"),
        "stand_out": Column("Stand out", "number", missing="not checked"),
        "threshold": Column("Thresholds"),
        "source": Column("Where they come from"),
    }
    frame = summary.assign(stand_out=summary.stand_out.astype(float).where(summary.done > 0))
    return Table("vetting.thresholds", "What was looked for, and at which thresholds", frame, columns)


def _growth_chart(book: Book, found: pd.DataFrame) -> list[Chart]:
    """The follower curve of the account whose jump its views explain least."""
    jumps = growth.follower_jumps(book)
    signal = jumps.account.isin(found.account[found.signal == "growth_jump"])
    odd = jumps[signal & jumps.views_known & ~jumps.explained]
    if odd.empty:
        return []
    return [follower_chart(book, odd.sort_values(["views_ratio", "account"]).account.iloc[0])]


def follower_chart(book: Book, account: str, name: str = "", *, marked: bool = True) -> Chart:
    """One account's follower curve above its views; jumps are shaded.

    Args:
        book: the campaign.
        account: as `accounts` calls it.
        name: shown instead of the handle, for exercises.
        marked: whether jumps are shaded and told; exercises leave that to the learner.
    """
    history = growth.histories(book)
    history = history[history.account == account]
    jumps = growth.follower_jumps(book)
    jumps = jumps[(jumps.account == account) & marked]
    called = name or accounts(book).called[account]
    frame = history.assign(views=history.views.rolling(3, min_periods=1).mean())
    good = float(frame.views.quantile(0.9))
    day = pd.Timedelta(days=1)
    picture = charts.line_over_area(
        frame,
        x="date",
        line="followers",
        area="views",
        formats=book.formats,
        line_label="followers",
        area_label="views a day, 3-day mean",
        area_reference=(good, "its good days") if good == good else None,
        spans=[(jump.start - day, jump.end + day, "jump") for jump in jumps.itertuples()],
    )
    key = "vetting.growth." + (name or account).replace("/", ".").replace(" ", "_")
    title = f"Followers of {called}, and the views of the same days"
    return Chart(key, title, _told_curve(book, called, frame, jumps), picture)


def _told_curve(book: Book, called: str, frame: pd.DataFrame, jumps: pd.DataFrame) -> str:
    """The chart in words."""
    number, top = book.formats.number, frame.views.max() / frame.views.quantile(0.9)
    told = (
        f"Followers of {called} from {number(frame.followers.iloc[0])} to {number(frame.followers.iloc[-1])}"
    )
    views = (
        f"; the most views of three days are {number(top, 1)} times those of good days" if top == top else ""
    )
    days = "; ".join(
        f"{told_days(jump.start, jump.end, book.formats)} (+{number(jump.gain)})"
        for jump in jumps.itertuples()
    )
    return f"{told}{views}." + (f" Jumps: {days}." if days else "")


def _quiet_jumps(book: Book, listed: pd.DataFrame) -> list[Note]:
    """Jumps that raise no signal, and why."""
    jumps = growth.follower_jumps(book)
    told = []
    explained = jumps[jumps.explained]
    if len(explained):
        told.append(
            f"{_count(len(explained), 'jump')} came with views far above the usual or with a giveaway, so no signal "
            f"was raised: {_names(_called(explained, listed))}."
        )
    alone = jumps[~jumps.views_known & ~jumps.explained]
    if len(alone):
        told.append(
            f"{_count(len(alone), 'jump')} without any views to compare with raised no signal alone: "
            f"{_names(_called(alone, listed))}. The account's daily views would settle it; the creator has them."
        )
    return [Note(text) for text in told]


def _verb(number: int, one: str, many: str) -> str:
    return one if number == 1 else many


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _called(jumps: pd.DataFrame, listed: pd.DataFrame) -> pd.Series:
    return jumps.account.drop_duplicates().map(listed.called)


def fit(book: Book) -> Findings:
    """Whether the audience is ours, and what has been said before: dates, links, terms."""
    items: tuple[Table | Note, ...] = (*_audience_items(book), *_mention_items(book))
    return Findings("vetting", items, book.formats)


def _audience_items(book: Book) -> list[Table | Note]:
    listed, match = accounts(book), audience_fit.audience_match(book)
    if not book.client.personas:
        return [
            Note(
                "Nobody has said yet who the campaign is for: a persona in client.yml (countries, ages, genders) lets audiences be compared with it; the brand knows.",
                "unknown",
            )
        ]
    if match.empty:
        return [
            Note(
                "Whether the audience is ours is not checked: each creator can send a screenshot of the audience page, typed into the seven-number form.",
                "unknown",
            )
        ]
    frame = match.assign(creator=match.account.map(listed.called)).sort_values(
        ["persona", "match", "creator"], ascending=[True, False, True], kind="stable"
    )
    columns = {
        "creator": CREATOR,
        "persona": Column("Persona"),
        "match": Column(
            "Matches", "percent", grade="estimated", note="separate shares multiplied, as if independent"
        ),
        "low": Column("At least", "percent", note="whatever the dependence between the shares"),
        "high": Column("at most", "percent", note="unknown parts counted in"),
        "unknown": Column("Unknown", "percent", note="part of the audience the page does not describe"),
        "dimensions": Column("Compared by"),
        "seen_on": Column("Seen on", "date", missing="day not given"),
    }
    left = len(listed) - match.account.nunique()
    notes = (
        [
            Note(
                f"{left} of {len(listed)} audiences are not known; a screenshot from each creator would do it.",
                "unknown",
            )
        ]
        if left
        else []
    )
    return [Table("vetting.audience", "Is the audience ours?", frame, columns, rows=12), *notes]


def _mention_items(book: Book) -> list[Table | Note]:
    listed, told = accounts(book), posts.captions(book)
    if told.empty:
        return [
            Note(
                "Past work and words to avoid are not checked: a list of posts with captions would do it; the creator has it after a yes, or a person reads the profile.",
                "unknown",
            )
        ]
    voice = book.client.voice
    found = audience_fit.mentions(book)
    items: list[Table | Note] = []
    if not (voice.must_avoid or voice.competitors):
        items.append(
            Note(
                "client.yml names no competitors and no words to avoid, so captions are searched for the brand only.",
                "unknown",
            )
        )
    if found.empty:
        items.append(
            Note(
                f"None of the words looked for stands in {book.formats.number(len(told))} captions of {told.account.nunique()} accounts."
            )
        )
        return items
    frame = found.assign(
        creator=found.account.map(listed.called),
        kind=found.kind.str.capitalize(),
        caption=found.caption.str.slice(0, 60),
        post=found.paid.map({True: "paid or gifted", False: "own post"}).fillna("not known"),
    )
    columns = {
        "creator": CREATOR,
        "kind": Column("What"),
        "term": Column("Term"),
        "published_at": Column("On", "date"),
        "post": Column("In"),
        "permalink": Column("Link"),
        "caption": Column("Beginning of the caption"),
    }
    unasked = (found.kind == "the brand") & (found.paid == False).fillna(value=False)  # noqa: E712 - may be missing
    fans = found[unasked].account.drop_duplicates()
    items.append(
        Table(
            "vetting.mentions",
            "Competitors, words to avoid and earlier mentions of us",
            frame,
            columns,
            rows=8,
        )
    )
    if len(fans):
        items.append(Note(f"Mentioned us in own posts before: {_names(fans.map(listed.called))}."))
    return items
