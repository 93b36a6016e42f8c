"""Saying what a file is that nobody recognises: one entry of `mapping:` in client.yml, tried before it is written."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from typing import Any

from pydantic import ValidationError

from creatorbook.acts.settings import OneMore, change_settings, open_settings
from creatorbook.client import Client, Mapping, read_client
from creatorbook.exports import Receipt, Unread
from creatorbook.opening import read_exports
from creatorbook.problems import Problem


def unknown_files(client: Client) -> tuple[tuple[Receipt, ...], Unread | None]:
    """The receipts of the files that are read, and what is wrong with the others; None where nothing is.

    Raises:
        Problem: something else keeps the exports from being read.
    """
    try:
        return read_exports(client).receipts, None
    except Unread as unread:
        return unread.receipts, unread


def tried(client: Client, entry: MappingType[str, Any]) -> Receipt:
    """What would become of a file that is read as an entry of `mapping:` says; nothing is written.

    Args:
        client: as it is on file.
        entry: the fields of `client.Mapping`.

    Raises:
        Problem: an entry that cannot be right, or the file cannot be read so.
    """
    try:
        mapping = Mapping.model_validate(entry)
    except ValidationError as error:
        raise Problem(error.errors()[0]["msg"].removeprefix("Value error, ")) from None
    # last, where it will be written: an earlier entry for this file goes first there as well
    receipts, unread = unknown_files(client.model_copy(update={"mapping": [*client.mapping, mapping]}))
    for receipt in receipts:
        if receipt.file == mapping.file:
            return receipt
    wrong = dict(unread.files) if unread else {}
    raise Problem(wrong.get(mapping.file, "the file is not there any more"), f"exports/{mapping.file}")


def map_file(client: Client, entry: MappingType[str, Any]) -> Receipt:
    """Write an entry to client.yml after it was tried; what becomes of the file.

    Raises:
        Problem: as `tried`, or client.yml was changed meanwhile.
    """
    settings = open_settings(client.folder / "client.yml")
    receipt = tried(read_client(client.folder), entry)
    change_settings(settings, {"mapping": OneMore(dict(entry))})
    return receipt
