"""The command `creatorbook`: a thin layer over the package."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from creatorbook.authoring.commands import Commands, WithoutPlugins, plugins_app
from creatorbook.problems import Problem
from creatorbook.text.plain_english import how_many
from creatorbook.text.plain_text import for_terminal
from creatorbook.tied import run_module

if TYPE_CHECKING:
    from creatorbook.exports import Receipt
    from creatorbook.runner.jobs import Job

app = typer.Typer(
    name="creatorbook",
    cls=Commands,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="Plan, vet, track and settle creator campaigns, and print client reports.\n\n"
    "A **client** is a folder: `client.yml`, `campaigns/<name>.yml` and `exports/` with the files the brand "
    "already has. Start with `python3 workbook.py report northpin` to see a report from the smallest possible folder, "
    "then `python3 workbook.py new clients/mine` to make your own.\n\n"
    "Exit codes: 0 done, 1 some client failed (the others are written), 2 the call was wrong.",
)

#: How the commands stand in `--help` and in the README: what is used daily first.
DAILY, SOMETIMES, AUTHORS = "Daily", "Sometimes", "For plugin authors"

app.add_typer(plugins_app, name="plugins", rich_help_panel=AUTHORS)

FAILED = 1
#: columns of a table that goes to a file or another program
LONGEST_LINE = 2_000


Clients = Annotated[
    list[str] | None,
    typer.Argument(help="Client folders or sample clients' names; none means all sample clients."),
]
OneClient = Annotated[str, typer.Argument(help="A client folder or a sample client's name.")]
Campaign = Annotated[
    str | None, typer.Option(help="A campaign's name; else client.yml's, or the one that starts last.")
]


@app.callback(invoke_without_command=True)
def first_look(context: typer.Context) -> None:
    """Without a command: the report of the sample client that shows most, and what to do next."""
    _sweep()
    context.call_on_close(_sweep)
    if context.invoked_subcommand is not None:
        return
    from creatorbook.client.repository import FIRST_SAMPLE

    report([FIRST_SAMPLE])
    _echo(
        "\nA made-up client: to-send/ in the folder named above is what a client gets, working/ what the strategist keeps. Then:\n"
        "  python3 workbook.py lab                   the notebooks behind it\n"
        "  python3 workbook.py new clients/mine      a folder for your own files\n"
        "  python3 workbook.py --help                everything else"
    )


@app.command("report", rich_help_panel=DAILY)
def report(
    clients: Clients = None,
    campaign: Campaign = None,
    stage: Annotated[
        str | None, typer.Option(help="plan, pulse or results; else found from dates and files.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where reports go; else reports/.")] = None,
    as_of: Annotated[
        str | None,
        typer.Option(help="The day to report as of, as 2026-03-29; else the last day in the files."),
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="How many clients side by side.")] = os.cpu_count() or 1,
    force: Annotated[
        bool, typer.Option("--force", help="Make reports again although nothing changed.")
    ] = False,
    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Run on a Dask cluster, as tcp://host:8786, in place of --jobs."
        ),
    ] = None,
    timeout: Annotated[
        int | None, typer.Option(min=1, help="Seconds one cell of a notebook may take; else 600.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say only what failed.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Say what became of each client as JSON.")] = False,
    no_plugin: WithoutPlugins = None,
) -> None:
    """Print client reports, one folder per edition: to-send/ for the client, working/ for you; and an index.html of all.

    Unchanged input is not run again, and an interrupted call goes on where it stopped. A client that fails is told
    and leaves nothing half written. A second call on the same client, while one runs, says so and stops.
    """
    from creatorbook.client.repository import REPORTS, client_folder, sample_clients

    folders = [client_folder(name) for name in clients] if clients else sample_clients()
    _check_stage_and_day(stage, as_of)
    from creatorbook import plugins  # heavy: a call that is wrong is told before
    from creatorbook.runner.jobs import Job

    target = (out or REPORTS).resolve()
    switches = tuple(plugins.switches().items())
    made = [
        Job(folder, target, campaign, stage, as_of, force, timeout, switches=switches) for folder in folders
    ]
    _print_reports(made, jobs, cluster, quiet=quiet, as_json=as_json)


@app.command("check", rich_help_panel=DAILY)
def check(
    client: OneClient,
    as_json: Annotated[bool, typer.Option("--json", help="The receipts as JSON.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="A folder to write receipts.json and rejected.csv into.")
    ] = None,
    no_plugin: WithoutPlugins = None,
) -> None:
    """Read a client's exports and print the import receipt: what was kept, set aside, and what is missing.

    Nothing is written into the client folder. `--out DIR` writes the receipts and every record set aside there.
    """
    from creatorbook import exports, start
    from creatorbook.client import read_campaign, read_client
    from creatorbook.client.repository import client_folder
    from creatorbook.opening import read_exports
    from creatorbook.packs import put_in_force
    from creatorbook.report.fonts import not_printable

    folder = client_folder(client)
    try:
        its_client = read_client(folder)
        put_in_force(its_client.all_packs)
        campaign = read_campaign(its_client)
        read = read_exports(its_client)
    except Problem as problem:
        if isinstance(problem, exports.Unread) and not as_json:
            _print_receipts(problem.receipts, problem.files)
        _echo(_before_block(problem), err=True)
        raise typer.Exit(FAILED) from None
    written = exports.write_receipts(read.receipts, out) if out else []
    if as_json:
        receipts = [exports.receipt_as_json(receipt) for receipt in read.receipts]
        _echo_json(json.dumps(receipts, indent=2, ensure_ascii=False))
        return
    _echo("\n".join([f"{its_client.brand}, {campaign.title}", *its_client.all_packs.left_out]) + "\n")
    _print_receipts(read.receipts)
    _echo(_folded(exports.totals_line(read.receipts)) + "\n")
    _echo(_folded(start.one_more_file_text(read.tables)))
    people = read.tables.creators.creator.dropna().astype(str)
    if names := not_printable([its_client.brand, campaign.title, *people]):
        _echo("\n" + _folded(names))
    for path in written:
        _echo(f"wrote {_near(path.resolve())}")


@app.command(
    "lab", rich_help_panel=DAILY, context_settings={"allow_extra_args": True, "ignore_unknown_options": True}
)
def lab(
    context: typer.Context,
    client: Annotated[
        str | None,
        typer.Argument(
            help="Whose notebooks; a sample client is copied to clients/. None: the client last worked in."
        ),
    ] = None,
    campaign: Campaign = None,
    no_plugin: WithoutPlugins = None,
) -> None:
    """Open a client's own copies of the notebooks in JupyterLab, run already; further options go to `jupyter lab`.

    The copies are ignored by git, and what you change in them stays yours. Without a client, the one that was made or opened
    last opens; before there is any, a copy of a sample client.
    """
    from creatorbook.runner import forked

    forked.warm_up()  # first of all: it takes as long as JupyterLab does
    from jupyterlab.labapp import LabApp

    from creatorbook.lab.options import lab_options

    options = context.args
    if client and client.startswith("-"):  # an option of JupyterLab's
        options, client = [client, *options], None
    arguments, lines = lab_options(client, campaign)
    for line in lines:
        _echo(line)
    given = {option.partition("=")[0] for option in options}
    ours = [argument for argument in arguments if argument.partition("=")[0] not in given]
    LabApp.launch_instance([*ours, *options])  # in this process: what ends it ends its kernels


@app.command("shortlist", rich_help_panel=DAILY)
@app.command("lists", hidden=True)
def shortlist_command(
    client: OneClient,
    campaign: Campaign = None,
    out: Annotated[
        Path | None, typer.Option(help="Where the lists go; else reports/CLIENT/CAMPAIGN/shortlist.")
    ] = None,
    no_plugin: WithoutPlugins = None,
) -> None:
    """Write who is in, whom to write to and what to ask, who is not in and why, and who is still open, as CSV."""
    from creatorbook.client.report_places import report_place
    from creatorbook.client.repository import REPORTS
    from creatorbook.deliver import refuse_strangers, write_folder
    from creatorbook.opening import open_book
    from creatorbook.vetting.lists import decision_files

    book = open_book(client, campaign, stage="plan")
    folder = (out or report_place(REPORTS, book.client.folder) / book.campaign.id / "shortlist").resolve()
    refuse_strangers(folder)
    for path in write_folder(folder, decision_files(book)):
        _echo(f"wrote {_near(path)}")


@app.command("codes", rich_help_panel=DAILY)
@app.command("issue", hidden=True)
def codes_command(
    client: OneClient,
    campaign: Campaign = None,
    on: Annotated[
        str | None, typer.Option(help="The day of issue, as 2026-03-01; else the report's day.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where the import tables go; else reports/CLIENT/CAMPAIGN/codes.")
    ] = None,
    no_plugin: WithoutPlugins = None,
) -> None:
    """Give out codes and links: written once to campaigns/CAMPAIGN.links.csv, only ever added to.

    Beside it come the shop's import table for new codes, plain tables, and short links for the tool that the campaign
    file names.
    """
    from creatorbook.acts.codes import give_out

    given = give_out(client, campaign, _day(on) if on else None, out)
    _echo(f"codes and links of {how_many(given.added, 'account')} added to {_near(given.links)}")
    for path in given.paths:
        _echo(f"wrote {_near(path)}")
    if given.question:
        _echo(_folded(given.question))


@app.command("briefs", rich_help_panel=DAILY)
@app.command("sheets", hidden=True)
def briefs_command(
    client: OneClient,
    campaign: Campaign = None,
    out: Annotated[
        Path | None, typer.Option(help="Where the briefs go; else reports/CLIENT/CAMPAIGN/briefs.")
    ] = None,
    html: Annotated[bool, typer.Option("--html", help="Offer and sheet as HTML too.")] = False,
    xlsx: Annotated[bool, typer.Option("--xlsx", help="The sheet as XLSX too.")] = False,
    no_plugin: WithoutPlugins = None,
) -> None:
    """Write what every creator is sent, one PDF each: the offer letter and the hand-over sheet; all or none.

    Texts and pages can be replaced by the client's own: templates/texts.yml, sheet.html.j2 and letter.html.j2.
    """
    from creatorbook.acts.handover_sheets import print_briefs

    made, log = print_briefs(client, campaign, out, html=html, xlsx=xlsx)
    _echo(f"wrote {how_many(len(made), 'file')} for creators to {_near(made[0].parent)}")
    for remark in log:
        _echo(f"  {remark}")


@app.command("ready", rich_help_panel=DAILY)
@app.command("preflight", hidden=True)
def ready_command(
    client: OneClient,
    campaign: Campaign = None,
    open_links: Annotated[
        bool,
        typer.Option("--open-links", help="Open every link, marked as a test visit; never done unasked."),
    ] = False,
    open_gate: Annotated[
        str | None,
        typer.Option(metavar="BY", help="Who lets the campaign start although points block; needs --reason."),
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why; the report repeats it.")] = None,
    store_lift: Annotated[
        bool,
        typer.Option(
            "--store-lift", help="Store how extra sales (lift) are measured in campaigns/CAMPAIGN.lift.yml."
        ),
    ] = False,
    by: Annotated[str | None, typer.Option(help="Who stores it; else who opens the gate, or nobody.")] = None,
    on: Annotated[
        str | None, typer.Option(help="The day of storing or opening, as 2026-03-01; else the report's day.")
    ] = None,
    no_plugin: WithoutPlugins = None,
) -> None:
    """Say whether a campaign may start: what blocks, what warns, who settles it and by when.

    Exit codes: 0 ready (or opened by a named person), 1 not ready, 2 the call was wrong.
    """
    from creatorbook.acts import launch

    if (open_gate is None) != (reason is None):
        raise Problem(
            "a gate is opened by a name and a reason", todo="Give both: --open-gate BY --reason TEXT."
        )
    asked = launch.Asked(
        open_links, open_gate, reason, store_lift, _day(on) if on else None, stored_by=by or ""
    )
    ready, lines = launch.launched(client, campaign, asked)
    _echo("\n".join(lines))
    if not ready:
        raise typer.Exit(FAILED)


Version = Annotated[
    str | None, typer.Option("--edition", help="Its folder's name, as 2026-05-31-results-2; else the latest.")
]
Reports = Annotated[Path | None, typer.Option(help="Where reports are; else reports/.")]
Signed = Annotated[str, typer.Option(help="Who does it.")]
Note = Annotated[str, typer.Option("--note", "--to", help="What the reviewer says, or to whom it was sent.")]
MarkedOn = Annotated[str | None, typer.Option(help="The day, as 2026-03-29; else today.")]


@app.command("versions", rich_help_panel=DAILY)
def versions_command(client: OneClient, out: Reports = None, no_plugin: WithoutPlugins = None) -> None:
    """List the versions of a client's reports: draft, reviewed, cleared or sent, by whom, and what is wrong with one."""
    from creatorbook.acts.versions import VERSION_HEADINGS, version_lines
    from creatorbook.client.repository import REPORTS, client_folder

    lines = version_lines(client_folder(client), (out or REPORTS).resolve())
    if not lines:
        _echo("no version was printed yet")
        return
    _print_table(VERSION_HEADINGS, lines)


