"""A new client folder: two commented files, an empty creators list, an id, a key and sheets to fill in; nothing overwritten."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from creatorbook.client import CampaignFile, ClientFile, yaml_files
from creatorbook.client.hand_sheets import write_sheets
from creatorbook.client.hash_key import KEY_FILE
from creatorbook.client.writing import writing
from creatorbook.deliver import write_file
from creatorbook.problems import Problem
from creatorbook.text.tax import tax_name
from creatorbook.text.translations import words

_TEMPLATES = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701 - YAML


def new_client(folder: Path, answers: dict[str, Any]) -> list[Path]:
    """Write a client folder with one campaign.

    Args:
        folder: where; it may exist, but not with a client in it.
        answers: brand, currency, market, prices_include_tax, tax_rate, goal, budget, start and end.

    Returns:
        The files written, and the folder of empty sheets.

    Raises:
        Problem: there is a client already, or an answer cannot be right.
    """
    if (folder / "client.yml").exists():
        raise Problem(
            "there is a client here already", folder, todo="Choose another folder; nothing was changed."
        )
    if answers["end"] < answers["start"]:
        raise Problem(f"the campaign ends ({answers['end']}) before it starts ({answers['start']})")
    texts = {
        folder / "client.yml": _rendered("client.yml", answers),
        folder / "campaigns" / f"{answers['start']:%Y-%m}.yml": _rendered("campaign.yml", answers),
        folder / "exports" / "creators.csv": _rendered("creators.csv", answers),
    }
    _check(folder, texts)
    folder.mkdir(parents=True, exist_ok=True)
    with writing(folder):
        write_sheets(folder / "sheets", answers["start"])
        for path, text in reversed(texts.items()):  # client.yml last: without it, the same call goes on
            path.parent.mkdir(exist_ok=True)
            write_file(path, text.encode())
    return [*texts, folder / KEY_FILE, folder / ".gitignore", folder / "sheets"]


def _rendered(name: str, answers: dict[str, Any]) -> str:
    source = files("creatorbook").joinpath("new_client", name).read_text(encoding="utf-8")
    whole = {name: int(one) for name, one in answers.items() if isinstance(one, float) and one.is_integer()}
    text = _TEMPLATES.from_string(source).render({**answers, **whole})
    return words("en", tax_name(answers["market"])).with_tax(text)


def _check(folder: Path, texts: dict[Path, str]) -> None:
    """Hold the answers to the same models that will read them, before anything is written."""
    for path, text in texts.items():
        if path.suffix != ".yml":
            continue
        model = ClientFile if path.name == "client.yml" else CampaignFile
        settings = yaml_files.yaml_data(text, path)
        try:
            model.model_validate(settings)
        except ValueError as error:
            first = error.errors()[0]  # type: ignore[attr-defined]
            name = ".".join(str(part) for part in first["loc"][:1])
            raise Problem(
                f"“{settings.get(name)}” cannot be the {name.replace('_', ' ')}: {first['msg'].removeprefix('Value error, ')}",
                todo="Nothing was written.",
            ) from None
