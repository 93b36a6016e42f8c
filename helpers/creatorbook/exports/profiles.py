"""Profiles drawn from an audience, and what a comments file says of its writers: numbers only, no name is kept."""

from __future__ import annotations

from creatorbook.exports import parse
from creatorbook.exports.plain import finish, type_cells
from creatorbook.exports.reader import Rows, Sheet
from creatorbook.exports.values import date_column, number_columns
from creatorbook.tables import SQL_TYPES, TABLES

#: what a comments file calls the columns of the account that wrote
WRITER = "commenter_"
#: counts as they stand in a file
COUNTS = ("followers", "followings", "posts", "biography_words", "name_words")


def read_profiles(sheet: Sheet) -> Rows:
    """One profile per record; texts become counts of words, the account's name the part of it that is digits."""
    type_cells(sheet, TABLES["profiles"], _values(sheet, "", "drawn_on"))
    if not sheet.has("drawn_from"):
        sheet.notes.append("the file does not say whom the profiles were drawn from: followers are assumed")
    return finish(sheet, TABLES["profiles"])


def read_comments(sheet: Sheet) -> Rows:
    """Comments, and one profile per account and writer where the file says something of those who wrote."""
    type_cells(sheet, TABLES["comments"])
    rows = finish(sheet, TABLES["comments"])
    values = _values(sheet, WRITER, "commented_at")
    if not values or not sheet.has("commenter"):
        return rows
    own = ", ".join(f"{value} AS {parse.name(name)}" for name, value in values.items())
    columns = {"handle": "c.handle", "platform": "c.platform", "drawn_from": "'commenters'"}
    columns |= {name: f"p.{parse.name(name)}" for name in values}
    made = ", ".join(
        f"CAST({columns.get(column.name, 'NULL')} AS {SQL_TYPES[column.kind]}) AS {parse.name(column.name)}"
        for column in TABLES["profiles"].columns
    )
    sheet.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE profiles AS SELECT c._record, 1 AS _records, {made} "
        f"FROM typed c JOIN (SELECT _record, {own} FROM {sheet.raw} AS raw) p USING (_record) "
        "WHERE c.commenter IS NOT NULL AND NOT coalesce(c.by_creator, false) "
        "QUALIFY row_number() OVER (PARTITION BY c.handle, c.platform, c.commenter ORDER BY c._record) = 1 "
        "ORDER BY c._record"
    )
    return Rows({**rows.tables, "profiles": "profiles"}, rows.kept)


def _values(sheet: Sheet, before: str, day: str) -> dict[str, str]:
    """SQL over `raw` for what the file tells of a profile; `before` stands in front of its fields' names."""
    counts = number_columns(sheet, {before + name: "number" for name in COUNTS})
    made = {field.removeprefix(before): value for field, value in counts.items()}
    for name in ("biography", "name"):
        if sheet.has(before + name):
            made[f"{name}_words"] = _words(sheet, before + name)
    for name in ("picture", "link"):
        if sheet.has(before + name):
            cell = f"raw.{parse.name(before + name)}"
            made[name] = f"coalesce(flag({cell}), {cell} IS NOT NULL AND length({cell}) > 3 OR NULL)"
    if sheet.has(before + "profile"):
        name = f"handle_of(raw.{parse.name(before + 'profile')})"
        made["digits"] = f"length(regexp_replace({name}, '[^0-9]', '', 'g')) / nullif(length({name}), 0)"
    if sheet.has(before + "since") and sheet.has(day):
        since, until = (date_column(sheet, field, "date") for field in (before + "since", day))
        made["age_days"] = f"date_diff('day', {since}, {until})"
    return made


def _words(sheet: Sheet, field: str) -> str:
    """Words in a text; in a file that holds such texts at all, an empty cell is a profile without one."""
    cell = f"raw.{parse.name(field)}"
    (some,) = sheet.one(f"SELECT count({parse.name(field)}) > 0 FROM {sheet.raw}")
    counted = f"len(regexp_extract_all({cell}, '[[:alnum:]]+'))"
    return f"CASE WHEN {cell} IS NULL THEN {'0' if some else 'NULL'} ELSE {counted} END"
