"""Labels of one campaign: what each creator's posts need, and whether the posts we were given carry it."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook import disclosure
from creatorbook.assignments import accounts, agreed_formats, audience, kind_of
from creatorbook.disclosure import Found, Label
from creatorbook.findings import Column, Figure, Findings, Note, Table
from creatorbook.memo import per_book
from creatorbook.packs import pack
from creatorbook.problems import Problem

if TYPE_CHECKING:
    from creatorbook.book import Book

#: How people write a benefit → the pack's key.
_BENEFITS = {
    "fee": ("fee", "paid", "honorar"),
    "gift": ("gift", "gifted", "seeding", "product", "barter"),
    "loan": ("loan", "lent"),
    "discount": ("discount",),
    "commission": ("commission", "affiliate"),
    "experience": ("experience", "trip", "event"),
    "prize": ("prize", "giveaway"),
    "employment": ("employment", "employee", "family"),
    "own_brand": ("own brand", "own_brand"),
    "relationship": ("relationship", "ambassador"),
    "none": ("none", "no benefit"),
}

#: Days after the campaign in which a late post still counts as one of its posts.
LATE_POSTS = 14


def benefit_of(row: Any) -> tuple[str, str]:
    """What a creator gets, and how we know: as listed, from fee, gift or commission, or assumed a fee."""
    listed = row.get("benefit")
    if pd.notna(listed):
        said = str(listed).lower()
        for key, words in _BENEFITS.items():
            if any(word in said for word in words):
                return key, "as listed"
    for key, column in (
        ("fee", "fee"),
        ("gift", "gift_cost"),
        ("gift", "gift_retail"),
        ("commission", "commission_rate"),
    ):
        if pd.notna(row.get(column)) and row[column] > 0:
            return key, f"from {column.replace('_', ' ')}"
    if pd.notna(row.get("fee")):
        return "gift", "no fee listed: taken as a gift"
    return "fee", "not listed: taken as a fee"


def language_of(book: Book, row: Any) -> str:
    """The language of a creator's posts: as listed, else the usual one of their country or the home market."""
    if pd.notna(row.get("language")):
        return str(row["language"]).strip().lower()[:2]
    home = row["country"].upper() if pd.notna(row.get("country")) else book.client.market
    return disclosure.language_of(home) or disclosure.language_of(book.client.market) or "en"


def label_of(book: Book, row: Any, kind: str, language: str | None = None) -> Label:
    """The label a creator's post of one kind needs; in the language given, else the creator's usual one."""
    markets, shares = audience(book, row)
    return _compiled(
        tuple(markets),
        language or language_of(book, row),
        benefit_of(row)[0],
        kind,
        row["platform"],
        tuple(sorted(shares.items())),
        book.client.brand,
    )


@cache
def _compiled(
    markets: tuple[str, ...],
    language: str,
    benefit: str,
    kind: str,
    platform: str,
    shares: tuple[tuple[str, float], ...],
    brand: str,
) -> Label:
    return disclosure.compile_label(
        markets, language, benefit, kind, platform, shares=dict(shares), code=True, brand=brand
    )


@per_book
def label_rows(book: Book) -> pd.DataFrame:
    """One row per account and agreed format: exact words, place, duration, switch, what is not enough, source."""
    rows = []
    for row in accounts(book).to_dict("records"):
        for post_format in agreed_formats(row):
            label = label_of(book, row, kind_of(post_format))
            benefit, known_from = benefit_of(row)
            rows.append(
                {
                    "handle": row["handle"],
                    "platform": row["platform"],
                    "format": post_format,
                    "markets": ", ".join(audience(book, row)[0]),
                    "language": language_of(book, row),
                    "benefit": benefit,
                    "benefit_from": known_from,
                    "words": label.text if label.needed else "none needed",
                    "where": "; ".join(label.positions),
                    "how_long": "; ".join(label.durations),
                    "switch": label.switch,
                    "not_enough": "; ".join(dict.fromkeys(one.what for one in label.refused)),
                    "open": "; ".join(label.asks),
                    "source": " | ".join(label.sources),
                    "dated": pd.Timestamp(label.dated) if label.dated else pd.NaT,
                }
            )
    columns = [
        *("handle", "platform", "format", "markets", "language", "benefit", "benefit_from", "words", "where"),
        *("how_long", "switch", "not_enough", "open", "source", "dated"),
    ]
    return pd.DataFrame(rows, columns=columns)


