"""Who one creator is in a client's files: handles, names and codes, and which words of these others use, too."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from creatorbook.campaign.codes import code_for
from creatorbook.client import Campaign, CampaignFile, Client, ClientFile, read_campaign, read_links
from creatorbook.client.forgotten import is_made_up, letters
from creatorbook.packs import pack
from creatorbook.problems import Problem
from creatorbook.tables import Tables
from creatorbook.text.codes import code_of, codes_in
from creatorbook.text.handles import plain_name

SHORTEST = 3  #: letters and digits of a name that is looked for inside longer texts


@dataclass(frozen=True)
class Person:
    """One creator.

    Attributes:
        names: the handle asked for, then the person's other handles and names, in lower case.
        further_handles: those on a platform where another of their handles is.
        codes: codes on the list, issued, or that a campaign's pattern makes of their handles.
        common: those of `names` that mean something else, too: a brand's, campaign's or product's word, or somebody else.
        others: what other creators are called and what their codes are, where a part of that is one of these.
    """

    names: tuple[str, ...]
    further_handles: tuple[str, ...]
    codes: tuple[str, ...]
    common: tuple[str, ...]
    others: tuple[str, ...]

    def named_in(self, cells: pd.Series) -> pd.Series:
        """Which cells name the person by a handle or by name, however they are written."""
        return _is_one_of(cells, self.names)

    def rows(self, tables: Tables) -> dict[str, pd.DataFrame]:
        """Canonical table → its rows about the person."""
        by_table = {}
        for name in tables:
            frame = tables.frames[name]
            who = [column for column in ("handle", "creator") if column in frame]
            if who and (about := frame[who].apply(self.named_in).any(axis=1)).any():
                by_table[name] = frame[about]
        return by_table


def person_of(client: Client, tables: Tables, handle: str) -> Person:
    """Who a handle is, as the creators list and the campaigns' files tell.

    Raises:
        Problem: it is the made-up name of somebody who is forgotten, or a campaign's file has a mistake in it.
    """
    wanted, creators = plain_name(handle), tables.creators
    if not wanted or is_made_up(wanted):
        raise Problem(f"“{handle}” is no creator's handle", todo="Give a handle as the creators list has it.")
    handles, people = (
        column.map(plain_name, na_action="ignore") for column in (creators.handle, creators.creator)
    )
    own_people = people[handles == wanted].dropna().unique()
    others = handles[people.isin(own_people)].dropna()
    names = tuple(dict.fromkeys([wanted, *sorted(others), *sorted(own_people)]))
    own = creators[handles.isin(names) | people.isin(names)]
    again = own.assign(handle=handles).drop_duplicates("handle").loc[lambda rows: rows.duplicated("platform")]
    campaigns = [read_campaign(client, name) for name in client.campaign_ids]
    own_codes, other_codes = _codes(creators, campaigns, names)
    strangers = {*handles.dropna(), *people.dropna(), *other_codes} - {*names, *own_codes}
    spelt = {letters(name) for name in (*names, *own_codes)}
    others_words = _words(client, campaigns, tables) | {letters(one) for one in strangers}
    return Person(
        names,
        tuple(again["handle"]),
        tuple(sorted(own_codes - other_codes)),
        tuple(name for name in names if len(letters(name)) < SHORTEST or letters(name) in others_words),
        tuple(sorted(one for one in strangers if _holds(letters(one), spelt))),
    )


def _is_one_of(cells: pd.Series, names: tuple[str, ...]) -> pd.Series:
    return cells.map(plain_name, na_action="ignore").isin(names)


def _codes(
    creators: pd.DataFrame, campaigns: list[Campaign], names: tuple[str, ...]
) -> tuple[set[str], set[str]]:
    """The person's codes and everybody else's: listed, issued, and for the person those that patterns make."""
    rows = [creators[["handle", "creator", "code"]]]
    rows += [read_links(campaign)[["handle", "creator", "code"]] for campaign in campaigns]
    listed = pd.concat(rows).dropna(subset="code")
    is_own = _is_one_of(listed.handle, names) | _is_one_of(listed.creator, names)
    own, others = (
        {code_of(code) for cell in cells for code in codes_in(cell)} - {""}
        for cells in (listed.code[is_own], listed.code[~is_own])
    )
    made = {
        code_for(name, one.codes.percent, one.codes.pattern)
        for one in campaigns
        for name in names
        if " " not in name
    }
    return own | (made - others), others


def _words(client: Client, campaigns: list[Campaign], tables: Tables) -> set[str]:
    """Words that no report can do without: of brand, website, campaigns, products, platforms and settings."""
    products = [frame["product"].dropna().unique() for frame in (tables.products, tables.order_lines)]
    texts = [client.brand, client.website or "", *pack("formats")["platforms"]]
    texts += [*ClientFile.model_fields, *CampaignFile.model_fields]
    texts += [text for campaign in campaigns for text in (campaign.id, campaign.title)]
    texts += [str(product) for some in products for product in some]
    return {letters(word) for text in texts for word in [text, *re.findall(r"[^\W_]+", text)]}


def _holds(other: str, spelt: set[str]) -> bool:
    return any(one in other and one != other for one in spelt if one)
