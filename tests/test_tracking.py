"""The fourth step: who gets what, what is ready, and how the campaign runs."""

import random
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from books import make_book
from creatorbook import client as client_files
from creatorbook import tracking
from creatorbook.acts.codes import issue
from creatorbook.book import Book
from creatorbook.campaign.assignments import assigned
from creatorbook.campaign.benefits import benefit_of
from creatorbook.campaign.posts import campaign_posts
from creatorbook.client.repository import SAMPLE_DATA, sample_clients
from creatorbook.finance.claims import claimed_orders
from creatorbook.finance.leaks import order_signs
from creatorbook.findings import Findings, written
from creatorbook.findings.formats import Formats
from creatorbook.opening import open_book
from creatorbook.packs import pack
from creatorbook.problems import Problem
from creatorbook.tracking.french_totals import french_totals
from creatorbook.tracking.handover import handover_sheets, sheet_html
from creatorbook.tracking.label_check import checked_posts
from creatorbook.tracking.preflight import points
from creatorbook.tracking.pulse import statuses

STEPS = (
    "precedence",
    "links",
    "codes",
    "lint",
    "labels",
    "handover",
    "requests",
    "preflight",
    "status",
    "check_labels",
    "check_claims",
)


def _creators(*rows: dict[str, Any]) -> pd.DataFrame:
    usual = {"platform": "instagram", "followers": 12_000, "fee": 200.0, "country": "DE"}
    return pd.DataFrame([{**usual, **row} for row in rows])


def _thin(stage: str = "plan", **campaign: Any) -> Book:
    creators = _creators(
        {"creator": "Mara", "handle": "mara.blau"}, {"creator": "Ole", "handle": "ole", "code": "OLE10"}
    )
    day = date(2026, 3, 1) if stage == "plan" else date(2026, 3, 16)
    return make_book({"creators": creators}, campaign=campaign, stage=stage, as_of=day)


def _texts(findings: Findings, slot: str | None = None) -> str:
    return "\n".join(note.text for note in findings.notes if slot is None or note.slot == slot)


def test_each_account_gets_a_link_that_says_who_it_is() -> None:
    """Source is the platform, content the creator and format, campaign the client's name and month."""
    book = _thin(links={"landing_page": "https://shop.example/new?size=m"})
    told = assigned(book).set_index("handle")
    assert told.loc["mara.blau", "link"] == (
        "https://shop.example/new?size=m&utm_source=instagram&utm_medium=social"
        "&utm_campaign=testbrand-spring-202603&utm_content=mara-blau_story_1&utm_id=spring"
    )
    assert set(told["channel"]) == {"Organic Social"}


def test_without_a_landing_page_codes_and_tags_are_there_all_the_same() -> None:
    """What is missing is said, with who names it; codes and query strings are given."""
    findings = tracking.links(_thin())
    shown = findings.tables["tracking.links"].frame
    assert shown["target"].str.startswith("?utm_source=instagram").all()
    assert "landing page is not named yet" in _texts(findings)
    assert set(tracking.codes(_thin()).tables["tracking.codes"].frame["code"]) == {"MARABLAU10", "OLE10"}


def test_given_codes_and_links_are_kept_as_they_are() -> None:
    """A code or link that the list holds is never replaced, whatever it looks like."""
    creators = _creators(
        {"creator": "Ole", "handle": "ole", "code": "weird-CODE", "link": "https://go.example/ole"}
    )
    told = assigned(
        make_book({"creators": creators}, campaign={"links": {"landing_page": "https://shop.example"}})
    )
    assert told.loc[0, "code"] == "WEIRD-CODE"
    assert told.loc[0, "link"] == "https://go.example/ole"
    assert told.loc[0, "query"].startswith("utm_source=instagram")


def test_proposed_codes_avoid_those_of_the_shop() -> None:
    """A code that the shop holds already, or one that looks like it, is not proposed."""
    creators = _creators({"creator": "Ole", "handle": "ole"})
    shop = pd.DataFrame({"code": ["0LE10"]})
    told = assigned(make_book({"creators": creators, "discounts": shop}))
    assert told.loc[0, "code"] != "OLE10"


