"""Archives, workbooks, JSON lines and Parquet are read like CSV; what could do harm is refused by name."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import duckdb
import pytest
from xlsxwriter import Workbook

from creatorbook.exports import archives, forms, text, workbooks
from creatorbook.exports.files import find_files
from creatorbook.problems import Problem
from creatorbook.tables import TOLD_BY_ORDER
from shelf import make_client, read, read_one, shelf_folder  # noqa: F401 - a fixture

ORDERS = "order,date,total,code\n1,2026-03-04,59.90,A10\n2,2026-03-05,20.00,\n"
CREATORS = "handle,platform,followers\nannaq,instagram,1200\n"


def archive(members: dict[str, str | bytes], *, link: str = "") -> bytes:
    """A zip file; `link` names a member that is a symbolic link."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if name == link:
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
            made.writestr(info, content)
    return stream.getvalue()


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    """An XLSX file with these sheets."""
    stream = io.BytesIO()
    made = Workbook(stream, {"in_memory": True})
    for name, rows in sheets.items():
        sheet = made.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    made.close()
    return stream.getvalue()


def with_member(document: bytes, name: str) -> bytes:
    """A workbook with one more file inside."""
    stream = io.BytesIO(document)
    with zipfile.ZipFile(stream, "a") as made:
        made.writestr(name, b"x")
    return stream.getvalue()


def test_every_table_in_a_zip_file_is_read_with_a_receipt_of_its_own(shelf: Path) -> None:
    """Members are called by archive and path; pictures are told, the system's own files are not."""
    content = archive(
        {"a/orders.csv": ORDERS, "creators.csv": CREATORS, "a/pic.png": b"1", "__MACOSX/._a": b"1"}
    )
    done = read(shelf, {"all.zip": content})
    told = {receipt.file: (receipt.reader, receipt.rows_in) for receipt in done.receipts}
    assert told == {
        "all.zip/a/orders.csv": ("orders", 2),
        "all.zip/creators.csv": ("creators", 1),
        "all.zip/a/pic.png": ("", 0),
    }
    assert len(done.tables.orders) == 2


def test_a_zip_file_in_a_creators_folder_is_that_creators(shelf: Path) -> None:
    """As any other file there."""
    content = archive({"FollowerGender.csv": "Gender,Distribution\nFemale,0.8\nMale,0.2\n"})
    done = read(shelf, {"creators/AnnaQ/tiktok.zip": content})
    assert done.tables.audience[["handle", "segment", "share"]].values.tolist() == [
        ["annaq", "female", 0.8],
        ["annaq", "male", 0.2],
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (archive({"../orders.csv": ORDERS}), "outside the folder"),
        (archive({"/etc/orders.csv": ORDERS}), "outside the folder"),
        (archive({"..\\orders.csv": ORDERS}), "outside the folder"),
        (archive({"C:/orders.csv": ORDERS}), "outside the folder"),
        (archive({"inner.zip": archive({"orders.csv": ORDERS})}), "another archive, “inner.zip”"),
        (archive({"orders.csv": "0" * 30_000_000}), "more than 300 times its size"),
        (archive({f"{n}.csv": "" for n in range(501)}), "501 files, more than 500"),
        (archive({"orders.csv": "hash.key"}, link="orders.csv"), "symbolic link"),
        (b"PK\x03\x04 nonsense", "cannot be opened"),
    ],
    ids=["parent", "absolute", "backslash", "drive", "nested", "bomb", "many", "link", "broken"],
)
def test_a_zip_file_that_could_do_harm_is_refused_by_name(shelf: Path, content: bytes, reason: str) -> None:
    """The message names the file, the reason and the limit; nothing is unpacked."""
    with pytest.raises(Problem, match=reason) as caught:
        read(shelf, {"all.zip": content})
    assert "all.zip" in str(caught.value)