def labels(book: Book) -> Findings:
    """The disclosure words of every creator: exact words, place, duration, switch, what is not enough, source."""
    rows = label_rows(book)
    if rows.empty:
        return Findings("tracking", (_needs_creators("label words"),), book.formats)
    items: list[Any] = [_label_sentence(rows)]
    if book.stage == "plan" or book.mode == "explore":
        tables = (_words_table(rows), _places_table(rows), _label_table(rows), _rules_table(rows))
        items += [*tables, *_conflict_notes(book, rows), *_odd_countries(book), *_open_notes(rows)]
    items += [*_contracts(book), Note(pack("disclosure")["advice"], "caution")]
    old = disclosure.old_rules(book.as_of)
    if old:
        items.append(Note(f"{old} Check for newer ones before relying on them.", "caution"))
    return Findings("tracking", tuple(items), book.formats)


@per_book
def campaign_posts(book: Book) -> pd.DataFrame:
    """Posts of listed creators that belong to the campaign: named so, marked as paid, or naming the creator's code.

    A post that names the brand but not the creator's code may be one of their own: it is not counted, unless
    the creator has no code.
    """
    posts = book.tables.posts
    listed = accounts(book)
    mine = posts[posts["handle"].isin(listed["handle"])]
    start = pd.Timestamp(book.campaign.start)
    last = pd.Timestamp(book.campaign.end) + timedelta(days=LATE_POSTS + 1)
    mine = mine[(mine["published_at"] >= start) & (mine["published_at"] < last)]
    if mine.empty:
        return mine
    known = mine["caption"].fillna("")
    codes = {
        handle: str(code).upper() for handle, code in zip(listed["handle"], _codes_of(listed), strict=True)
    }
    pairs = zip(known, mine["handle"], strict=True)
    coded = pd.Series([_names_code(text, codes[handle]) for text, handle in pairs], index=mine.index)
    branded = known.str.contains(_brand(book), case=False, regex=True)
    linked = mine["permalink"].isin(set(listed["post_url"].dropna()))
    told = {book.campaign.id.lower(), book.campaign.title.lower()}
    said = mine["campaign"].fillna("").str.lower().isin(told)
    paid = mine["sponsored"].fillna(value=False).astype(bool) & (branded | mine["caption"].isna())
    uncoded = branded & mine["handle"].map(codes).eq("")
    return mine[coded | uncoded | linked | said | paid].sort_values(
        ["published_at", "handle", "post_id"], kind="stable", ignore_index=True
    )


def _codes_of(listed: pd.DataFrame) -> pd.Series:
    """Each account's code: the person's, an empty text where there is none."""
    return listed.groupby("person")["code"].transform("first").fillna("").str.strip()


def _names_code(text: str, code: str) -> bool:
    return bool(code) and re.search(rf"(?<!\w){re.escape(code)}(?!\w)", text.upper()) is not None


@per_book
def label_history(book: Book) -> pd.DataFrame:
    """How earlier paid posts were labelled, per account: columns handle, platform, labelled, of.

    Only posts from before the campaign that the creator's own export marks as paid: those found by their label
    would all have one.
    """
    posts = book.tables.posts
    paid = posts["sponsored"].fillna(value=False).astype(bool) & posts["caption"].notna()
    before = posts["published_at"] < pd.Timestamp(book.campaign.start)
    earlier = posts[paid & before & posts["handle"].isin(accounts(book)["handle"])]
    told = earlier[["handle", "platform"]].assign(
        labelled=[found.verdict == "found" for found in _checked(book, earlier)]
    )
    counted = told.groupby(["handle", "platform"], dropna=False)["labelled"].agg(labelled="sum", of="size")
    return counted.reset_index()


@per_book
def checked_posts(book: Book) -> pd.DataFrame:
    """The campaign's posts with what the check saw: verdict, word, why, what to do, further words that are wanted."""
    posts = campaign_posts(book)
    found = _checked(book, posts)
    names = ["verdict", "word", "why", "todo", "further"]
    rows = [[one.verdict, one.word, one.why, one.todo, ", ".join(one.further)] for one in found]
    return posts.join(pd.DataFrame(rows, columns=names, dtype="str"))