def test_a_person_with_two_accounts_has_one_code_and_two_links() -> None:
    """Code and price belong to the person, links to the account."""
    creators = _creators(
        {"creator": "Mara", "handle": "mara"},
        {"creator": "Mara", "handle": "mara", "platform": "tiktok", "fee": None},
    )
    book = make_book({"creators": creators}, campaign={"links": {"landing_page": "https://shop.example"}})
    told = assigned(book)
    assert told["code"].nunique() == 1
    assert told["link"].nunique() == 2
    assert len(handover_sheets(book)) == 1


def test_an_account_listed_twice_is_named_with_its_row() -> None:
    """A duplicate handle stops with file, row and what to do."""
    creators = _creators({"creator": "A", "handle": "mara"}, {"creator": "B", "handle": "mara"})
    with pytest.raises(Problem, match=r"line 3.*@mara on instagram is in the list twice \(first in row 2\)"):
        tracking.links(make_book({"creators": creators}))


def test_two_people_with_one_code_are_named_with_the_row() -> None:
    """A shared code stops with row and what to do; capitals make no difference."""
    creators = _creators(
        {"creator": "A", "handle": "a", "code": "OLE10"}, {"creator": "B", "handle": "b", "code": "ole10"}
    )
    with pytest.raises(Problem, match=r"line 3.*OLE10 belongs to A \(row 2\) and to B"):
        tracking.codes(make_book({"creators": creators}))


@pytest.mark.parametrize("page", ["https://me:pw@shop.example", "shop.example", "ftp://shop.example"])
def test_a_landing_page_that_is_none_names_the_campaign_file(page: str) -> None:
    """Credentials or anything but http(s) in the landing page: file, key and what to do."""
    with pytest.raises(Problem, match=r"spring\.yml.*links\.landing_page"):
        tracking.links(_thin(links={"landing_page": page}))


def test_unguessable_codes_are_drawn_only_when_issued(tmp_path: Path) -> None:
    """No step draws lots: until codes are issued, nothing is shown."""
    book = _on_disk(tmp_path, _thin(codes={"unguessable": True}))
    shown = tracking.codes(book).tables["tracking.codes"].frame.set_index("person")["code"]
    assert shown["Mara"] == "drawn when issued"
    assert shown["Ole"] == "OLE10"
    assert issue(book, random.Random(1).choice) == 2
    again = replace(book, issued=client_files.read_links(book.campaign))
    code = tracking.codes(again).tables["tracking.codes"].frame.set_index("person")["code"]["Mara"]
    assert len(code) == 8


def test_what_was_issued_never_changes(tmp_path: Path) -> None:
    """Issuing twice adds nothing; a landing page named later fills links in; codes stay though the list changes."""
    book = _on_disk(tmp_path, _thin())
    assert issue(book, random.choice) == 2
    held = client_files.read_links(book.campaign)
    assert issue(replace(book, issued=held), random.choice) == 0
    linked = _on_disk(tmp_path, _thin(links={"landing_page": "https://shop.example"}, codes={"percent": 20}))
    assert issue(replace(linked, issued=held), random.choice) == 2
    now = client_files.read_links(book.campaign).set_index("handle")
    assert now.loc["mara.blau", "code"] == "MARABLAU10"
    assert now.loc["mara.blau", "link"].startswith("https://shop.example/?utm_source=instagram")


def test_a_links_file_with_one_account_twice_is_named_with_its_line(tmp_path: Path) -> None:
    """The campaign's links file is read strictly."""
    book = _on_disk(tmp_path, _thin())
    rows = "issued_on,creator,handle,platform,code,link\n2026-03-01,A,a,tiktok,X,\n2026-03-01,A,a,tiktok,Y,\n"
    client_files.links_path(book.campaign).write_text(rows)
    with pytest.raises(Problem, match="line 3"):
        client_files.read_links(book.campaign)


