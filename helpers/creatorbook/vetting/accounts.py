"""Who is in the list: one account (handle on a platform) per row, and every other table joined to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.memo import remember
from creatorbook.text.handles import plain_handle, plain_handles, spelt_alike

if TYPE_CHECKING:
    from creatorbook.book import Book

#: Platforms as people write them.
PLATFORM_NAMES = {
    "instagram": "Instagram",
    "tiktok": "TikTok",
    "youtube": "YouTube",
    "pinterest": "Pinterest",
}


def listed_accounts(book: Book) -> pd.DataFrame:
    """One row per account: the columns of `creators`, indexed by account, largest first.

    `account` is `platform/handle`; `called` is how people call it: `@handle`, with the platform where the
    same handle stands on two. Rows without a handle are left out; `nameless_rows` counts them.
    """
    return remember(book.tables, "accounts", lambda: _accounts(book.tables.creators))


def _accounts(creators: pd.DataFrame) -> pd.DataFrame:
    """One row per account, the last line that says something of each column; see `listed_accounts`."""
    frame = creators.assign(
        creator=spelt_alike(creators.creator),
        handle=plain_handles(creators.handle),
        platform=creators.platform.str.strip().str.lower(),
    )
    frame = frame[frame.handle.notna() & (frame.handle != "")]
    frame["platform"] = frame.platform.fillna("platform not given")
    frame["account"] = frame.platform + "/" + frame.handle
    accounts = frame.groupby("account").last()  # a later line adds to an earlier one of the same account
    twice = accounts.handle.duplicated(keep=False)
    named = "@" + accounts.handle
    accounts["called"] = named.where(~twice, named + " (" + accounts.platform.map(platform_name) + ")")
    return accounts.sort_values("followers", ascending=False, kind="stable", na_position="last")


def nameless_rows(book: Book) -> int:
    """Lines of the creators list without a handle."""
    handles = plain_handles(book.tables.creators.handle)
    return int((handles.isna() | (handles == "")).sum())


def platform_name(platform: str) -> str:
    """A platform as people write it."""
    return PLATFORM_NAMES.get(platform, platform)


def listed_rows(book: Book, table: str) -> pd.DataFrame:
    """The rows of one of the book's tables that belong to a listed account, with the column `account`."""
    return remember(
        book.tables,
        f"rows of {table}",
        lambda: rows_of_accounts(getattr(book.tables, table), listed_accounts(book)),
    )


def rows_of_accounts(frame: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """The rows that belong to a listed account, with the column `account`.

    A row without a platform belongs to the handle's only account; if the handle stands on two platforms
    it cannot be placed and is left out.
    """
    if frame.empty or accounts.empty:
        return frame.iloc[:0].assign(account=pd.Series(dtype="str"))
    # handles come again in row after row: each is cleaned once
    whose = frame.groupby(["platform", "handle"], sort=False, dropna=False).ngroup()
    names = frame.loc[~whose.duplicated(), ["platform", "handle"]]
    handles, platforms = plain_handles(names.handle), names.platform.str.strip().str.lower()
    only = accounts[~accounts.handle.duplicated(keep=False)].reset_index().set_index("handle").account
    account = (platforms + "/" + handles).where(platforms.notna(), handles.map(only))
    return frame.assign(account=account.array.take(whose))[account.isin(accounts.index).array.take(whose)]


def account_of(book: Book, handle: str) -> str | None:
    """The account a person means by `@handle`, `handle` or `platform/handle`; none if it is not listed."""
    accounts = listed_accounts(book)
    wanted = plain_handle(handle)
    if wanted in accounts.index:
        return wanted
    matches = accounts.index[accounts.handle == wanted]
    return str(matches[0]) if len(matches) else None