def test_an_archive_that_unpacks_to_too_much_is_refused(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All members together have a limit too."""
    monkeypatch.setattr(archives, "LARGEST_ARCHIVE", 50)
    with pytest.raises(Problem, match="unpacks to more than"):
        read(shelf, {"all.zip": archive({"a.csv": ORDERS})})


def test_a_member_that_lies_about_its_size_is_refused(shelf: Path) -> None:
    """No more bytes are written than the table of contents announced."""
    content = bytearray(archive({"orders.csv": ORDERS * 50}))
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = (20).to_bytes(4, "little")
    with pytest.raises(Problem, match=r"orders\.csv"):
        read(shelf, {"all.zip": bytes(content)})


@pytest.mark.parametrize("target", ["orders.csv", "gone.csv"])
def test_a_link_that_leads_nowhere_is_told(shelf: Path, target: str) -> None:
    """Round in a circle or to a file that is gone: it may have been the file that counts."""
    client = make_client(shelf, {"x.csv": ORDERS})
    (client.folder / "exports/orders.csv").symlink_to(target)
    with pytest.raises(Problem, match="leads nowhere"):
        read(shelf, {})


def test_a_link_out_of_the_client_folder_is_refused(shelf: Path, tmp_path: Path) -> None:
    """For a file, and for the exports folder itself."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "orders.csv").write_text(ORDERS)
    client = make_client(shelf, {"x.csv": ORDERS})
    (client.folder / "exports/link.csv").symlink_to(tmp_path / "elsewhere/orders.csv")
    with pytest.raises(Problem, match="leads out of the client folder"):
        read(shelf, {})
    other = make_client(tmp_path / "other", {})
    (other.folder / "exports").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Problem, match="leads out of the client folder"):
        read(tmp_path / "other", {})


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("book.xlsm", workbook({"a": [["order"]]}), "macros"),
        ("book.xlsx", with_member(workbook({"a": [["order"]]}), "xl/vbaProject.bin"), "macros"),
        ("book.xlsx", with_member(workbook({"a": [["order"]]}), "xl/externalLinks/externalLink1.xml"), "links to other files"),
        ("book.xlsx", archive({"xl/worksheets/sheet1.xml": "0" * 30_000_000}), "zip bomb"),
    ],
    ids=["xlsm", "macros inside", "external links", "bomb"],
)  # fmt: skip
def test_workbooks_that_could_do_harm_are_refused_by_name(
    shelf: Path, name: str, content: bytes, reason: str
) -> None:
    """Macros, links to other files, bombs; also inside an archive."""
    with pytest.raises(Problem, match=reason):
        read(shelf, {name: content})
    with pytest.raises(Problem, match=reason):
        read(shelf, {"all.zip": archive({name: content})})


def test_every_sheet_we_know_is_read_and_the_others_are_told(shelf: Path) -> None:
    """A workbook with several tables gives several receipts; an empty one of them is no error."""
    content = workbook(
        {
            "How to": [["Fill in"], ["each sheet"]],
            "Post log": [["handle", "platform", "posted on", "link", "label seen"]],
            "Tally": [["handle", "comments looked at", "specific"], ["annaq", 20, 7]],
            "Rights": [["handle", "signed on", "channels"], ["annaq", "2026-03-01", "ads"]],
        }
    )
    done = read(shelf, {"sheets.xlsx": content})
    assert {r.file: r.reader for r in done.receipts} == {
        "sheets.xlsx/How to": "",
        "sheets.xlsx/Post log": "",
        "sheets.xlsx/Rights": "rights",
        "sheets.xlsx/Tally": "tallies",
    }
    assert done.tables.tallies["looked_at"].tolist() == [20.0]


def test_json_lines_and_parquet_say_the_same_as_csv(shelf: Path, tmp_path: Path) -> None:
    """Types and missing values come through."""
    path = tmp_path / "o.parquet"
    duckdb.sql(
        "COPY (SELECT 1 AS \"order\", TIMESTAMP '2026-03-04 10:00:00' AS date, 59.9::DECIMAL(10,2) AS total, "
        f"NULL AS code) TO '{path}'"
    )
    lines = '{"order": 1, "date": "2026-03-04 10:00", "total": 59.9}\n\n{"order": 2, "date": "2026-03-05", "total": 1, "code": "A"}\n'
    for name, content, count in (("o.jsonl", lines, 2), ("o.parquet", path.read_bytes(), 1)):
        done, receipt = read_one(shelf / name, content, name)
        assert receipt.kept == count
        assert str(done.tables.orders["ordered_at"].iloc[0]) == "2026-03-04 10:00:00"
        assert done.tables.orders["total"].iloc[0] == 59.9


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("o.jsonl", '{"order": 1}\n{"ord', "line 2: this line is not a JSON object"),
        ("o.jsonl", "[1, 2]\n", "line 1"),
        ("o.parquet", b"PAR1 no", "cannot be opened"),
    ],
)
def test_broken_json_lines_and_parquet_are_told(
    shelf: Path, name: str, content: str | bytes, reason: str
) -> None:
    """With the file's name, and the line where there is one."""
    with pytest.raises(Problem, match=reason):
        read(shelf, {name: content})