def _on_disk(folder: Path, book: Book) -> Book:
    campaign = book.campaign.model_copy(update={"path": folder / "spring.yml"})
    return replace(book, campaign=campaign)


def test_a_rejected_creator_gets_nothing() -> None:
    """Who was decided against is in no table."""
    book = _thin()
    decided = pd.DataFrame(
        {"handle": ["ole"], "decision": ["Not this time"], "date": [pd.Timestamp("2026-02-01")]}
    )
    assert set(assigned(replace(book, decisions=decided))["handle"]) == {"mara.blau"}


def test_the_import_table_has_the_shops_columns() -> None:
    """Codes to set up have the columns of the shop's own discount export, with the campaign's days and limit."""
    row = tracking.codes(_thin()).tables["tracking.shopify_discounts"].frame.iloc[0]
    assert row["Name"] == "MARABLAU10"
    assert row["Value Type"] == "percentage"
    assert row["Applies Once Per Customer"] == "true"
    assert row["Start"].startswith("2026-03-02")
    assert row["End"].startswith("2026-03-29")


def test_precedence_is_a_sentence_and_open_unless_stated() -> None:
    """The rule is printed; that it is the usual one, unless the campaign file says so."""
    book = _thin()
    unstated = book.campaign.model_construct(set(), **dict(book.campaign))
    assert "by the code used in the order, then" in _texts(tracking.precedence(book))
    assert "workbook's usual one" in _texts(tracking.precedence(replace(book, campaign=unstated)))


def test_a_sale_in_the_campaigns_days_is_named() -> None:
    """The shop's own promotion can take the place of a code."""
    sale = {"start": date(2026, 3, 10), "end": date(2026, 3, 12), "what": "15 % on everything"}
    assert "15 % on everything" in _texts(tracking.precedence(_thin(promotions=[sale])))
    assert "not stated" in _texts(tracking.precedence(_thin()))
    assert "not stated" not in _texts(tracking.precedence(_thin(promotions=[])))


def test_the_first_page_says_how_many_points_are_ready() -> None:
    """One sentence with the count, at most three open points, each with owner and day."""
    findings = tracking.preflight(_thin())
    slot = [note for note in findings.notes if note.slot == "plan.before_launch"]
    ready = sum(point.ready for point in points(_thin()))
    told = points(_thin())
    assert slot[0].text == f"{ready} of {len(told)} points ready."
    assert 2 <= len(slot) <= 4
    assert all(note.owner and note.due for note in slot[1:])


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("rights", {"campaign": {"rights": "organic, 6 months"}}),
        ("promotions", {"campaign": {"promotions": []}}),
        ("landing_page", {"campaign": {"links": {"landing_page": "https://shop.example"}}}),
        ("linked", {"campaign": {"links": {"landing_page": "https://shop.example"}}}),
        (
            "briefed",
            {
                "campaign": {
                    "brief": {"product": "coat", "key_messages": ["warm"]},
                    "deliverables": ["1 reel"],
                }
            },
        ),
    ],
)
def test_a_point_becomes_ready(name: str, change: dict[str, Any]) -> None:
    """Each point is open while its file or line is missing and ready once it is there."""
    assert not {point.id: point for point in points(_thin())}[name].ready
    assert {point.id: point for point in points(_thin(**change["campaign"]))}[name].ready


def _shop(**told: Any) -> pd.DataFrame:
    usual = {"starts_at": "2026-03-01", "ends_at": "2026-03-31", "status": "active"}
    return pd.DataFrame([{"code": "OLE10", **usual, **told}])


@pytest.mark.parametrize(
    ("shop", "ready"),
    [
        (_shop(), True),
        (_shop(starts_at="2026-03-05"), False),
        (_shop(ends_at="2026-03-20"), False),
        (_shop(ends_at=None), True),
        (_shop(status="expired"), False),
        (_shop(code="OTHER"), False),
    ],
)
def test_codes_in_the_shop_are_held_to_the_campaigns_days(shop: pd.DataFrame, ready: bool) -> None:
    """A code counts as set up if the shop's export has it, active, over all days of the campaign."""
    creators = _creators({"creator": "Ole", "handle": "ole", "code": "OLE10"})
    book = make_book({"creators": creators, "discounts": shop}, stage="plan", as_of=date(2026, 3, 1))
    assert {point.id: point.ready for point in points(book)}["codes_in_shop"] is ready


