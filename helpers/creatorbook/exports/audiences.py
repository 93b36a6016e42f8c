"""Who follows an account: shares of countries, ages and genders, from forms and from the platforms' own files."""

from __future__ import annotations

from creatorbook.exports import parse, rejected
from creatorbook.exports.finishing import set_columns
from creatorbook.exports.plain import finish, type_cells
from creatorbook.exports.reader import Rows, Sheet
from creatorbook.exports.values import EXPECTED, country, evidence_by_field, number_columns
from creatorbook.tables import TABLES

#: field of the seven-number form → dimension and segment; the home market's code comes from client.yml
FORM = {
    "home": ("country", ""),
    "women": ("gender", "female"),
    "age_13_17": ("age", "13-17"),
    "age_18_24": ("age", "18-24"),
    "age_25_34": ("age", "25-34"),
    "age_35_44": ("age", "35-44"),
    "age_45": ("age", "45+"),
}

#: what blocks and dimensions are called → the dimension
_DIMENSION = """CASE WHEN regexp_matches({0}, 'countr|territor|land|länder|pays|país|paes', 'i') THEN 'country'
    WHEN regexp_matches({0}, 'cit|town|stadt|städte|ville|ciudad|cidade', 'i') THEN 'city'
    WHEN regexp_matches({0}, '^(age|alter|âge|edad|idade)', 'i') THEN 'age'
    WHEN regexp_matches({0}, 'gender|geschlecht|sexe|género|gênero', 'i') THEN 'gender'
    WHEN regexp_matches({0}, 'langua|sprach|langue|idioma', 'i') THEN 'language' ELSE lower({0}) END"""

_GENDER = """CASE WHEN regexp_matches({0}, '^(f|female|women|woman|weiblich|frauen|femmes?|mujeres|mulheres)$', 'i') THEN 'female'
    WHEN regexp_matches({0}, '^(m|male|men|man|männlich|männer|hommes?|hombres|homens)$', 'i') THEN 'male' ELSE lower({0}) END"""


def read_audience(sheet: Sheet) -> Rows:
    """One share per record, as a form or a platform tells it; the segments under the names steps compare."""
    type_cells(sheet, TABLES["audience"])
    _same_names(sheet)
    return finish(sheet, TABLES["audience"])


def read_shares(sheet: Sheet) -> Rows:
    """A platform's list of shares; what they are of is the block's title or the column's name."""
    segment = next(field for field in ("segment", "gender", "territory") if sheet.has(field))
    values = {"segment": sheet.cell(segment)}
    if sheet.has("block"):
        values["dimension"] = sheet.cell("block")
    type_cells(sheet, TABLES["audience"], values)
    _same_names(sheet, segment)
    rejected.take_out(sheet, "share > 1", "more than 100%: a count, not a share", "share", EXPECTED["rate"])
    if sheet.has("block"):  # known from descriptions only
        sheet.notes.append(
            "files of several blocks are laid out in more than one way: compare a share or two with the screen"
        )
    if not sheet.options.handle:
        sheet.notes.append(
            "the file does not say whose account it is: put it in exports/creators/<handle>/, "
            "or give the handle under mapping in client.yml"
        )
    return finish(sheet, TABLES["audience"])


def _same_names(sheet: Sheet, segment: str = "segment") -> None:
    """`Germany` is DE and `Women` is female, whatever the platform calls them."""
    set_columns(sheet, dimension=_DIMENSION.format("dimension"))
    countries = f"(FROM {sheet.raw} WHERE _record IN (SELECT _record FROM typed WHERE dimension = 'country'))"
    code = f"(SELECT {country(sheet, segment, countries)} FROM {sheet.raw} AS raw WHERE raw._record = typed._record)"
    set_columns(
        sheet,
        segment=f"CASE dimension WHEN 'country' THEN coalesce({code}, segment) "
        f"WHEN 'gender' THEN {_GENDER.format('segment')} ELSE segment END",
    )


def read_audience_form(sheet: Sheet) -> Rows:
    """The form with one line per creator and seven numbers (wide format), as one row per number (long format).

    An empty cell is a number not given.
    """
    table = TABLES["audience"]
    shares = _shares(sheet)
    type_cells(sheet, table)
    given = [
        (field, dimension, segment or sheet.options.market)
        for field, (dimension, segment) in FORM.items()
        if field in shares
    ]
    rows = " UNION ALL ".join(
        f"SELECT t.* REPLACE ({parse.text(dimension)} AS dimension, {parse.text(segment)} AS segment, "
        f"CAST((SELECT {shares[field]} FROM {sheet.raw} AS raw WHERE raw._record = t._record) AS DOUBLE) AS share), "
        f"{number} AS _order FROM typed t"
        for number, (field, dimension, segment) in enumerate(given)
    )
    sheet.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE typed AS SELECT * EXCLUDE (_order) FROM ({rows}) ORDER BY _record, _order"
    )
    _without_empty_cells(sheet)
    rows_read = finish(sheet, table)
    (lines,) = sheet.one("SELECT count(DISTINCT _record) FROM typed")
    return Rows(rows_read.tables, int(lines))


def _shares(sheet: Sheet) -> dict[str, str]:
    """SQL per number; whether the form is filled in percent is told by all its numbers together."""
    fields = [field for field in FORM if sheet.has(field)]
    made = number_columns(sheet, dict.fromkeys(fields, "rate"))
    seen = evidence_by_field(sheet, fields, sheet.raw)
    percent = any((look.largest or 0) > 1 or look.percents for look in seen.values())
    return {
        field: f"({made[field]}) / 100"
        if percent and not look.percents and (look.largest or 0) <= 1
        else made[field]
        for field, look in seen.items()
    }


def _without_empty_cells(sheet: Sheet) -> None:
    """Numbers that were not given make no rows; a line needs a handle and one number."""
    for where, reason, field in (
        ("handle IS NULL", "the cell is empty", "handle"),
        ("_record NOT IN (SELECT _record FROM typed WHERE share IS NOT NULL)", "no number is filled in", ""),
    ):
        rejected.note(
            sheet, f"SELECT DISTINCT _record FROM typed WHERE {where} ORDER BY _record", reason, field
        )
        sheet.connection.execute(f"DELETE FROM typed WHERE {where}")
    sheet.connection.execute("DELETE FROM typed WHERE share IS NULL")