@app.command("new", rich_help_panel=SOMETIMES)
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the client folder is made.")],
    brand: Annotated[str | None, typer.Option(help="The brand's name.")] = None,
    currency: Annotated[str | None, typer.Option(help="ISO code, as EUR.")] = None,
    market: Annotated[str | None, typer.Option(help="Home market's country code, as DE.")] = None,
    prices_include_tax: Annotated[bool | None, typer.Option(help="Do the shop's prices include VAT?")] = None,
    tax_rate: Annotated[float | None, typer.Option(help="VAT or sales tax rate, as 0.19.")] = None,
    goal: Annotated[str | None, typer.Option(help="sales, awareness, content or community.")] = None,
    budget: Annotated[float | None, typer.Option(help="All campaign costs, excl. VAT.")] = None,
    start: Annotated[str | None, typer.Option(help="First day, as 2026-03-02.")] = None,
    end: Annotated[str | None, typer.Option(help="Last day.")] = None,
) -> None:
    """Make a client folder with one campaign; asks what the options do not answer."""
    from creatorbook.acts.new import new_client

    answers: dict[str, Any] = {
        "brand": brand or typer.prompt("Brand"),
        "currency": (currency or typer.prompt("Currency", default="EUR")).upper(),
        "market": (market or typer.prompt("Home market (country code)", default="DE")).upper(),
        "prices_include_tax": _asked(prices_include_tax, "Do the shop's prices include VAT?"),
        "tax_rate": tax_rate
        if tax_rate is not None
        else typer.prompt("VAT or sales tax rate (0.19 for 19 %)", type=float),
        "goal": goal or typer.prompt("Goal (sales, awareness, content, community)", default="sales"),
        "budget": budget if budget is not None else typer.prompt("Budget, excl. VAT", type=float),
        "start": _day(start or typer.prompt("First day (2026-03-02)")),
        "end": _day(end or typer.prompt("Last day")),
    }
    for path in new_client(folder, answers):
        _echo(f"wrote {path}")
    _echo(
        "\nNext: fill in exports/creators.csv, put the shop's order export beside it under any name,\n"
        f"and run: python3 workbook.py check {folder}"
    )