def test_a_baseline_needs_four_weeks_of_orders() -> None:
    """Orders before the start make the point ready from 28 days on."""
    for first, ready in (("2026-01-20", True), ("2026-02-20", False)):
        orders = pd.DataFrame({"order_id": ["1"], "ordered_at": [pd.Timestamp(first)], "total": [9.0]})
        book = make_book(
            {"creators": _creators({"handle": "a"}), "orders": orders}, stage="plan", as_of=date(2026, 3, 1)
        )
        assert {point.id: point.ready for point in points(book)}["baseline"] is ready


def test_a_sheet_holds_all_a_creator_needs_and_escapes_it() -> None:
    """Code, link, QR code, label words, requests and pay stand on the sheet; hostile text stays text."""
    creators = _creators(
        {"creator": "<script>alert(1)</script>", "handle": "mara", "deliverables": "1 reel, 3 stories"}
    )
    book = make_book(
        {"creators": creators},
        campaign={"links": {"landing_page": "https://shop.example"}},
        stage="plan",
        as_of=date(2026, 3, 1),
    )
    [sheet] = handover_sheets(book)
    page = sheet_html(sheet, book)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "MARA10" in page
    assert 'src="data:image/svg+xml' in page
    assert 'alt="QR code of the link of @mara"' in page
    assert "Werbung" in page
    assert "24 hours" in page
    assert "200.00" in page or "200,00" in page


def test_the_sheet_fits_what_was_agreed() -> None:
    """Labels are those of the formats agreed, a Story's beside a Reel's."""
    creators = _creators({"handle": "mara", "deliverables": "1 reel, 3 stories"})
    [sheet] = handover_sheets(make_book({"creators": creators}))
    assert [line.format for line in sheet.labels] == ["Story", "Reel"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"benefit": "Gifted product", "fee": None}, "gift"),
        ({"benefit": "own brand", "fee": None}, "own_brand"),
        ({"fee": 200.0}, "fee"),
        ({"fee": 0.0}, "gift"),
        ({"fee": None, "gift_cost": 20.0}, "gift"),
        ({"fee": None, "commission_rate": 0.1}, "commission"),
        ({"fee": None}, "fee"),
        ({"benefit": "unpaid"}, "none"),
        ({"benefit": "Unpaid, product only", "fee": 0.0}, "gift"),
        ({"benefit": "no fee", "commission_rate": 0.1}, "commission"),
    ],
)
def test_the_benefit_is_found(row: dict[str, Any], expected: str) -> None:
    """As listed, else from fee, gift or commission, else taken as a fee, so that a label is shown."""
    assert benefit_of(row)[0] == expected


def test_france_needs_a_written_contract_from_a_thousand_on() -> None:
    """Fee plus gifts per creator and year against the threshold of the decree."""
    creators = _creators(
        {"creator": "Lise", "handle": "lise", "country": "FR", "fee": 900.0, "gift_retail": 120.0},
        {"creator": "Noé", "handle": "noe", "country": "FR", "fee": 900.0},
    )
    text = _texts(tracking.labels(make_book({"creators": creators}, client={"market": "FR"}, stage="plan")))
    assert "Written contract needed in France: Lise (" in text
    assert "Noé" not in text


def _posts(*captions: str, **more: Any) -> pd.DataFrame:
    rows = [
        {
            "post_id": str(i),
            "handle": "ole",
            "platform": "instagram",
            "format": "reel",
            "caption": text,
            **more,
        }
        for i, text in enumerate(captions)
    ]
    return pd.DataFrame(rows).assign(published_at=pd.Timestamp("2026-03-10 12:00"))


