"""Labels that nobody can read in a text: a person looks at the post and writes down what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from creatorbook.acts.hand_rows import hand_sheet
from creatorbook.book import Book
from creatorbook.client.forgotten import is_made_up
from creatorbook.findings import Day, say, written
from creatorbook.forms.fields import Field
from creatorbook.forms.form import Form, show_form
from creatorbook.forms.hand_sheets import row_form
from creatorbook.tracking.disclosure import VERDICTS
from creatorbook.tracking.label_check import checked_posts

#: words for a post that shows no label at all
NO_LABEL = "none"


def labels_seen(book: Book) -> None:
    """What a person saw of the label on posts in whose texts none was found; nothing before posts are live."""
    if book.stage != "plan":
        show_form(book, labels_form(book), "A form: write down in JupyterLab which label a post shows.")


def labels_form(book: Book) -> Form:
    """One post and the label it shows: a row of `post_log.csv`, which is joined to the post by its link."""
    posts = {row["permalink"]: row for row in _posts(book)}
    sheet = hand_sheet("post_log.csv")

    def cells_of(values: Mapping[str, Any]) -> dict[str, str]:
        post = posts[values["post"]]
        return {
            "handle": post["handle"],
            "platform": post["platform"],
            "posted on": post["published_at"].date().isoformat(),
            "link": post["permalink"],
            "label seen": values["label"],
            "campaign": book.campaign.title,
            "counted on": values["counted on"].isoformat(),
        }

    options = {link: _described(book, post) for link, post in posts.items()}
    fields = [
        Field("post", "Post", "choice", options=options, required=True),
        Field("label", "Label seen", required=True, options=[NO_LABEL], help="The words or the platform's label exactly as shown, or “none”."),
        Field("counted on", "Seen on", "day", required=True),
    ]  # fmt: skip
    intro = (
        "Posts in whose texts no right label was found. A label on the picture, spoken, or set by the platform's switch "
        "is seen by a person only."
    )
    return row_form(book, sheet, fields, cells_of, "Labels seen on posts", intro)


def _posts(book: Book) -> list[dict[Any, Any]]:
    """The campaign's posts whose label was not found, with a link, the oldest first."""
    posts = checked_posts(book)
    wanted = posts[(posts["verdict"] != "found") & posts["permalink"].notna()]
    return [row for row in wanted.to_dict("records") if not is_made_up(str(row["handle"]))]


def _described(book: Book, post: Mapping[Any, Any]) -> str:
    text = say(
        "@{handle}, {day}: {verdict}",
        handle=post["handle"],
        day=Day(post["published_at"].date()),
        verdict=VERDICTS[post["verdict"]],
    )
    return written(text, book.formats)
