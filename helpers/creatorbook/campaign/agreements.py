"""What was agreed in writing with creators for this campaign: the rows of the contract and rights sheet that are its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.campaign.posts import names_the_campaign
from creatorbook.campaign.roster import persons_named

if TYPE_CHECKING:
    from creatorbook.book import Book


def campaign_agreements(book: Book) -> pd.DataFrame:
    """Rows of the rights sheet for this campaign, with `creator`: whom the row means, else the name as it is written.

    A row that names another campaign is none of this one's; one that names none counts, unless its use was over before
    the campaign began.
    """
    sheet = book.tables.rights
    ours = sheet.campaign.isna() | names_the_campaign(book, sheet.campaign)
    over = sheet.ends_on < pd.Timestamp(book.campaign.start)
    sheet = sheet[ours & ~(over & sheet.campaign.isna())]
    return sheet.assign(creator=persons_named(book, sheet.handle).fillna(sheet.handle))


def grants_use(agreements: pd.DataFrame) -> pd.Series:
    """Whether a row grants the use of content, and not a contract or exclusivity alone."""
    in_ads = agreements.paid_use.fillna(value=False).astype(bool) | agreements.paid_use_until.notna()
    return agreements.channels.notna() | agreements.ends_on.notna() | in_ads