def test_refund_dates_come_from_two_order_exports(shelf: Path) -> None:
    """What the later export says beyond the earlier one lies between the two; a refunds file dates its own."""
    earlier = "order,date,total,refunded\n1,2026-03-01,50,0\n2,2026-03-02,50,10\n3,2026-03-10,50,0\n"
    later = "order,date,total,refunded\n1,2026-03-01,50,20\n2,2026-03-02,50,10\n3,2026-03-10,50,0\n4,2026-03-30,5,0\n"
    done = read(shelf, {"a.csv": earlier, "b.csv": later})
    refunds = done.tables.refunds.assign(day=done.tables.refunds.refunded_at.dt.date.astype(str))
    assert refunds[["order_id", "day", "amount"]].values.tolist() == [
        ["1", "2026-03-20", 20.0],
        ["2", "2026-03-06", 10.0],
    ]
    assert all("refunds have no dates" in receipt.notes[-1] for receipt in done.receipts)
    told = "order,refund date,amount\n1,2026-03-12,20\n"
    done = read(shelf, {"a.csv": earlier, "b.csv": later, "refunds.csv": told})
    refunds = done.tables.refunds.assign(day=done.tables.refunds.refunded_at.dt.date.astype(str))
    assert refunds[["order_id", "day", "amount"]].values.tolist() == [
        ["1", "2026-03-12", 20.0],
        ["2", "2026-03-16", 10.0],
    ]
    assert (refunds.reason == TOLD_BY_ORDER).tolist() == [False, True]


def test_refunds_of_orders_without_a_rate_are_in_no_sum(shelf: Path) -> None:
    """1000 yen are not 1000 euros, whether a refund file or a second export stands beside the order file."""
    earlier = "order,date,total,refunded,currency\n1,2026-03-01,5000,0,JPY\n2,2026-03-02,50,0,EUR\n"
    later = "order,date,total,refunded,currency\n1,2026-03-01,5000,1000,JPY\n2,2026-03-02,50,20,EUR\n3,2026-03-30,5,0,EUR\n"
    done = read(shelf, {"b.csv": later, "refunds.csv": "order,refund date,amount\n2,2026-03-12,5\n"})
    assert done.tables.refunds[["order_id", "amount"]].values.tolist() == [["2", 5.0], ["2", 15.0]]
    notes = " ".join(note for receipt in done.receipts for note in receipt.notes)
    assert "orders of which the order file tells more refunds: 1 (15.00 in all)" in notes
    (shelf / "exports" / "refunds.csv").unlink()
    done = read(shelf, {"a.csv": earlier, "b.csv": later})
    assert done.tables.refunds[["order_id", "amount"]].values.tolist() == [["2", 20.0]]


def test_one_day_in_several_files_is_one_row(shelf: Path) -> None:
    """A figure per file, as Meta and TikTok export them: nothing is dropped for another."""
    views = 'sep=,\n"Views"\n"Date","Primary"\n"2026-03-01T00:00:00","1200"\n'.encode("utf-16")
    visits = 'sep=,\n"Profile visits"\n"Date","Primary"\n"2026-03-01T00:00:00","30"\n'.encode("utf-16")
    done = read(shelf, {"creators/annaq/Views.csv": views, "creators/annaq/Visits.csv": visits})
    assert done.tables.account_days[["views", "profile_views"]].values.tolist() == [[1200.0, 30.0]]


def test_a_voided_order_is_a_cancelled_one(shelf: Path) -> None:
    """Shopify leaves `Cancelled at` empty when a payment is voided."""
    header = "Name,Financial Status,Created at,Total,Lineitem quantity,Lineitem name,Lineitem price\n"
    rows = (
        "#1,paid,2026-03-04 10:00:00 +0100,20,1,Dress,20\n#2,voided,2026-03-05 10:00:00 +0100,20,1,Dress,20\n"
    )
    done, _ = read_one(shelf, header + rows)
    assert done.tables.orders["cancelled_at"].isna().tolist() == [True, False]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
