"""What creatorbook brings itself, registered through the same hooks as any plugin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from creatorbook.packs import built_in, pack
from creatorbook.plugins import Output, hookimpl

if TYPE_CHECKING:
    from collections.abc import Callable

    from creatorbook.checks import Check, Ranking
    from creatorbook.exports.reader import Reader
    from creatorbook.plugins import EditionContents, PriceModel
    from creatorbook.stats.attribution import Rule


@hookimpl
def creatorbook_readers() -> list[Reader]:
    """Readers for the layouts of `packs/layouts.yml`."""
    from creatorbook.exports.built_in import built_in_readers

    return list(built_in_readers())


@hookimpl
def creatorbook_checks() -> list[Check]:
    """The vetting checks of `vetting`."""
    from creatorbook.vetting import BUILT_IN_CHECKS

    return list(BUILT_IN_CHECKS)


@hookimpl
def creatorbook_rankings() -> list[Ranking]:
    """The ranking by shared letter groups."""
    from creatorbook.vetting.near_the_brief import BUILT_IN_RANKING

    return [BUILT_IN_RANKING]


@hookimpl
def creatorbook_reasons() -> dict[str, list[str]]:
    """The reasons of `packs/reasons.yml`, by decision."""
    return pack("reasons")["reasons"]


@hookimpl
def creatorbook_tier_schemes() -> dict[str, Any]:
    """The schemes of `packs/tiers.yml`, as they hold for the client."""
    own = built_in("tiers")["schemes"]
    return {name: row for name, row in pack("tiers")["schemes"].items() if name in own}


@hookimpl
def creatorbook_playbooks() -> dict[str, Any]:
    """The playbooks of `packs/playbooks.yml`, as they hold for the client."""
    own = built_in("playbooks")["playbooks"]
    return {name: row for name, row in pack("playbooks")["playbooks"].items() if name in own}


@hookimpl
def creatorbook_themes() -> dict[str, Path]:
    """The themes in `report/themes/`."""
    folder = Path(__file__).parent / "report" / "themes"
    return {name: folder / name for name in ("house", "plain", "studio")}


@hookimpl
def creatorbook_attribution_rules() -> list[Rule]:
    """The rules of `stats.attribution`."""
    from creatorbook.stats.attribution import RULES

    return list(RULES)


@hookimpl
def creatorbook_price_models() -> list[PriceModel]:
    """The published fees of `packs/fees.yml`."""
    from creatorbook.finance.published_fees import PUBLISHED_FEES

    return [PUBLISHED_FEES]


@hookimpl
def creatorbook_label_rules() -> dict[str, Any]:
    """The markets of `packs/disclosure.yml`: with a rule of their own, or under the EU's, which is a row without a language."""
    rules = pack("disclosure")
    markets, own = rules["markets"], rules["jurisdictions"]
    named = {code: {"name": row["country"], "languages": []} for code, row in own.items()}
    named |= {code: {"name": row["name"], "languages": row["languages"]} for code, row in markets.items()}
    named = {code: named[code] for code in [*markets, *named]}
    return {
        code: row | ({"rule": own[code]} if code in own else {"under": "EU"}) for code, row in named.items()
    }


@hookimpl
def creatorbook_lessons() -> list[Path]:
    """The notebooks in `notebooks/training/`."""
    from creatorbook.client.repository import NOTEBOOKS

    return sorted((NOTEBOOKS / "training").glob("*.ipynb"))


@hookimpl
def creatorbook_outputs() -> list[Output]:
    """Page, PDF and XLSX of both papers, and `summary.json`; what makes them is imported when it is asked."""
    return [
        Output("report.html", "client", _made_by("page"), "HTML"),
        Output("report.pdf", "client", _made_by("printed"), "PDF"),
        Output("data.xlsx", "client", _made_by("lists"), "XLSX"),
        Output("report.html", "working", _made_by("page"), "working paper"),
        Output("report.pdf", "working", _made_by("printed")),
        Output("data.xlsx", "working", _made_by("lists"), "its XLSX"),
        Output("summary.json", "programs", _made_by("headline_figures"), "JSON"),
    ]


def _made_by(name: str) -> Callable[[EditionContents], bytes | None]:
    def make(contents: EditionContents) -> bytes | None:
        from creatorbook.report import outputs

        made: bytes | None = getattr(outputs, name)(contents)
        return made

    return make


@hookimpl
def creatorbook_commands() -> dict[str, Any]:
    """`labels`, for who checks the rules; the commands of every day are there before any plugin is loaded."""
    from creatorbook.tracking.label_table import print_label_rules

    return {"labels": print_label_rules}


@hookimpl
def creatorbook_notebooks() -> dict[str, list[Path]]:
    """The workbook's notebooks, by the stage whose report they belong to."""
    from creatorbook.client.repository import NOTEBOOKS

    stages = {
        "plan": ["00_start_here", "01_goals", "02_vetting", "03_tiers", "04_tracking"],
        "pulse": ["00_start_here", "04_tracking"],
        "results": ["00_start_here", "03_tiers", "05_roi"],
    }
    return {stage: [NOTEBOOKS / f"{name}.ipynb" for name in names] for stage, names in stages.items()}