@app.command("approve", rich_help_panel=SOMETIMES)
def approve_command(
    client: OneClient,
    by: Annotated[str, typer.Option(help="Who approves the plan.")],
    campaign: Campaign = None,
    on: Annotated[
        str | None, typer.Option(help="The day of approval, before the start; else the report's day.")
    ] = None,
    plan: Annotated[
        str | None,
        typer.Option(
            help="careful, middle, bold, or decisions: whom they take. Else the decisions where one shortlists "
            "somebody, and the recommended way where none does."
        ),
    ] = None,
    no_plugin: WithoutPlugins = None,
) -> None:
    """Approve a plan: its people, costs and forecast are written to ledger.csv, once, so that the result can be held against it."""
    from creatorbook.acts import ledger as ledger_acts

    _echo("\n".join(ledger_acts.approve(client, campaign, by, _day(on) if on else None, plan)))


@app.command("settle", rich_help_panel=SOMETIMES)
@app.command("close", hidden=True)
def settle_command(
    client: OneClient,
    campaign: Campaign = None,
    by: Annotated[str, typer.Option(help="Who closes it.")] = "",
    on: Annotated[str | None, typer.Option(help="The day of closing; else the report's day.")] = None,
    no_plugin: WithoutPlugins = None,
) -> None:
    """Close a settled campaign: what came is written to ledger.csv and informs the client's later plans."""
    from creatorbook.acts import ledger as ledger_acts

    _echo("\n".join(ledger_acts.close(client, campaign, by, _day(on) if on else None)))


