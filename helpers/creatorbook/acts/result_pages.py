"""“What your posts did”: one page for each creator of a campaign, ready to send, with their own figures and nobody else's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from creatorbook.acts.handover_sheets.pages import page_html
from creatorbook.book import Book
from creatorbook.campaign.links import slugs
from creatorbook.campaign.posts import campaign_posts
from creatorbook.client import repository
from creatorbook.client.forgotten import is_made_up
from creatorbook.client.report_places import report_place
from creatorbook.deliver import refuse_strangers, write_folder
from creatorbook.finance.claims import owners
from creatorbook.findings import Count, Day, Text, packed, say, written
from creatorbook.opening import open_book
from creatorbook.problems import Problem
from creatorbook.report import pdf
from creatorbook.roi.send_back import own_results

#: column of the page's table → its heading, in its order
_FIGURES: dict[str, Text] = {
    "views": say("Times shown"),
    "reach": say("People reached"),
    "likes": say("Likes"),
    "comments": say("Comments"),
    "saves": say("Saved"),
    "shares": say("Shared"),
}


@dataclass(frozen=True)
class ResultPage:
    """One creator's page, its texts as they are read.

    Attributes:
        person, title, campaign, sentence, orders_note, thanks: its texts.
        heads: headings of the table of posts.
        posts: day, kind, link and figures of each post.
        total, totals: what all posts came to, and how that line is called, in the order of the figures.
    """

    person: str
    title: str
    campaign: str
    sentence: str
    orders_note: str
    thanks: str
    heads: tuple[str, ...]
    posts: tuple[tuple[str, str, tuple[str, ...]], ...]
    total: str
    totals: tuple[str, ...]


def print_result_pages(
    client: str | Path, campaign: str | None, out: Path | None = None
) -> tuple[list[Path], tuple[str, ...]]:
    """Write every creator's page, all or none, as PDF, or as HTML without a PDF engine; the files, and what to say about them.

    Args:
        client, campaign: as `open_book` takes them.
        out: where they go; none means `what-your-posts-did` among the campaign's reports.

    Raises:
        Problem: nobody took part, or the folder holds something that we did not put there.
    """
    book = open_book(client, campaign, stage="results")
    place = report_place(repository.REPORTS, book.client.folder) / book.campaign.id / "what-your-posts-did"
    folder = (out or place).resolve()
    refuse_strangers(folder)
    pages = result_pages(book)
    if not pages:
        todo = "Posts of the campaign, or a status in the creators list, tell who took part."
        raise Problem("no creator took part in this campaign yet", book.campaign.path, todo=todo)
    named = slugs(page.person for page in pages)
    files: dict[str, bytes] = {}
    log: dict[str, None] = {}
    for page in pages:
        html = page_html("result.html.j2", book, {"page": page}, printing=True)
        made = pdf.sheets([html], page.title, book.client.brand, book.as_of)
        if made is None:
            log[f"{pdf.why_none()}. Each is written as HTML"] = None
            html = page_html("result.html.j2", book, {"page": page}, printing=False)
        ending = "html" if made is None else "pdf"
        files[f"{named[page.person]}.{ending}"] = html.encode() if made is None else made
    return write_folder(folder, files), tuple(log)


def result_pages(book: Book) -> list[ResultPage]:
    """A page for each creator who took part, but of those who asked to be forgotten."""
    posts = campaign_posts(book)
    posts = posts.assign(creator=posts.handle.map(owners(book)))
    rows = own_results(book)
    return [
        _page(book, row, posts[posts.creator == row.creator])
        for row in rows.itertuples()
        if not is_made_up(str(row.creator))
    ]


def _page(book: Book, row: object, posts: pd.DataFrame) -> ResultPage:
    """One creator's page from their line of `own_results` and their own posts."""
    formats, person = book.formats, str(row.creator)  # type: ignore[attr-defined]
    shown = {name: head for name, head in _FIGURES.items() if posts[name].notna().any()}

    def words(text: Text) -> str:
        return written(text, formats)

    lines = tuple(
        (
            words(Day(post["published_at"])),
            _kind(post, book),
            tuple(_count(post[name], book) for name in shown),
        )
        for post in posts.sort_values("published_at", kind="stable").to_dict("records")
    )
    sums = tuple(_count(posts[name].sum(min_count=1), book) for name in shown) if len(posts) > 1 else ()
    return ResultPage(
        person=person,
        title=words(say("What your posts did")),
        campaign=words(
            say(
                "{campaign}, {first} to {last}",
                campaign=book.campaign.title,
                first=Day(book.campaign.start),
                last=Day(book.campaign.end),
            )
        ),
        sentence=words(row.sentence),  # type: ignore[attr-defined]
        orders_note=words(
            say("Traced orders are the least you brought: who buys without code or link is not counted.")
        ),
        thanks=words(
            say(
                "As of {day}. Does a figure look wrong to you? Tell us: yours are the better ones.",
                day=Day(book.as_of),
            )
        ),
        heads=(words(say("Posted on")), words(say("Post")), *(words(head) for head in shown.values())),
        posts=lines,
        total=words(say("Together")),
        totals=sums,
    )


def _kind(post: dict[object, object], book: Book) -> str:
    """What a post is, in a word."""
    return written(packed(str(post["format"])), book.formats) if pd.notna(post["format"]) else "–"


def _count(value: object, book: Book) -> str:
    return "–" if pd.isna(value) else written(Count(float(str(value))), book.formats)