@pytest.mark.parametrize("start", ["order,date,total\n", "", '"'])
def test_a_line_without_end_is_refused_with_its_limit(
    shelf: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, start: str
) -> None:
    """In any encoding, with a table above it or not, before it is held in memory."""
    monkeypatch.setattr(text, "LONGEST_LINE", 1_048_576)
    with pytest.raises(Problem, match=r"x\.csv: refused: a line is longer than 1 MB"):
        read(shelf, {"x.csv": (start + "ä" * 3_000_000).encode(encoding)})


def test_a_json_line_without_end_is_refused_with_its_limit(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its number."""
    monkeypatch.setattr(forms, "LONGEST_OBJECT", 1_048_576)
    with pytest.raises(Problem, match="line 2: refused: a line is longer than 1 MB"):
        read(shelf, {"x.jsonl": '{"order": 1}\n{"a": "' + "b" * 2_000_000})


def test_a_workbook_that_unpacks_to_too_much_is_refused(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read in memory, so its limit is lower than an archive's."""
    monkeypatch.setattr(workbooks, "LARGEST_BOOK", 1024)
    with pytest.raises(Problem, match="unpacks to more than"):
        read(shelf, {"x.xlsx": workbook({"a": [["order", "date", "total"]]})})


def with_far_cell(content: bytes, row: int, cell: str) -> bytes:
    """A workbook with one more cell, a space, far away from its table."""
    far = f'<row r="{row}"><c r="{cell}" t="inlineStr"><is><t> </t></is></c></row></sheetData>'.encode()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(b"</sheetData>", far)
    return archive(parts)


def open_document(rows: str) -> bytes:
    """An OpenDocument spreadsheet with one sheet of these rows."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    body = f'<office:body><office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    content = f"<office:document-content {spaces}>{body}</office:document-content>"
    return archive({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def open_row(cells: list[str], more: str = "", repeated: str = "") -> str:
    """One row of such a sheet."""
    texts = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    )
    return f"<table:table-row{repeated}>{texts}{more}</table:table-row>"


OPEN_TABLE = open_row(["handle", "platform", "followers"]) + open_row(["annaq", "instagram", "1200"])
BOOK = {"a": [["handle", "platform", "followers"], ["annaq", "instagram", 1200]]}
FAR_DOWN = ' table:number-rows-repeated="1048570"'
FAR_RIGHT = (
    '<table:table-cell table:number-columns-repeated="16380"/>'
    '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
)


@pytest.mark.parametrize(
    ("name", "content", "cell", "filled"),
    [
        ("far.xlsx", with_far_cell(workbook(BOOK), 1048576, "XFD1048576"), "XFD1048576", 7),
        ("far.xlsx", with_far_cell(workbook(BOOK), 1048576, "T1048576"), "T1048576", 7),
        ("far.ods", open_document(OPEN_TABLE + open_row([], repeated=FAR_DOWN) + open_row(["x"], FAR_RIGHT)), "XFB1048573", 8),
    ],
    ids=["the last cell", "the last row", "an open document"],
)  # fmt: skip
def test_a_workbook_that_reaches_too_far_is_refused_before_it_is_opened(
    shelf: Path, name: str, content: bytes, cell: str, filled: int
) -> None:
    """A space in a far cell makes a rectangle that no memory holds: file, cell and what to do; also inside an archive."""
    for file, put in ((name, content), ("all.zip", archive({name: content}))):
        with pytest.raises(
            Problem, match=f"reaches to cell {cell}, with something in {filled} of its"
        ) as caught:
            read(shelf, {file: put})
        assert f"exports/{file}" in str(caught.value)
        assert "Ctrl+End" in caught.value.todo
        (shelf / "exports" / file).unlink(missing_ok=True)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", with_far_cell(workbook(BOOK), 3000, "D3000")),
        ("a.ods", open_document(OPEN_TABLE + open_row([], '<table:table-cell table:number-columns-repeated="16384"/>', FAR_DOWN))),
        ("a.ods", open_document(OPEN_TABLE)),
    ],
    ids=["a gap", "empty to the end", "plain"],
)  # fmt: skip
def test_empty_cells_to_the_end_of_a_sheet_are_no_cells(shelf: Path, name: str, content: bytes) -> None:
    """Formatted or repeated empty cells reach nowhere, and a gap of some thousand rows is read over."""
    done, _ = read_one(shelf, content, name)
    assert done.tables.creators[["handle", "followers"]].values.tolist() == [["annaq", 1200]]


def test_cells_without_an_address_follow_one_another() -> None:
    """Some programs leave the addresses out; a tag that two pieces share is read whole."""
    sheet = b"<sheetData>" + b"<row><c><v>1</v></c><c/><c t='n'><v>2</v></c></row>" * 40_000 + b"</sheetData>"
    (reach,) = workbooks._rectangles(io.BytesIO(sheet))
    assert (reach.rows, reach.columns, reach.filled) == (40_000, 3, 80_000)


def test_a_workbook_is_counted_once_and_each_sheet_read_by_itself(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many of its sheets are read; again once it was written anew."""
    rights = [["handle", "use", "from", "until"], ["annaq", "shop page", "2026-03-01", "2026-09-01"]]
    tally = [["handle", "date", "orders"], ["annaq", "2026-03-04", 3]]
    counted: list[str] = []
    refuse_far = workbooks._refuse_far
    monkeypatch.setattr(
        workbooks, "_refuse_far", lambda path, raw: counted.append(path.name) or refuse_far(path, raw)
    )
    for again in (1, 2):
        content = workbook({"Rights": rights, "Tally": [*tally, ["annaq", "2026-03-05", again]]})
        done = read(shelf, {"sheets.xlsx": content})
        assert {receipt.file for receipt in done.receipts} == {"sheets.xlsx/Rights", "sheets.xlsx/Tally"}
        assert counted == ["sheets.xlsx"] * again


def test_what_is_no_cell_makes_no_sheet_wider() -> None:
    """Widths of columns and a thousand conditional formats stand beside the cells; only rows and cells are counted."""
    row = b'<row r="%d"><c r="A%d"><v>1</v></c><c r="B%d"><v>2</v></c></row>'
    rule = b'<conditionalFormatting sqref="A1"><cfRule type="top10"><color rgb="0"></color></cfRule></conditionalFormatting>'
    rows = b"".join(row % (number, number, number) for number in range(1, 2001))
    sheet = b'<cols><col min="1" max="2"/></cols><sheetData>' + rows + b"</sheetData>" + rule * 1000
    (reach,) = workbooks._rectangles(io.BytesIO(sheet))
    assert (reach.rows, reach.columns, reach.filled) == (2000, 2, 4000)


def test_a_file_of_nothing_is_not_read_to_its_end(shelf: Path) -> None:
    """Two gigabytes of zeros are refused by what they begin with; of other files every byte counts."""
    client = make_client(shelf, {"x.csv": ORDERS})
    zeros = client.folder / "exports/zeros.csv"
    with zeros.open("wb") as file:
        file.truncate(2 * 1024**3)
        file.seek(1024**3)
        file.write(b"unseen")
    unseen = {file.name: file.digest for file in find_files(client.folder)}
    with zeros.open("r+b") as file:
        file.seek(1024**3)
        file.write(b"passed")
    assert unseen == {file.name: file.digest for file in find_files(client.folder)}
    with pytest.raises(Problem, match=r"zeros\.csv: refused: a line is longer than 8 MB"):
        read(shelf, {})
    with zeros.open("r+b") as file:
        file.write(b"order,date")
        file.truncate(20 * 1024**2)
    assert unseen["zeros.csv"] != {file.name: file.digest for file in find_files(client.folder)}["zeros.csv"]


def test_a_path_that_leaves_the_client_folder_by_its_folder_is_refused(shelf: Path, tmp_path: Path) -> None:
    """A linked folder of a creator, too."""
    (tmp_path / "elsewhere").mkdir()
    client = make_client(shelf, {"x.csv": ORDERS})
    (client.folder / "exports/creators").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Problem, match="leads out of the client folder"):
        read(shelf, {})