def _marks(state: str) -> Callable[..., None]:
    """The command that marks a version with a state."""

    def mark(
        client: OneClient,
        by: Signed,
        campaign: Campaign = None,
        edition: Version = None,
        on: MarkedOn = None,
        note: Note = "",
        out: Reports = None,
        no_plugin: WithoutPlugins = None,
    ) -> None:
        _mark(client, state, by, campaign, edition, on, note, out)

    return mark


for _state, _help in (
    ("reviewed", "Note that somebody read a version of a report."),
    ("cleared", "Clear a version for sending: its pages say “Draft” no longer, and nothing writes over it."),
    ("sent", "Note that a cleared version was sent, and to whom."),
):
    app.command(f"mark-{_state}", rich_help_panel=SOMETIMES, help=_help)(_marks(_state))


def _mark(
    client: str,
    state: str,
    by: str,
    campaign: str | None,
    edition: str | None,
    on: str | None,
    note: str,
    out: Path | None,
) -> None:
    """Mark a version and say what stands."""
    day = _day(on) if on else None
    from creatorbook.acts.versions import mark_version
    from creatorbook.client.repository import REPORTS
    from creatorbook.client.today import today

    version = mark_version(
        client,
        state,
        by,
        day or today(),
        (out or REPORTS).resolve(),
        campaign=campaign,
        edition=edition,
        note=note,
    )
    _echo(f"{version.campaign}, {version.edition}: {version.state}")
    if version.folder:
        _echo(f"  {_near(version.folder)}")