def _running(
    posts: pd.DataFrame | None = None,
    orders: pd.DataFrame | None = None,
    discounts: pd.DataFrame | None = None,
    **row: Any,
) -> Book:
    creators = _creators(
        {"creator": "Ole", "handle": "ole", "code": "OLE10", **row},
        {"creator": "Mia", "handle": "mia", "code": "MIA10"},
    )
    tables = {"creators": creators}
    tables |= {"posts": posts} if posts is not None else {}
    tables |= {"orders": orders} if orders is not None else {}
    tables |= {"discounts": discounts} if discounts is not None else {}
    return make_book(tables, stage="pulse", as_of=date(2026, 3, 20))


def test_only_posts_of_the_campaign_are_checked() -> None:
    """A post that names the creator's code counts; one that only names the brand may be the creator's own."""
    book = _running(_posts("Werbung: mein Mantel, OLE10", "mein Mantel von @testbrand", "ein Apfel"))
    assert list(campaign_posts(book)["post_id"]) == ["0"]


def test_labels_to_fix_stand_on_the_weekly_page() -> None:
    """Each post whose word was not found says what was seen and what to write."""
    findings = tracking.status(_running(_posts("Mein Mantel, mit OLE10 spart ihr")))
    assert "1 post has a label to put right" in _texts(findings, "pulse.labels")
    (row,) = findings.tables["tracking.labels_today"].frame.to_dict("records")
    assert row["post"].startswith("@ole, reel of 10")
    assert "“Werbung”" in row["todo"]
    assert "labels" in _texts(findings, "pulse.change")


def test_the_check_never_says_compliant() -> None:
    """It says found or not found in the text we were given, and nothing more."""
    findings = tracking.check_labels(_running(_posts("Werbung: mein Mantel, OLE10")))
    assert "in the text we were given" in _texts(findings)
    assert "complian" not in _texts(findings).lower()
    assert findings.figures["tracking.labels_found"].value == 1


def test_a_label_field_counts_where_the_caption_has_none() -> None:
    """A post log's “label seen” is text we were given too; the platform's own switch alone is not enough."""
    seen = checked_posts(_running(_posts("Mein Mantel, OLE10", label="Werbung")))
    switch = checked_posts(_running(_posts("Mein Mantel, OLE10", label="Paid partnership")))
    assert list(seen["verdict"]) == ["found"]
    assert list(switch["verdict"]) == ["not found"]
    assert "not enough alone" in written(switch.loc[0, "why"], Formats())


def _orders(*rows: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"order_id": str(i), "ordered_at": pd.Timestamp(day), "total": 50.0, "discount_code": code}
            for i, (code, day) in enumerate(rows)
        ]
    )


def test_codes_that_behave_oddly_are_named() -> None:
    """Used before the start, never used though live, and used after the last day that counts."""
    early = tracking.status(_running(orders=_orders(("OLE10", "2026-02-20")), posted_on="2026-03-03"))
    assert "OLE10: used before the start" in _texts(early, "pulse.codes")
    quiet = tracking.status(_running(orders=_orders(("X", "2026-03-05")), posted_on="2026-03-03"))
    assert "OLE10: never used though live" in _texts(quiet, "pulse.codes")
    for day, late in (("2026-04-02", False), ("2026-05-02", True)):
        running = _running(orders=_orders(("OLE10", day)), posted_on="2026-03-03")
        texts = _texts(tracking.status(replace(running, as_of=date(2026, 5, 5))), "pulse.codes")
        assert ("OLE10: used after the last day" in texts) == late


@pytest.mark.parametrize(("ends", "late"), [("2026-03-20", True), ("2026-05-06", False)])
def test_pulse_and_results_hold_a_code_to_the_same_last_day(ends: str, late: bool) -> None:
    """The shop's list of discounts says it: an order after that is odd in the pulse and in doubt in the results, else in neither."""
    discounts = pd.DataFrame({"code": ["OLE10"], "ends_at": pd.to_datetime([ends])})
    running = _running(orders=_orders(("OLE10", "2026-04-02")), posted_on="2026-03-03", discounts=discounts)
    book = replace(running, as_of=date(2026, 4, 5))
    assert ("OLE10: used after the last day" in _texts(tracking.status(book), "pulse.codes")) == late
    assert order_signs(book).after_end.tolist() == [late]
    assert len(claimed_orders(book)) == 1


