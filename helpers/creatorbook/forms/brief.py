"""The brief: what creators are told, what they get, and their drafts, looked at while they are pasted in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from creatorbook import tracking
from creatorbook.book import Book
from creatorbook.campaign.people import in_question
from creatorbook.campaign.roster import person_named
from creatorbook.client import Brief, Campaign, Draft, Gift
from creatorbook.client.forgotten import is_made_up
from creatorbook.forms.fields import Field
from creatorbook.forms.form import Button, Form, Reply, show_form
from creatorbook.forms.settings_part import CampaignPart, Values
from creatorbook.forms.shown import shown_findings
from creatorbook.packs import pack
from creatorbook.problems import Problem

#: texts of the brief that are lists, a line each
_LISTS = ("key_messages", "must_avoid", "proof")


def brief(book: Book) -> None:
    """What creators are told, gifts and drafts, with the check of label and claims."""
    show_form(book, brief_form(book), "A form: write the brief in JupyterLab, and look at drafts.")


def brief_form(book: Book) -> Form:
    """The brief as the campaign file has it; drafts are checked as they are pasted in."""
    part = CampaignPart(book, _values, _settings)

    def check(values: Values) -> Reply:
        """Label and claims of what is entered; the campaign's posts are looked at elsewhere."""
        under = replace(book, campaign=_under(part.campaign, values), stage="plan")
        return Reply(html=shown_findings(tracking.check_labels(under), tracking.check_claims(under)))

    def write(values: Values) -> Reply:
        looked_at = check(values)  # what would stop the page is told before it is written
        _refuse_strangers(book, values)
        reply = part.write(values)
        return replace(reply, html=f"{reply.html or ''}{looked_at.html}") if reply.done else reply

    fields = [replace(field, value=part.values[field.name]) for field in _fields(book)]
    return Form(
        "The brief",
        fields,
        [Button("Show what changes", part.look, "look"), Button("Write the brief", write)],
        writes=part.path,
        intro="It is printed on every creator's sheet. Drafts and claims are checked below while you type.",
        moved=check,
    )


def _fields(book: Book) -> list[Field]:
    handles = _handles(book)
    one_each = "One in each line."
    return [
        Field("product", "The product", "lines"),
        Field("rights", "What may be done with the content", "lines", help="For everybody; what differs stands in an agreement."),
        Field("key_messages", "What matters to us", "lines", help=one_each),
        Field("must_avoid", "Please leave out", "lines", help=f"{one_each} Words here are looked for in drafts and posts."),
        Field("proof", "What may be shown as proof", "lines", help=one_each),
        Field("deliverables", "What to make", "lines", help=one_each),
        Field(
            "claims",
            "What may be said about the product",
            "rows",
            columns=[
                Field("claim", "Claim", required=True),
                Field("proof", "What proves it"),
                Field("markets", "Only in", help="Country codes, as DE, FR; empty: everywhere."),
                Field("words", "Allowed wordings", "lines", help="One in each line; empty: the claim as it stands."),
            ],
            help="A claim without a proof covers nothing. Only in: country codes, as DE, FR; empty: everywhere. Allowed "
            "wordings: one in each line; empty: the claim as it stands.",
        ),
        Field(
            "gifts",
            "Gifts",
            "rows",
            columns=[
                Field("handle", "Creator", options=handles, required=True),
                Field("what", "What", required=True),
                Field("size", "Size"),
                Field("reason", "Why this one"),
            ],
        ),
        Field(
            "drafts",
            "Drafts",
            "rows",
            columns=[
                Field("handle", "Creator", options=handles, required=True),
                Field("format", "Kind of post", options=list(pack("formats")["formats"]), value="post", required=True),
                Field("platform", "Platform", options=list(pack("formats")["platforms"])),
                Field("text", "Text", "lines", required=True),
            ],
            help="Paste a draft in before it is posted.",
        ),
    ]  # fmt: skip


def _handles(book: Book) -> list[str]:
    """Accounts that a gift or a draft can be of, by handle."""
    handles = set(in_question(book)["handle"].dropna().astype(str))
    return sorted(handle for handle in handles if not is_made_up(handle))


def _refuse_strangers(book: Book, values: Values) -> None:
    """Raise a Problem where a gift is of nobody on the list: it would stand on no sheet."""
    for row in values["gifts"]:
        if person_named(book, row["handle"]) is None:
            todo = "Write the handle as in the creators list, or add the account there."
            raise Problem(f"the gift's account @{row['handle']} is not in the creators list", todo=todo)


def _values(campaign: Campaign) -> Values:
    own = campaign.brief
    return {
        "product": own.product,
        "rights": campaign.rights,
        **{name: "\n".join(getattr(own, name)) for name in _LISTS},
        "deliverables": "\n".join(campaign.deliverables),
        "claims": [
            {**claim.model_dump(), "markets": ", ".join(claim.markets), "words": "\n".join(claim.words)}
            for claim in own.claims
        ],
        "gifts": [gift.model_dump() for gift in campaign.gifts],
        "drafts": [draft.model_dump() for draft in campaign.drafts],
    }


def _settings(values: Values) -> dict[str, Any]:
    return {
        "brief.product": _sentence(values["product"]),
        **{f"brief.{name}": _lines(values[name]) or None for name in _LISTS},
        "brief.claims": [_claim(row) for row in values["claims"]] or None,
        "deliverables": _lines(values["deliverables"]) or None,
        "rights": _sentence(values["rights"]),
        "gifts": [_filled(row) for row in values["gifts"]] or None,
        "drafts": [_filled(row) for row in values["drafts"]] or None,
    }


def _claim(row: dict[str, Any]) -> Any:
    """A claim as the file has it: a line of text where there is nothing beside it."""
    markets = [name.strip().upper() for name in (row["markets"] or "").split(",") if name.strip()]
    claim = _filled({**row, "markets": markets, "words": _lines(row["words"])})
    return claim["claim"] if list(claim) == ["claim"] else claim


def _filled(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value not in (None, "", [])}


def _sentence(text: str | None) -> str | None:
    """A text that is no list, on one line; nothing where there is none."""
    return " ".join((text or "").split()) or None


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _under(campaign: Campaign, values: Values) -> Campaign:
    """The campaign as it would be with what is entered."""
    settings = _settings(values)
    own = {
        name.removeprefix("brief."): value for name, value in settings.items() if name.startswith("brief.")
    }
    changed = {
        "brief": Brief.model_validate(_filled(own)),
        "gifts": _models(Gift, settings["gifts"]),
        "drafts": _models(Draft, settings["drafts"]),
    }
    return campaign.model_copy(update=changed)


def _models(model: Any, rows: Iterable[dict[str, Any]] | None) -> list[Any]:
    return [model.model_validate(row) for row in rows or ()]