RosterDay = Annotated[
    str | None, typer.Option(help="The day of the roster, as 2026-03-29; else the last day in the files.")
]
RosterPlace = Annotated[
    Path | None,
    typer.Option(help="Where files go; else reports/CLIENT/creators, and pages beside the campaign's."),
]
ResultPages = Annotated[
    bool,
    typer.Option("--pages", help="Write “What your posts did”, one page for each creator of the campaign."),
]
NoteOn = Annotated[
    str | None,
    typer.Option(metavar="HANDLE", help="Add an entry about this creator to relationship_log.csv."),
]
NoteKind = Annotated[str, typer.Option(help="Of the entry: talk, asked for, gift, or result shared.")]
NextTalk = Annotated[str | None, typer.Option("--next", help="The day to talk again, as 2026-03-29.")]


@app.command("creators", rich_help_panel=SOMETIMES)
def creators_command(
    client: OneClient,
    campaign: Campaign = None,
    as_of: RosterDay = None,
    out: RosterPlace = None,
    files: Annotated[bool, typer.Option("--files", help="Write the roster as CSV and XLSX.")] = False,
    pages: ResultPages = False,
    note_on: NoteOn = None,
    kind: NoteKind = "talk",
    note: Annotated[str, typer.Option(help="What was said, asked for, sent or shared.")] = "",
    sizes: Annotated[str, typer.Option(help="Of a gift.")] = "",
    next_on: NextTalk = None,
    by: Annotated[str, typer.Option(help="Who writes it down.")] = "",
    on: Annotated[str | None, typer.Option(help="The day it happened; else today.")] = None,
    no_plugin: WithoutPlugins = None,
) -> None:
    """Say what is on record of each creator: history, last price, result with range, status, and when to talk next.

    `--files` writes it as CSV and XLSX, `--pages` one page to send for each creator of a campaign, `--note-on HANDLE` an entry
    of the relationship log.
    """
    if note_on:
        _note_on(client, note_on, kind, note, sizes, next_on, by, on)
    elif pages:
        from creatorbook.acts.result_pages import print_result_pages

        made, log = print_result_pages(client, campaign, out)
        _echo(f"wrote {how_many(len(made), 'page')} for creators to {_near(made[0].parent)}")
        for remark in log:
            _echo(f"  {remark}")
    else:
        from creatorbook.acts import creators_command as roster

        book, table = roster.creators_roster(client, campaign, _day(as_of) if as_of else None)
        if files:
            for path in roster.write_roster(book, table, out):
                _echo(f"wrote {_near(path)}")
        else:
            _print_table(*roster.roster_lines(table, book))