def test_who_is_late_owes_what_the_status_says() -> None:
    """A creator whose product is on its way owes a draft; one without any status owes the post."""
    told = _texts(tracking.status(_running(status="shipped")), "pulse.late")
    assert "Draft due: Ole." in told
    assert "Post due: Mia." in told


def test_a_posting_day_in_the_future_is_not_live() -> None:
    """What the list says of days to come is a plan, not a fact."""
    people = statuses(_running(posted_on="2026-03-25")).set_index("person")
    assert people.loc["Ole", "status"] == "not live yet"


def test_the_day_of_an_earlier_campaign_is_no_plan_for_this_one() -> None:
    """Whose listed day is of the winter has not said when to post: known to be late, or not known at all."""
    late = _texts(tracking.status(_running(posted_on="2025-12-03", status="agreed")), "pulse.late")
    assert "Ole" in late
    silent = tracking.status(_running(posted_on="2025-12-03"))
    assert "not known without posting days" in _texts(silent, "pulse.late")


def test_without_posting_days_orders_tell_who_is_live_at_least() -> None:
    """The thin client hears what orders show, what is not known, and is blamed for nothing."""
    findings = tracking.status(_running(orders=_orders(("OLE10", "2026-03-05"))))
    assert "At least 1 of 2 creators is live: the code is in use." in _texts(findings, "pulse.live")
    assert "not known without posting days" in _texts(findings, "pulse.late")


def test_missing_orders_and_costs_are_not_zero() -> None:
    """Orders per code and money spent are not available without their files."""
    findings = tracking.status(_running(posted_on="2026-03-03"))
    for name in ("invoiced", "paid", "to_come"):
        assert findings.figures[f"tracking.{name}"].value is None
    assert findings.tables["tracking.status"].frame["orders"].isna().all()
    assert "not available" in _texts(findings, "pulse.spent")


def test_no_profit_while_the_campaign_runs() -> None:
    """The weekly page holds no profit; orders are so far."""
    findings = tracking.status(_running(orders=_orders(("OLE10", "2026-03-05")), posted_on="2026-03-03"))
    assert "profit" not in _texts(findings).lower()
    assert "so far" in findings.tables["tracking.status"].columns["orders"].label


@pytest.mark.parametrize("stage", ["plan", "pulse"])
@pytest.mark.parametrize("step", STEPS)
def test_every_step_answers_without_any_file(step: str, stage: str) -> None:
    """With no creators list at all each part says what it needs, or nothing."""
    book = make_book(stage=stage, as_of=date(2026, 3, 1) if stage == "plan" else date(2026, 3, 16))
    for mode in ("explore", "report"):
        getattr(tracking, step)(replace(book, mode=mode))


def test_the_plan_shows_the_running_part_as_one_line() -> None:
    """Before launch there is nothing to say about the week."""
    assert len(tracking.status(_thin()).items) == 1
    assert len(tracking.check_labels(_thin()).items) == 1


def test_no_first_page_word_that_is_not_said() -> None:
    """What goes to first pages uses none of the words that never stand there."""
    never = [word.lower() for row in pack("words")["words"] for word in row["words"]]
    for book in (_thin(), _running(_posts("Mein Mantel, OLE10"), _orders(("OLE10", "2026-02-20")))):
        for step in STEPS:
            told = [note.text.lower() for note in getattr(tracking, step)(book).notes if note.slot]
            assert not [word for word in never for text in told if f" {word} " in f" {text} "]