def check_labels(book: Book) -> Findings:
    """Posts of the campaign: label word found or not found in the text we were given, early enough, right words."""
    drafts = _draft_tables(book)
    if book.stage == "plan":
        text = "Once posts are live, their captions are checked here for the label words above."
        return Findings("tracking", (*drafts, Note(text)), book.formats)
    posts = checked_posts(book)
    if posts.empty:
        return Findings("tracking", (*drafts, _no_posts()), book.formats)
    looked = posts[posts["verdict"] != "no text"]
    wrong = looked[looked["verdict"] != "found"]
    items: list[Any] = [
        Figure(
            key="tracking.labels_found",
            label="posts with the label word in the text we were given",
            value=len(looked) - len(wrong),
            unit="posts",
            grade="counted",
            source="captions in the post exports",
            n=len(looked),
            note=f"of {len(looked)} posts with a text",
        )
    ]
    if len(wrong):
        items.append(_wrong_table(wrong))
    further = looked[(looked["verdict"] == "found") & (looked["further"] != "")]
    if len(further):
        words = ", ".join(f"“{word}”" for word in sorted(set(", ".join(further["further"]).split(", "))))
        text = f"{len(further)} of the labelled posts also reach markets that want a word of their own: add {words}."
        items.append(Note(text, "caution"))
    if len(posts) > len(looked):
        n = len(posts) - len(looked)
        text = f"{n} posts came without any text: a caption, transcript or picture of the post would let us look."
        items.append(Note(text, "unknown"))
    log = evidence_log(book)
    items += [log] if log is not None else []
    text = "“Found” means found in the text we were given: a label that is spoken or drawn on the picture cannot be seen here."
    return Findings("tracking", (*drafts, *items, Note(text, "caution")), book.formats)


def checked_drafts(book: Book) -> pd.DataFrame:
    """Drafts of the campaign file against their labels: handle, format, verdict, why, what to do.

    Raises:
        Problem: a draft's handle is not in the creators list.
    """
    by_handle = {row["handle"]: row for row in accounts(book).to_dict("records")}
    rows = []
    for draft in book.campaign.drafts:
        handle = draft.handle.strip().lstrip("@").lower()
        if handle not in by_handle:
            todo = "Write the handle as in the creators list, or add the account there."
            what = f"the draft's account @{handle} is not in the creators list"
            raise Problem(what, book.campaign.path, column="drafts", todo=todo)
        post = {"caption": draft.text, "format": draft.format, "label": None}
        found = _check_post(book, post, by_handle[handle])
        rows.append((handle, draft.format, found.verdict, found.why, found.todo))
    return pd.DataFrame(rows, columns=["handle", "format", "verdict", "why", "todo"])


def _draft_tables(book: Book) -> list[Table]:
    drafts = checked_drafts(book)
    columns = {
        "handle": Column("account"),
        "format": Column("format"),
        "verdict": Column("label word"),
        "why": Column("what we saw"),
        "todo": Column("what to do"),
    }
    return [Table("tracking.draft_labels", "Labels of the drafts", drafts, columns)] if len(drafts) else []


def evidence_log(book: Book) -> Table | None:
    """Every checked post with its place and time, so that what was found can be looked up again."""
    posts = checked_posts(book)
    if posts.empty:
        return None
    columns = {
        "published_at": Column("posted", "date"),
        "time": Column("at"),
        "handle": Column("account"),
        "format": Column("format"),
        "verdict": Column("label word"),
        "word": Column("word seen"),
        "exported_on": Column("text exported", "date"),
        "permalink": Column("post"),
    }
    told = posts.assign(time=posts["published_at"].dt.strftime("%H:%M"))
    note = f"As seen on {book.formats.day(book.as_of)}. A post can be changed later: keep a picture of it where it matters."
    return Table("tracking.evidence", "Evidence log", told, columns, rows=5, note=note)


def failures(book: Book) -> pd.DataFrame:
    """Checked posts whose label has to be fixed, the newest first."""
    posts = checked_posts(book)
    wrong = posts[~posts["verdict"].isin(["found", "no text"])]
    return wrong.sort_values(
        ["published_at", "handle"], ascending=[False, True], kind="stable", ignore_index=True
    )