def _note_on(
    client: str, handle: str, kind: str, note: str, sizes: str, next_on: str | None, by: str, on: str | None
) -> None:
    """Add an entry to the relationship log and say so."""
    from creatorbook.acts import creators_command as roster
    from creatorbook.client.today import today

    contact = roster.Contact(handle, kind, note, sizes, by, _day(next_on) if next_on else None)
    day = _day(on) if on else today()
    _echo("\n".join(roster.write_down(client, contact, day)))


@app.command("what-we-hold", rich_help_panel=SOMETIMES)
@app.command("file", hidden=True)
def what_we_hold_command(
    client: OneClient,
    creator: Annotated[str, typer.Option(help="A creator's handle.")],
    out: Annotated[
        Path | None, typer.Option(help="Where reports are, and the answer goes; else reports/.")
    ] = None,
    no_plugin: WithoutPlugins = None,
) -> None:
    """Write down everything that is held on a creator, for a creator who asks."""
    from creatorbook.acts import what_we_hold
    from creatorbook.campaign.links import slug
    from creatorbook.client import read_client
    from creatorbook.client.report_places import report_place
    from creatorbook.client.repository import REPORTS, client_folder
    from creatorbook.deliver import write_folder

    its_client, reports = read_client(client_folder(client)), (out or REPORTS).resolve()
    answer = what_we_hold.held_on(its_client, creator, reports)
    folder = report_place(reports, its_client.folder) / "what-we-hold" / slug(creator)
    (path,) = write_folder(folder, {"what-we-hold.txt": answer.encode()})
    _echo(f"wrote {answer.count(chr(10))} lines to {_near(path)}; read it before you send it:\n")
    _echo("\n".join(part.partition("\n")[0] for part in answer.split("\n\n")))


@app.command("forget", rich_help_panel=SOMETIMES)
def forget_command(
    client: Annotated[str, typer.Argument(help="A client folder.")],
    creator: Annotated[str | None, typer.Option(help="A creator's handle.")] = None,
    customer: Annotated[str | None, typer.Option(help="A customer's e-mail address.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where reports are; else reports/.")] = None,
    no_plugin: WithoutPlugins = None,
) -> None:
    """Forget a creator or a customer: totals stay, reports that name them go, and you are told what is left to delete."""
    from creatorbook.acts import forgetting
    from creatorbook.client import read_client
    from creatorbook.client.repository import REPORTS, client_folder

    if bool(creator) == bool(customer):
        raise Problem("forget whom?", todo="Give --creator HANDLE or --customer E-MAIL.")
    its_client, reports = read_client(client_folder(client)), (out or REPORTS).resolve()
    done = (
        forgetting.forget_creator(its_client, creator, reports)
        if creator
        else forgetting.forget_customer(its_client, customer or "", reports)
    )
    _echo(forgetting.forgotten_text(done))