@pytest.mark.parametrize(
    "client", [path.name for path in sample_clients() if (path / "truth" / "planted.csv").is_file()]
)
def test_the_check_finds_exactly_the_planted_labels(client: str) -> None:
    """Over all posts of a sample client's campaign: every planted label failure, and no other."""
    planted = pd.read_csv(SAMPLE_DATA / client / "truth" / "planted.csv", dtype=str)
    wanted = set(planted.loc[planted["kind"] == "label", "post_id"].dropna())
    posts = checked_posts(open_book(client, stage="results"))
    assert set(posts.loc[~posts["verdict"].isin(["found", "no text"]), "post_id"]) == wanted


def test_the_thin_client_gets_everything() -> None:
    """From four columns: a code and label words for everybody, tags, sheets, points and requests."""
    book = open_book("northpin", stage="plan")
    told = assigned(book)
    assert (told["code"] != "").all()
    assert told["query"].str.contains("utm_content=").all()
    assert {sheet.labels[0].label.words for sheet in handover_sheets(book)} == {("Werbung",)}
    assert len(tracking.requests(book).tables["tracking.requests"].frame)
    assert {point.id for point in points(book)} == {*pack("launch")["points"]} - {"links_open"}


def test_who_needs_no_label_is_no_word_in_the_count() -> None:
    """Without a benefit no word is needed: the table says so, and the sentence counts words only."""
    creators = _creators(
        {"creator": "Mara", "handle": "mara", "country": "DE", "benefit": "none"},
        {"creator": "Lise", "handle": "lise", "country": "CH", "fee": 100.0},
    )
    findings = tracking.labels(make_book({"creators": creators}, stage="plan"))
    assert "that need them: “Werbung” (1)." in _texts(findings)
    assert "CH: no rule in the pack, ask counsel." in _texts(findings)
    words = findings.tables["tracking.label_words"].frame
    assert words["words"].tolist() == ["none needed", "Werbung"]
    assert [written(cell, Formats()) for cell in words["languages"]] == ["German", "German"]
    alone = tracking.labels(make_book({"creators": creators.head(1)}, stage="plan"))
    assert "No account needs a label word." in _texts(alone)


def test_french_pay_and_gifts_add_up_over_the_year() -> None:
    """Earlier fees of the year in the cost sheet count, in any currency, those of another year do not; gifts count without VAT."""
    creators = _creators(
        {"creator": "Lise", "handle": "lise", "country": "FR", "fee": 400.0, "gift_retail": 120.0},
        {"creator": "Noé", "handle": "noe", "country": "FR", "fee": 400.0},
    )
    costs = pd.DataFrame(
        [
            ("@LISE", "fee", 400.0, "EUR", "2026-01-15"),
            ("Lise", "gift", 125.0, "USD", "2026-01-20"),
            ("Noé", "fee", 700.0, None, "2025-12-15"),
        ],
        columns=["creator", "kind", "amount", "currency", "date"],
    ).assign(date=lambda told: pd.to_datetime(told["date"]))
    client = {"market": "FR", "tax_rate": 0.2, "exchange_rates": {"USD": 0.8}}
    book = make_book({"creators": creators, "costs": costs}, client=client, stage="plan")
    totals = french_totals(book).set_index("person")
    assert totals.loc["Lise", "total"] == pytest.approx(1000.0)
    assert totals["contract"].to_dict() == {"Lise": True, "Noé": False}
    told = tracking.labels(book)
    assert "Decree 2025-1137" in _texts(told)
    assert list(told.tables["tracking.french_contracts"].frame["person"]) == ["Lise"]


def test_the_french_threshold_needs_an_exchange_rate() -> None:
    """In another currency the threshold is converted; without a rate that is said, not guessed."""
    creators = _creators({"creator": "Lise", "handle": "lise", "country": "FR", "fee": 900.0})
    client = {"market": "GB", "markets": ["FR"], "currency": "GBP", "tax_rate": 0.2}
    assert "exchange rate of EUR" in _texts(tracking.labels(make_book({"creators": creators}, client=client)))
    known = make_book({"creators": creators}, client={**client, "exchange_rates": {"EUR": 0.85}})
    assert french_totals(known)["contract"].tolist() == [True]
