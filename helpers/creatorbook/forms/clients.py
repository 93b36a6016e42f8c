"""Which client and campaign: one form in 00 that opens any of them, and one that makes a new client from a few answers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from creatorbook.acts.new import new_client
from creatorbook.acts.notebook_copies import bring_notebooks, own_client
from creatorbook.acts.uploads import add_exports, export_path, file_to_add
from creatorbook.client import Campaign, Client, read_campaign, read_client
from creatorbook.client.repository import CLIENTS, ROOT, client_folder, sample_clients
from creatorbook.forms.fields import Field
from creatorbook.forms.file_health import receipts_html
from creatorbook.forms.form import Button, Form, Reply, show_form
from creatorbook.forms.places import client_opener
from creatorbook.packs import pack
from creatorbook.problems import Problem


def choose_client(client: str, mode: str = "explore") -> None:
    """Offer every client there is, with its campaigns; what is chosen opens in notebooks of its own."""
    if mode == "explore":
        show_form(None, choosing(client), "A form: choose another client or campaign in JupyterLab.")


def choosing(client: str) -> Form:
    """The form: one choice of client and campaign."""
    options = {f"{folder}\n{name}": words for folder, name, words in _campaigns(client)}
    field = Field("which", "Client and campaign", "choice", options=options, required=True)
    return Form("Another client or campaign", [field], [Button("Open", _open)])


def start_client(mode: str = "explore") -> None:
    """Make a new client: nine answers, and the files that are there already."""
    if mode == "explore":
        show_form(None, new_client_form(), "A form: make a new client in JupyterLab.")


def new_client_form() -> Form:
    """The form of a new client; it calls what `python3 workbook.py new` calls."""
    goals = {name: str(goal["words"]).capitalize() for name, goal in pack("goals")["goals"].items()}
    fields = [
        Field("brand", "Brand", required=True),
        Field("currency", "Currency", help="Three letters, as EUR, GBP or USD.", required=True),
        Field("market", "Home market", help="Two letters, as DE, GB or US.", required=True),
        Field("prices_include_tax", "Do the shop's prices include VAT or sales tax?", "choice", options={"yes": "Yes", "no": "No"}, required=True),
        Field("tax_rate", "VAT or sales tax rate", "share", unit="%", low=0, high=1, required=True),
        Field("goal", "What is the campaign for?", "choice", options=goals, required=True),
        Field("budget", "Budget, all costs, excl. tax", "number", low=1, required=True),
        Field("start", "First day", "day", required=True),
        Field("end", "Last day", "day", required=True),
        Field("files", "Files you have", "upload", help="The creators list and the shop's orders, as they were exported. More can follow."),
        Field("place", "… or a large file's path on this computer"),
    ]  # fmt: skip
    intro = "Nothing else is needed to begin. The folder is made in clients/, which git ignores."
    return Form("A new client", fields, [Button("Make the client", _make)], intro=intro)


def client_from(answers: dict[str, Any], folder: Path) -> list[str]:
    """Make a client and put its files there; the lines that say so.

    Args:
        answers: of the form's fields.
        folder: where.

    Raises:
        Problem: as `new_client` and `add_exports`.
    """
    files = [(one["name"], one["content"]) for one in answers["files"]]
    if answers["place"]:
        files.append(file_to_add(answers["place"]))
    asked = {name: answers[name] for name in ("brand", "tax_rate", "goal", "budget", "start", "end")}
    asked |= {name: answers[name].strip().upper() for name in ("currency", "market")}
    asked["prices_include_tax"] = answers["prices_include_tax"] == "yes"
    lines = [f"wrote {path.name}" for path in new_client(folder, asked)]
    empty = folder / "exports" / "creators.csv"
    if empty in [
        export_path(folder, name) for name, _ in files
    ]:  # the list that is brought, not the one just made
        empty.unlink()
    return [*lines, *add_exports(folder, files)]


def _make(answers: dict[str, Any]) -> Reply:
    folder = CLIENTS / (re.sub(r"[^a-z0-9]+", "-", answers["brand"].lower()).strip("-") or "client")
    lines = client_from(answers, folder)
    campaign = read_campaign(read_client(folder))
    copies = bring_notebooks(campaign)
    health = receipts_html(read_client(folder))
    opened = client_opener(copies.folder, f"Open {answers['brand']}")
    brought = [line for line in lines if "exports/" in line]
    return Reply("\n".join([f"The folder clients/{folder.name} is made.", *brought]), opened + health)


def _open(answers: dict[str, Any]) -> Reply:
    place, name = answers["which"].split("\n")
    folder = own_client(Path(place))
    campaign = read_campaign(read_client(folder), name)
    copies = bring_notebooks(campaign)
    return Reply(
        f"{campaign.title}: its notebooks are ready.", client_opener(copies.folder, f"Open {campaign.title}")
    )


def _campaigns(client: str) -> list[tuple[str, str, str]]:
    """Folder, campaign and words of every campaign of one's own clients and of the samples; what cannot be read is left out."""
    own = sorted(path.parent for path in CLIENTS.glob("*/client.yml")) if CLIENTS.is_dir() else []
    current = client_folder(client)
    folders = list(dict.fromkeys([current, *own, *sample_clients()]))
    found = []
    for folder in folders:
        try:
            its_client = read_client(folder)
            campaigns = [read_campaign(its_client, name) for name in its_client.campaign_ids]
        except Problem:  # told when that client is opened
            continue
        found += [(str(folder), campaign.id, _words(its_client, campaign)) for campaign in campaigns]
    return found


def _words(client: Client, campaign: Campaign) -> str:
    sample = " (sample)" if client.folder.parent == ROOT / "sample_data" else ""
    return f"{client.brand}{sample}: {campaign.title}, {campaign.start} to {campaign.end}"