@app.command("academy", rich_help_panel=SOMETIMES)
def academy_command(
    what: Annotated[
        str, typer.Argument(metavar="report|handouts", help="A group's progress, or lessons on paper.")
    ],
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Where the learners' files lie, or handouts go.")
    ],
    seed: Annotated[int, typer.Option(help="Which exercise; each number is another one.")] = 1,
) -> None:
    """For trainers: `report DIR`, who of a group has mastered what; `handouts DIR`, every lesson on paper, with its key."""
    from creatorbook.acts.academy import academy

    for path in academy(what, folder, seed):
        _echo(f"wrote {_near(path.resolve())}")


@app.command("simulate", rich_help_panel=AUTHORS)
def simulate_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the synthetic client is made.")],
    seed: Annotated[int, typer.Option(help="Same seed, same client.")] = 1,
    creators: Annotated[int | None, typer.Option(min=1, help="How many creators.")] = None,
    days: Annotated[int | None, typer.Option(min=1, help="Days of data after the launch.")] = None,
    orders: Annotated[
        float | None, typer.Option(min=0, help="Orders a day of the shop without creators.")
    ] = None,
) -> None:
    """Make a synthetic client in the platforms' real export layouts, with its truth in truth/."""
    from creatorbook import simulate as simulator

    if (folder / "client.yml").exists():
        raise Problem(
            "there is a client here already", folder, todo="Choose another folder; nothing was changed."
        )
    chosen: dict[str, Any] = {
        "seed": seed,
        "creators": creators,
        "days_after": days,
        "orders_per_day": orders,
    }
    simulator.simulate(folder, simulator.Settings(**{k: v for k, v in chosen.items() if v is not None}))
    _echo(f"wrote a synthetic client to {folder}; its truth is in {folder / 'truth'}")