def _checked(book: Book, posts: pd.DataFrame) -> list[Found]:
    """What the check sees in each post of a listed creator."""
    by_account = {(row["handle"], row["platform"]): row for row in accounts(book).to_dict("records")}
    by_handle = {row["handle"]: row for row in by_account.values()}
    return [
        _check_post(book, post, by_account.get((post["handle"], post["platform"]), by_handle[post["handle"]]))
        for post in posts.to_dict("records")
    ]


def _check_post(book: Book, post: Any, row: Any) -> Found:
    """A post against its label, in the language it is written in; one in two languages may use either word."""
    caption = post["caption"] if pd.notna(post["caption"]) else None
    kind = kind_of(str(post["format"]))
    languages = disclosure.languages_in(caption) or [language_of(book, row)]
    tried = [_check(post, label_of(book, row, kind, language), row["platform"]) for language in languages]
    return next((found for found in tried if found.fine), tried[0])


def _check(post: Any, label: Label, platform: str) -> Found:
    """A post's caption, and its label field where the file has one."""
    told = str(post["label"]) if pd.notna(post["label"]) else ""
    switch = "partnership" in told.lower() or "promotion" in told.lower()
    caption = post["caption"] if pd.notna(post["caption"]) else None
    found = disclosure.check_text(caption, label, platform, switch_on=switch)
    if found.verdict != "found" and told:
        seen = disclosure.check_text(told, label, platform, spoken=True)
        if seen.verdict == "found":
            return seen
    return found


def _brand(book: Book) -> str:
    """A pattern for the brand's name and handles: `Linnea Lane`, `@linnea.lane`, `#linnealane`."""
    names = [book.client.brand, *book.client.voice.mentions]
    parts = [[re.escape(part) for part in re.split(r"[\W_]+", name) if part] for name in names]
    told = [r"(?<!\w)[#@]?" + r"[\W_]?".join(words) for words in parts if words]
    return "|".join(told) or r"(?!)"


def _listed(values: pd.Series) -> str:
    return ", ".join(sorted(set(values)))


def _label_sentence(rows: pd.DataFrame) -> Note:
    single = rows[["handle", "words"]].assign(word=rows["words"].str.split(" · ")).explode("word")
    counts = single.drop_duplicates(["handle", "word"])["word"].value_counts()
    told = sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))
    words = ", ".join(f"“{word}” ({count})" for word, count in told)
    return Note(f"Exact words, with the number of accounts that need them: {words}.")


def _words_table(rows: pd.DataFrame) -> Table:
    grouped = rows.groupby("words", sort=True)
    frame = grouped.agg(
        accounts=("handle", "nunique"), languages=("language", _listed), benefits=("benefit", _listed)
    )
    frame = frame.reset_index().sort_values(["accounts", "words"], ascending=[False, True], kind="stable")
    columns = {
        "words": Column("exact words"),
        "accounts": Column("accounts", "number"),
        "languages": Column("language of the post"),
        "benefits": Column("benefit"),
    }
    note = "The language of the post decides the word; a further market that counts adds its own behind it."
    return Table("tracking.label_words", "Which words", frame, columns, note=note, rows=12)


def _places_table(rows: pd.DataFrame) -> Table:
    """Place, duration and platform label by platform and kind of post, the union over the audience's markets."""
    grouped = rows.groupby(["platform", "where", "how_long", "switch"], sort=True)
    frame = grouped.agg(formats=("format", _listed), accounts=("handle", "nunique")).reset_index()
    frame = frame.sort_values(["platform", "accounts", "where"], ascending=[True, False, True], kind="stable")
    columns = {
        "platform": Column("platform"),
        "formats": Column("formats"),
        "where": Column("where"),
        "how_long": Column("for how long"),
        "switch": Column("switch on as well"),
        "accounts": Column("accounts", "number"),
    }
    return Table("tracking.label_places", "Where, and for how long", frame, columns, rows=8)


def _label_table(rows: pd.DataFrame) -> Table:
    columns = {
        "handle": Column("account"),
        "platform": Column("platform"),
        "format": Column("format"),
        "words": Column("exact words"),
        "benefit": Column("benefit"),
        "benefit_from": Column("known from"),
        "markets": Column("audience in"),
    }
    return Table("tracking.labels", "Label of every account", rows, columns, rows=5)


