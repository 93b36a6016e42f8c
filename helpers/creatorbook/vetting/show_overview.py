"""Who is in the list, and how much of the check could be done for whom: the first step of notebook 02."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.findings import (
    Capital,
    Chart,
    Column,
    Figure,
    Findings,
    Note,
    Table,
    Text,
    joined,
    number_of,
    packed,
    say,
    say_many,
    sentences,
)
from creatorbook.vetting.accounts import listed_accounts, nameless_rows, platform_name
from creatorbook.vetting.checks_done import card_checks, checks_done, checks_text
from creatorbook.vetting.wording import CREATOR, one_note

if TYPE_CHECKING:
    from creatorbook.book import Book


def overview(book: Book) -> Findings:
    """Who is in the list, by size, platform and price (cost per thousand followers), and what could be checked."""
    accounts = listed_accounts(book)
    if accounts.empty:
        return one_note(
            book,
            say(
                "The list of creators is empty. A creators list with handle, platform and followers opens this step; you or the agency have it."
            ),
            "unknown",
        )
    done = checks_done(book)
    counts = done.sum(axis=1)
    items: list[Figure | Table | Chart | Note] = [
        Figure(
            "vetting.accounts",
            "Accounts in the list",
            len(accounts),
            "accounts",
            "counted",
            say("creators list"),
        ),
        Figure(
            "vetting.checks_done",
            "Checks done for the typical account",
            int(np.floor(counts.median())),
            f"of {len(card_checks())}",
            "counted",
            say("files in exports/"),
            n=len(accounts),
            note=_spread(int(counts.min()), int(counts.max())),
        ),
        _list_table(accounts, counts),
        _unchecked_table(done),
        *_oddities(book, accounts),
        *_most_missed(book, done),
    ]
    return Findings("vetting", tuple(items), book.formats)


def _list_table(accounts: pd.DataFrame, counts: pd.Series) -> Table:
    """Every account with its price per thousand followers and the checks done."""
    listed = pd.DataFrame(
        {
            "creator": accounts.called,
            "platform": accounts.platform.map(platform_name),
            "followers": accounts.followers,
            "place": accounts.place,
            "fee": accounts.fee,
            "per_thousand": accounts.fee / (accounts.followers.where(accounts.followers > 0) / 1000),
            "checked": [checks_text(int(count)) for count in counts.reindex(accounts.index)],
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
    if accounts.place.isna().all():
        del columns["place"]
    return Table("vetting.list", "The list, largest first", listed, columns, rows=12)


def _unchecked_table(done: pd.DataFrame) -> Table:
    """Check by check: for how many it could be done, and what would do it for the others."""
    rows = [
        {
            "check": Capital(packed(check["name"])),
            "done": say("{done} of {accounts}", done=int(done[check["id"]].sum()), accounts=len(done)),
            "file": "" if done[check["id"]].all() else packed(check["file"]),
            "who": "" if done[check["id"]].all() else packed(check["who"]),
        }
        for check in card_checks()
    ]
    columns = {
        "check": Column("Check"),
        "done": Column("Done for"),
        "file": Column("What would do it for the others"),
        "who": Column("Who has it"),
    }
    title = say("What could be checked, and what one more file would add")
    return Table("vetting.not_checked", title, pd.DataFrame(rows), columns)


def _oddities(book: Book, accounts: pd.DataFrame) -> list[Note]:
    """Lines of the list that cannot be used as they are: none is dropped without a word."""
    texts: list[Text] = []
    if nameless := nameless_rows(book):
        texts.append(
            say_many(
                "{n} line of the creators list has no handle and is left out.",
                "{n} lines of the creators list have no handle and are left out.",
                n=nameless,
            )
        )
    nobody = accounts.called[accounts.followers == 0]
    if len(nobody):
        rate = say(
            "{accounts}: 0 followers in the list, so no rate per follower can be given.",
            accounts=joined(nobody, most=5),
        )
        texts.append(sentences(rate, say("Private, deleted or mistyped?")))
    if unknown := int(accounts.followers.isna().sum()):
        texts.append(
            say_many(
                "{n} account has no follower count in the list.",
                "{n} accounts have no follower count in the list.",
                n=unknown,
            )
        )
    if several := int((accounts.groupby("creator").size() > 1).sum()):
        texts.append(
            say_many(
                "{n} creator has several accounts in the list; price, code and decision belong to the person, size and "
                "response to the account.",
                "{n} creators have several accounts in the list; price, code and decision belong to the person, size and "
                "response to the account.",
                n=several,
            )
        )
    return [Note(text, "caution") for text in texts]


def _spread(fewest: int, most: int) -> Text:
    if fewest == most:
        return say("the same for all")
    return say(
        "from {fewest} to {most} of {checks} checked", fewest=fewest, most=most, checks=len(card_checks())
    )


def _most_missed(book: Book, done: pd.DataFrame) -> list[Note]:
    """The first check, in the order of the card, that could be done for fewer than half of the accounts.

    Comment files are passed over: hardly anybody can lawfully have one.
    """
    possible = [check for check in card_checks() if check["who"] != "hardly anybody"]
    check = next((check for check in possible if done[check["id"]].mean() < 0.5), None)
    if check is None:
        return []
    text = say(
        "{check} ({n} of {accounts}): {file} settles it.",
        check=Capital(packed(check["name"])),
        n=int((~done[check["id"]]).sum()),
        accounts=number_of("account", len(done)),
        file=packed(check["file"]),
    )
    return [Note(text, "unknown", "plan.not_known", packed(check["who"]), book.campaign.start, rank=40)]