@app.command(
    "test",
    rich_help_panel=AUTHORS,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def test(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Long studies and benchmarks too.")] = False,
) -> None:
    """Run all tests; further options go to pytest."""
    from creatorbook.client.repository import ROOT

    chosen = [] if everything else ["-m", "not slow"]
    workers = ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile"]
    options = ["--nbval", "--nbval-current-env", *workers, *chosen, *context.args]
    raise typer.Exit(run_module("pytest", options, ROOT))


@plugins_app.command("packs")
def packs_command(
    name: Annotated[
        str | None, typer.Argument(help="A pack's name, as tiers; none means a line for each.")
    ] = None,
    client: Annotated[
        str | None, typer.Argument(help="Whose packs; none means what is built in and installed.")
    ] = None,
    no_plugin: WithoutPlugins = None,
) -> None:
    """Say which row of a pack came from where: built in, an installed package, the agency or the client."""
    from creatorbook.client import read_client
    from creatorbook.client.house_packs import packs_without_a_client, refuse_unknown_pack
    from creatorbook.client.repository import client_folder
    from creatorbook.packs import shown

    packs = read_client(client_folder(client)).all_packs if client else packs_without_a_client()
    if name:
        refuse_unknown_pack(name)
    headings = shown.ROW_HEADINGS if name else shown.PACK_HEADINGS
    _print_table(headings, shown.row_lines(packs, name) if name else shown.pack_lines(packs))
    for left_out in packs.left_out:
        _echo(_folded(left_out), err=True)


@app.command("refresh", hidden=True)
def refresh_command(
    notebooks: Annotated[list[Path] | None, typer.Argument(help="Notebooks; none means all.")] = None,
) -> None:
    """Run the committed notebooks and store what they show, for those who change them."""
    from creatorbook.runner.committed import committed_notebooks, refresh_notebook

    for path in notebooks or committed_notebooks():
        refresh_notebook(path.resolve())
        _echo(f"refreshed {path.name}")


@app.command("sample", hidden=True)
def sample(
    name: Annotated[str, typer.Argument(help="A sample client's name.")],
    into: Annotated[Path | None, typer.Option(help="The folder it is made in; else sample_data/.")] = None,
) -> None:
    """Make a sample client again, from its settings and its acts, for those who change them."""
    from creatorbook.client.repository import SAMPLE_DATA
    from creatorbook.sample_clients import make_sample

    folder = (into or SAMPLE_DATA) / name
    make_sample(name, folder)
    _echo(f"wrote {_near(folder.resolve())}")


def _sweep() -> None:
    """Remove what killed processes left: raw rows in the temporary folder, tables and other files half written."""
    from creatorbook import rooms
    from creatorbook.client.repository import CACHE

    with suppress(Problem):  # no temporary folder: whoever needs one says so
        rooms.sweep()
    rooms.sweep(CACHE / "tables")
    rooms.sweep_noted()
    for left in (CACHE / "tables").glob("creatorbook-????????"):  # the cache once had folders to work in
        shutil.rmtree(left, ignore_errors=True)


def _echo(text: object, *, err: bool = False) -> None:
    """Print text; what comes from a client's files is shown, never obeyed by the terminal."""
    typer.echo(for_terminal(str(text)), err=err)


def _echo_json(text: str) -> None:
    """Print JSON; letters that the output has not are escaped, which leaves it the same JSON."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    if text.encode(encoding, "replace").decode(encoding) != text:
        text = "".join(sign if sign.isascii() else json.dumps(sign)[1:-1] for sign in text)
    _echo(text)


def _width() -> int | None:
    """Columns of the terminal; none where the output goes to a file or another program."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _print_table(headings: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """Lines in columns; where no terminal shows them, each on one line."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*headings, box=box.SIMPLE_HEAD, pad_edge=False)
    for line in lines:
        table.add_row(*(Text(for_terminal(cell)) for cell in line))
    Console(width=_width() or LONGEST_LINE).print(table)


def _print_receipts(receipts: Sequence[Receipt], unread: Sequence[tuple[str, str]] = ()) -> None:
    """A line for each file, worst first, then the receipts in the same order."""
    from creatorbook import exports

    _echo(_folded("\n".join(exports.overview_lines(receipts, unread))))
    receipts = exports.worst_first(receipts, unread)
    for receipt in receipts:
        _echo("\n".join(exports.receipt_lines(receipt, width=_width())) + "\n")


def _before_block(problem: Problem) -> str:
    """A problem's words, folded to the terminal; lines to paste into client.yml stay as they are."""
    words, mark, block = str(problem).partition("\nmapping:\n")
    return words + mark + block if "\n  - file: " in words else _folded(words) + mark + block


def _folded(text: str) -> str:
    """A text whose long lines go on in lines set in further, where a terminal shows it."""
    from creatorbook import exports

    width = _width()
    if width is None:
        return text
    return "\n".join(part for line in text.split("\n") for part in exports.folded(line, width))


def _near(path: Path) -> str:
    """A path as short as it can be told."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def _print_reports(made: list[Job], workers: int, cluster: str | None, *, quiet: bool, as_json: bool) -> None:
    """Run a batch, show it, and end with its exit code."""
    from creatorbook.runner import places, progress
    from creatorbook.runner.batch import run_batch
    from creatorbook.runner.cluster import on_cluster
    from creatorbook.runner.executors import local

    live = sys.stdout.isatty() and not quiet and not as_json
    made = places.placed(made)
    with progress.Display(made) if live else progress.Lines(quiet=quiet or as_json) as shown:
        editions = run_batch(made, workers, shown.done, on_cluster(cluster, made) if cluster else local)
    failed, target = sum(edition.outcome == "failed" for edition in editions), made[0].out
    if as_json:
        _echo_json(progress.batch_json(editions, target))
    elif not quiet:
        near = progress.near(target)
        _echo(
            f"{len(editions) - failed} of {how_many(len(editions), 'report')} in {near}, index.html shows all"
        )
    if failed:
        raise typer.Exit(FAILED)


def _check_stage_and_day(stage: str | None, as_of: str | None) -> None:
    if stage not in {None, "plan", "pulse", "results"}:
        raise Problem(f"there is no stage “{stage}”", todo="Stages: plan, pulse, results.")
    if as_of is not None:
        _day(as_of)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Problem(f"“{text}” is not a day", todo="Write a day as 2026-03-29.") from None


def _asked(answer: bool | None, question: str) -> bool:  # noqa: FBT001 - an answer
    return typer.confirm(question, default=True) if answer is None else answer