def _rules_table(rows: pd.DataFrame) -> Table:
    """The rules behind the labels: what is not enough, who answers for it, where it was read and when."""
    markets = sorted({market for told in rows["markets"] for market in told.split(", ")})
    used = list(dict.fromkeys(row for market in markets if (row := disclosure.rule_of(market))))
    rules = pack("disclosure")["jurisdictions"]
    frame = pd.DataFrame(
        {
            "market": [rules[row]["country"] for row in used],
            "not_enough": [
                ", ".join(dict.fromkeys(one["what"] for one in rules[row]["not_enough"])) for row in used
            ],
            "liable": [rules[row]["liable"] for row in used],
            "source": [f"{rules[row]['instrument']}. Read in {rules[row]['source']}" for row in used],
            "confidence": [rules[row]["confidence"] for row in used],
            "dated": pd.to_datetime([rules[row]["dated"] for row in used]),
        }
    )
    columns = {
        "market": Column("market"),
        "not_enough": Column("not enough"),
        "liable": Column("who answers"),
        "source": Column("rule and source"),
        "confidence": Column("confidence"),
        "dated": Column("of", "date"),
    }
    return Table("tracking.label_rules", "The rules behind them", frame, columns)


def _conflict_notes(book: Book, rows: pd.DataFrame) -> list[Note]:
    """Why more than one word is needed, and the published conflicts that touch the campaign's markets."""
    told = {
        one for row in accounts(book).to_dict("records") for one in label_of(book, row, "picture").conflicts
    }
    share = book.formats.percent(pack("disclosure")["own_word_above_share"])
    notes = []
    if told:
        text = f"A market with more than {share} of the audience adds its own word, for example: {min(told)}"
        notes.append(Note(text, "caution"))
    markets = dict.fromkeys(market for told in rows["markets"] for market in told.split(", "))
    gifts = bool((rows["benefit"] == "gift").any()) and not {"GB", "AU"}.isdisjoint(markets)
    gifted = pack("disclosure")["conflicts"][0]["text"]
    told_too = dict.fromkeys([*([gifted] if gifts else []), *disclosure.conflicts_among(markets)])
    notes += [Note(text[:1].upper() + text[1:], "caution") for text in told_too]
    return notes


def _odd_countries(book: Book) -> list[Note]:
    """Countries of the creators list that are none, each with its row."""
    known = pack("disclosure")["markets"]
    slips = {"UK": "GB", "EN": "GB", "EL": "GR", "USA": "US"}
    notes = []
    for row in accounts(book).to_dict("records"):
        code = row["country"].strip().upper() if pd.notna(row["country"]) else ""
        if code in known or not (code in slips or len(code) != 2) or not code:
            continue
        meant = f"write {slips[code]}" if code in slips else "write two letters as in ISO 3166"
        text = f"Creators list, row {row['row']}: “{row['country']}” is not a country code: {meant}; until then no rule of that country is used."
        notes.append(Note(text, "todo", owner="us"))
    return notes[:5]


def _open_notes(rows: pd.DataFrame) -> list[Note]:
    asks = sorted({ask for told in rows["open"] if told for ask in told.split("; ")})
    return [Note(f"{ask}. The label is shown all the same.", "todo", owner="counsel") for ask in asks]


@per_book
def french_totals(book: Book) -> pd.DataFrame:
    """What each creator in France gets from the client in the campaign's year, against the decree's threshold.

    Columns: person, campaign (fee plus gift at retail value without VAT, as listed), earlier (fees and gifts of the
    cost sheet in the same year, paid more than four weeks before this campaign), total, threshold, all in the
    client's currency, and contract (whether a written one is needed). Empty where the decree does not count.
    """
    rule = pack("disclosure")["jurisdictions"]["FR"]["contract"]
    columns = ["person", "campaign", "earlier", "total", "threshold", "contract"]
    rate = _euro_rate(book)
    if rate is None or not _french_rule_counts(book):
        return pd.DataFrame(columns=columns)
    rows = []
    for row in _french(book):
        listed = _listed_value(book, row)
        earlier, sheet = _cost_sheet_value(book, {row["person"], row["handle"]})
        total = max(listed + earlier, sheet)
        threshold = rule["threshold"] * rate
        rows.append((row["person"], listed, earlier, total, threshold, round(total, 2) >= threshold))
    return pd.DataFrame(rows, columns=columns)


def _french_rule_counts(book: Book) -> bool:
    rule = pack("disclosure")["jurisdictions"]["FR"]["contract"]
    return "FR" in [*book.campaign.markets, *book.client.all_markets] and book.campaign.end >= rule["from"]


def _euro_rate(book: Book) -> float | None:
    rule = pack("disclosure")["jurisdictions"]["FR"]["contract"]
    return (
        1.0 if book.client.currency == rule["currency"] else book.client.exchange_rates.get(rule["currency"])
    )


def _french(book: Book) -> list[Any]:
    listed = accounts(book).drop_duplicates("person")
    return [row for row in listed.to_dict("records") if audience(book, row)[0][:1] == ["FR"]]


def _listed_value(book: Book, row: Any) -> float:
    """Fee plus the gift's retail value, both without VAT."""
    fee = float(row["fee"]) if pd.notna(row["fee"]) else 0.0
    gift = float(row["gift_retail"]) if pd.notna(row["gift_retail"]) else 0.0
    taxed = 1 + book.client.tax_rate_in("FR") if book.client.prices_include_tax else 1.0
    return fee + gift / taxed


def _cost_sheet_value(book: Book, names: set[str]) -> tuple[float, float]:
    """Fees and gifts of the year in the cost sheet: those before this campaign, and all."""
    costs, start = book.tables.costs, pd.Timestamp(book.campaign.start)
    kind = costs["kind"].fillna("").str.lower()
    home = costs["currency"].isna() | (costs["currency"] == book.client.currency)
    year = costs["date"].dt.year == start.year
    mine = costs[home & year & kind.isin(["fee", "gift"]) & costs["creator"].isin(names)]
    earlier = mine[mine["date"] < start - timedelta(days=28)]
    return float(earlier["amount"].sum()), float(mine["amount"].sum())


def _contracts(book: Book) -> list[Any]:
    """France: pay plus gifts per creator and year against the written-contract threshold."""
    rule = pack("disclosure")["jurisdictions"]["FR"]["contract"]
    if not _french_rule_counts(book) or not _french(book):
        return []
    if _euro_rate(book) is None:
        text = f"Creators in France: compare pay plus gifts with the threshold ({rule['text']}). The exchange rate of EUR is not in client.yml."
        return [Note(text, "todo", owner="us")]
    told = french_totals(book)
    over = list(told.loc[told["contract"], "person"])
    items: list[Any] = []
    if over:
        names = ", ".join(over[:5]) + (f" and {len(over) - 5} more" if len(over) > 5 else "")
        text = f"Written contract needed in France: {names} ({rule['text']}). It names {rule['must_hold']}; {rule['instrument']}."
        items.append(Note(text, "todo", owner="us", due=book.campaign.start - timedelta(days=14)))
    near = told[told["total"] >= told["threshold"] / 2]
    if len(near):
        items.append(_french_table(near))
    return items


def _french_table(near: pd.DataFrame) -> Table:
    frame = near.sort_values(["total", "person"], ascending=[False, True], kind="stable").assign(
        state=near["contract"].map({True: "written contract first", False: "below it so far"})
    )
    columns = {
        "person": Column("creator in France"),
        "campaign": Column("this campaign", "money", grade="counted"),
        "earlier": Column("earlier this year", "money", grade="counted"),
        "total": Column("in the year", "money", grade="counted"),
        "threshold": Column("threshold", "money"),
        "state": Column("contract"),
    }
    note = "Fees and gifts without VAT, from the creators list and the cost sheet; what other campaigns paid elsewhere is not known here."
    return Table(
        "tracking.french_contracts", "Pay and gifts per year in France", frame, columns, rows=6, note=note
    )


def _wrong_table(wrong: pd.DataFrame) -> Table:
    columns = {
        "published_at": Column("posted", "date"),
        "handle": Column("handle"),
        "format": Column("format"),
        "verdict": Column("label word"),
        "why": Column("what we saw"),
        "todo": Column("what to do"),
        "permalink": Column("post"),
    }
    return Table("tracking.label_checks", "Labels to fix", wrong, columns, rows=10)


def _no_posts() -> Note:
    text = (
        "Labels not checked: no post of this campaign is in the exports. The creators' content exports, or a post "
        "log kept by hand (date, link, label seen), would let us look."
    )
    return Note(text, "unknown", owner="creators")


def _needs_creators(what: str) -> Note:
    text = f"For {what} we need the creators list: creator, handle, platform, followers. Whoever runs the campaign has it."
    return Note(text, "todo", owner="us")
