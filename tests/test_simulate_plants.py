"""What can be planted beside the standard signals: each is found again by a simple estimate, and off by default."""

from __future__ import annotations

import re
from functools import cache
from itertools import chain, product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from creatorbook.cli import app
from creatorbook.opening import open_book
from creatorbook.problems import Problem
from creatorbook.roi.lift_evidence import planned_effect
from creatorbook.simulate import (
    Plant,
    Settings,
    World,
    fit,
    make_world,
    outcomes,
    truth,
    truth_asked,
    write_client,
)
from creatorbook.simulate import people as people_module
from creatorbook.simulate.held_back import articles, stored_plan
from creatorbook.simulate.mistypes import CAPTION_KINDS, LINK_KINDS, ORDER_KINDS
from creatorbook.simulate.pictures import draw, thing
from creatorbook.simulate.settings import CLAIM_SHAPES, LABEL_SHAPES

#: as small as the estimates allow
SMALL: dict[str, Any] = {"days_before": 21, "days_after": 28, "orders_per_day": 5, "planted": []}


# --- audience fit


@cache
def fitted(effect: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Results and fit of 300 people, row by row."""
    settings = Settings(creators=300, orders_per_creator=30, fit_effect=effect, people_with_two_handles=9)
    people = people_module.draw_people(settings)
    results = outcomes.draw_results(people, settings.model_copy(update={"planted": []}))
    fits = fit.audience_fit(people, settings).loc[results["account"]].reset_index(drop=True)
    posts = results["expected_orders"] > 0
    return results[posts], fits[posts]


def slope(values: pd.Series, fits: pd.DataFrame) -> float:
    """Of log orders on standardised fit."""
    z = (fits["fit"] - fits["fit"].mean()) / fits["fit"].std(ddof=0)
    return float(np.polyfit(z, np.log(values), 1)[0])


def test_fit_moves_orders_as_planted() -> None:
    """Log drawn orders rise by the planted effect per standard deviation of fit; the mean stays."""
    (plain, _), (moved, fits) = fitted(0), fitted(0.6)
    assert slope(moved["drawn_orders"].clip(lower=0.5), fits) == pytest.approx(0.6, abs=0.12)
    assert slope(moved["fit_factor"], fits) == pytest.approx(0.6, abs=1e-9)
    assert np.allclose(moved["expected_orders"], plain["expected_orders"] * moved["fit_factor"])
    assert moved["expected_orders"].mean() == pytest.approx(plain["expected_orders"].mean())


def test_without_an_effect_fit_says_nothing() -> None:
    """Off by default: the factor is 1, and fit explains no orders."""
    plain, fits = fitted(0)
    assert Settings().fit_effect == 0
    assert (plain["fit_factor"] == 1).all()
    assert slope(plain["drawn_orders"].clip(lower=0.5), fits) == pytest.approx(0, abs=0.12)


# --- held-back styles and regions

STYLES = [
    f"{piece} {style}"
    for piece, style in product(
        ["Wrap Dress", "Linen Dress", "Wide Trousers", "Boxy Shirt"], ["Bellis", "Dunja", "Filippa"]
    )
]

REGIONS = ["BY", "HH", "ENG"]


@cache
def holding_back(kind: str) -> World:
    """A client with styles or regions held back; four creators slip."""
    parts = {"styles": STYLES} if kind == "styles" else {"regions": REGIONS}
    settings = {**SMALL, "creators": 20, "orders_per_day": 25, "orders_per_creator": 40, "seed": 8}
    return make_world(Settings(**settings, held_back={**parts, "slipped": 4}))


@pytest.mark.parametrize("kind", ["styles", "regions"])
def test_what_is_held_back_loses_the_creators_orders(kind: str) -> None:
    """Shown parts are lifted by what creators caused; of held-back ones, only those that slipped are."""
    world = holding_back(kind)
    sales = truth_asked.held_back_sales(world)
    sides = sales.groupby("held_back")[["baseline_orders", "caused_orders"]].sum()
    slipped = world.posts.index[world.posts["slip"] != ""]
    assert len(slipped) == 4
    made = world.shop.orders[(world.shop.orders["cause"] == "creator") & world.shop.orders["incremental"]]
    lift = sides["caused_orders"] / sides["baseline_orders"]
    assert lift[False] > 0.25
    assert 0 < lift[True] < 0.5 * lift[False]
    if kind == "styles":
        lines = world.shop.lines.merge(made[["order_id", "post"]], on="order_id")
        wrong = lines[lines["product"].isin(STYLES)]
        assert set(wrong["post"]) <= set(slipped)
        assert (wrong["product"] == wrong["post"].map(world.posts["slip"])).all()
    else:
        assert set(made.loc[made["region"].isin(REGIONS), "post"]) <= set(slipped)


def test_a_slip_can_be_read_in_its_caption() -> None:
    """Every campaign post names the style it shows; those told as slips name one that was held back."""
    world = holding_back("styles")
    posts = world.posts[world.posts["campaign"]]
    assert all(style in caption for style, caption in zip(posts["article"], posts["caption"], strict=True))
    named = [any(style in caption for style in STYLES) for caption in posts["caption"]]
    assert (posts["slip"] != "").tolist() == named
    slips = truth.planted(world).query("kind == 'slip'")
    assert sorted(slips["post_id"]) == sorted(posts.loc[posts["slip"] != "", "post_id"])


@pytest.mark.parametrize("kind", ["styles", "regions"])
def test_a_hold_out_comes_with_its_lift_plan(kind: str, tmp_path: Path) -> None:
    """The written client opens with the plan stored, and the results compute the lift near the truth."""
    write_client(tmp_path / "client", holding_back(kind))
    book = open_book(tmp_path / "client", stage="results")
    assert book.lift is not None
    compared = planned_effect(book)
    assert compared is not None
    assert compared.effect.trouble == ""
    sales = (
        truth_asked.held_back_sales(holding_back(kind))
        .groupby("held_back")[["baseline_orders", "caused_orders"]]
        .sum()
    )
    growth = (sales.sum(axis=1) / sales["baseline_orders"]).to_dict()
    assert compared.effect.lift == pytest.approx(growth[False] / growth[True] - 1, abs=0.2)


def test_nothing_is_held_back_unless_asked() -> None:
    """No plan, no truth, no sentence in captions."""
    world = make_world(Settings(creators=3, days_before=5, days_after=5, orders_per_day=1, planted=[]))
    assert stored_plan(world.settings) is None
    assert truth_asked.held_back_sales(world).empty
    assert (world.posts["addition"] == "").all()


def test_a_hold_out_of_a_shop_that_sold_nothing_has_no_truth() -> None:
    """No orders, no rows; and no crash."""
    settings = {**SMALL, "creators": 1, "orders_per_day": 0, "orders_per_creator": 0}
    world = make_world(Settings(**settings, held_back={"styles": STYLES, "regions": ["HH"]}))
    assert world.shop.orders.empty
    assert truth_asked.held_back_sales(world).empty


@pytest.mark.parametrize("part", [{"styles": ["Wrap Dres Bellis"]}, {"regions": ["Bavaria"]}])
def test_a_misspelt_part_is_named(part: dict[str, list[str]]) -> None:
    """A style or region that is not there is told with those that are."""
    with pytest.raises(Problem, match="is called"):
        make_world(Settings(creators=2, days_before=5, days_after=5, held_back=part))


# --- label and claim mistakes

FIVE = ["de", "en", "es", "fr", "it"]
RIGHT_LABELS = (
    r"^(?:werbung|anzeige|publicité|collaboration commerciale|#?ad\b|pubblicità|#adv|publicidad|#publi)"
)


@cache
def mistaken() -> World:
    """Sixty creators of five languages who make every mistake, each several times."""
    shapes = {"label": [*LABEL_SHAPES], "claim": [*CLAIM_SHAPES]}
    planted = [
        Plant(kind=kind, shape=shape, creators=6 if kind == "label" else 10)
        for kind, every in shapes.items()
        for shape in every
    ]
    settings = {
        **SMALL,
        "days_before": 7,
        "creators": 60,
        "creator_countries": dict.fromkeys(["DE", "FR", "GB", "IT", "ES"], 0.2),
        "markets": dict.fromkeys(["DE", "FR", "GB", "IT", "ES"], 0.2),
        "never_posted": 0,
        "pay": {"gift": 1.0},
        "ads_in_own_language": True,
        "planted": planted,
    }
    return make_world(Settings(**settings))


def test_mistakes_stand_in_the_captions_of_the_told_posts() -> None:
    """The told words are in the told post; every shape and every language comes up."""
    mistakes = truth_asked.caption_mistakes(mistaken())
    captions = mistaken().posts.set_index("post_id")["caption"]
    for row in mistakes.itertuples():
        assert row.words in captions[row.post_id]
        assert "[" not in captions[row.post_id]
    assert set(mistakes["shape"]) == {*LABEL_SHAPES, *CLAIM_SHAPES}
    for kind in ["label", "claim"]:
        assert sorted(mistakes.loc[mistakes["kind"] == kind, "language"].unique()) == FIVE
    planted = truth.planted(mistaken())
    assert planted.groupby("kind").size().to_dict() == mistakes.groupby("kind").size().to_dict()
    assert planted.loc[planted["innocent"], "shape"].unique().tolist() == ["innocent"]


def test_label_mistakes_are_where_their_shape_says() -> None:
    """A told label is gone, late, drowned or another word; every other campaign post begins with a right one."""
    posts = mistaken().posts[mistaken().posts["campaign"]]
    begins = posts["caption"].str.lower().str.contains(RIGHT_LABELS)
    fine = posts["label_mistake"] == ""
    assert begins[fine].all()
    assert not begins[~fine & (posts["label_mistake"] != "other_language")].any()
    places = {
        "at_end": r"\n\n.*#\S+ {words}$",
        "after_more": r"(\n.*){{4,}}{words}\n",
        "among_hashtags": r"^#\S+ {words} #\S+",
        "ambiguous": r"^{words} ",
        "other_language": r"^{words} ",
    }
    for row in posts[posts["label_mistake"].isin(places)].itertuples():
        pattern = places[row.label_mistake].format(words=re.escape(row.label_words))
        assert re.search(pattern, row.caption), (row.label_mistake, row.caption)


@pytest.mark.parametrize("plant", [{"kind": "label", "shape": "at end"}, {"kind": "claim"}])
def test_a_shape_nobody_knows_is_refused(plant: dict[str, Any]) -> None:
    """A misspelt shape would be told as a mistake and not be one."""
    with pytest.raises(ValueError, match="one of the shapes"):
        Plant(**plant)


# --- mistyped tags and codes


@cache
def mistyping() -> World:
    mistyped = {"link_tags": 0.4, "caption_codes": 0.3, "order_codes": 0.2}
    settings = {**SMALL, "creators": 30, "orders_per_creator": 12, "pay": {"fee": 1.0}}
    return make_world(Settings(**settings, mistyped=mistyped))


@pytest.fixture(scope="module")
def mistyped_client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mistyped") / "client"
    write_client(folder, mistyping())
    return folder


def test_as_many_are_mistyped_as_asked_for() -> None:
    """The told numbers are the shares; every kind comes up, and no wrong value is the right one."""
    mistypes, world = truth_asked.mistyped(mistyping()), mistyping()
    posts = int(world.posts["campaign"].sum())
    coded = int(
        (world.shop.orders["code"].isin(world.people["code"]) & (world.shop.orders["discount"] > 0)).sum()
    )
    counts = mistypes["where"].value_counts().to_dict()
    assert counts == {"link": round(0.4 * posts), "caption": round(0.3 * posts), "order": round(0.2 * coded)}
    kinds = {"link": LINK_KINDS, "caption": CAPTION_KINDS, "order": ORDER_KINDS}
    assert {where: set(rows) for where, rows in mistypes.groupby("where")["kind"]} == {
        where: set(every) for where, every in kinds.items()
    }
    assert (mistypes["right"] != mistypes["wrong"]).all()


def test_mistyped_codes_are_in_the_written_files(mistyped_client: Path) -> None:
    """Order file and captions hold the wrong value where it is told, and the right one everywhere else."""
    mistypes = truth_asked.mistyped(mistyping())
    orders = pd.read_csv(
        mistyped_client / "exports" / "orders_export_1.csv", dtype=str, keep_default_na=False
    )
    shown = orders[orders["Discount Code"] != ""].set_index("Name")["Discount Code"]
    right = mistyping().shop.orders.set_index("order_id")["code"]
    wrong = mistypes[mistypes["where"] == "order"].set_index("row")["wrong"]
    assert shown[shown != right[shown.index]].to_dict() == wrong.to_dict()
    captions = mistyping().posts[mistyping().posts["campaign"]].set_index("post_id")
    by_caption = mistypes[mistypes["where"] == "caption"].set_index("row")
    for post, caption in captions["caption"].items():
        assert captions.at[post, "written_code"] in caption
        assert (mistyping().people.at[captions.at[post, "account"], "code"] not in caption) == (
            post in by_caption.index
        )


def test_mistyped_tags_are_in_the_written_files(mistyped_client: Path) -> None:
    """Analytics and orders' notes hold the tags as the link has them; rows are told apart as tags allow."""
    world, mistypes = mistyping(), truth_asked.mistyped(mistyping()).query("where == 'link'")
    path = mistyped_client / "exports" / world.settings.files["ga4"]
    visits = pd.read_csv(path, comment="#", dtype=str).iloc[1:]
    tagged = visits[visits["Session source / medium"].str.endswith("/ social")]
    keys = ["Date", "Session source / medium", "Session campaign", "Session manual ad content"]
    assert not tagged.duplicated(keys).any()
    assert (tagged["Sessions"].astype(int).sum()) == world.sessions.loc[
        world.sessions["post"] >= 0, "sessions"
    ].sum()
    seen = set(tagged["Session campaign"]) | set(tagged["Session manual ad content"])
    posts = world.posts.set_index("post_id")
    visited = posts.loc[posts.index[world.posts.index.isin(world.sessions["post"])]].index
    wrong = mistypes[mistypes["row"].isin(visited) & (mistypes["kind"] != "content_missing")]
    assert set(wrong["wrong"]) <= seen
    missing = mistypes.loc[mistypes["kind"] == "content_missing", "right"]
    assert not set(missing) & seen


def test_a_client_with_mistypes_opens_and_passes_the_check(mistyped_client: Path) -> None:
    """Everything is read; `check` ends well; what is mistyped costs traces."""
    assert CliRunner().invoke(app, ["check", str(mistyped_client)]).exit_code == 0
    assert len(open_book(mistyped_client).tables.orders) == len(mistyping().shop.orders)


# --- drawn pictures

NICHES = ["womenswear", "modest", "skincare", "outdoor"]


def pieces(niche: str) -> list[str]:
    """Everything a caption can be about: by language, and the shop's styles by name."""
    by_language = people_module.phrases("texts")["pieces"][niche].values()
    return [*chain.from_iterable(by_language), *articles(Settings(niche=niche))]


@pytest.mark.parametrize("niche", NICHES)
def test_pictures_are_small_valid_and_stand_alone(niche: str) -> None:
    """Every piece in many draws: well-formed, under two kilobytes, nothing but shapes, only its own references."""
    allowed = {"svg", "title", "path", "g", "ellipse", "circle", "pattern"}
    settings = Settings(niche=niche)
    for number, piece in enumerate(pieces(niche) * 4):
        text = draw(f"p{number}", piece, settings)
        assert len(text.encode()) < 2_000
        tree = ElementTree.fromstring(text)  # noqa: S314 - our own text
        assert {one.tag.rsplit("}", 1)[1] for one in tree.iter()} <= allowed
        values = [value for one in tree.iter() for value in one.attrib.values()]
        assert {value for value in values if ":" in value or "url(" in value} <= {f"url(#fp{number})"}


def test_a_picture_shows_what_its_caption_is_about() -> None:
    """Each piece has a drawing of its own kind, and a colour that fits its words."""
    assert [thing(piece, "womenswear") for piece in ["Leinenkleid", "le trench", "pantaloni larghi"]] == [
        "dress",
        "coat",
        "trousers",
    ]
    assert [thing(piece, "skincare") for piece in ["la crème solaire", "ceramide cream"]] == ["tube", "jar"]
    words = people_module.phrases("pictures")["words"]
    for niche in NICHES:
        for piece in pieces(niche):
            assert any(part in piece.lower() for part in words[thing(piece, niche)]), piece
    linen = {draw(f"p{number}", "linen dress", Settings()).split(",")[1].split()[-1] for number in range(40)}
    assert linen == {"flax", "oat", "cream", "sage"}


def test_everything_at_once_makes_a_client_that_opens(tmp_path: Path) -> None:
    """All settings on: same seed, same bytes; pictures of campaign posts beside the exports; `check` ends well."""
    settings: dict[str, Any] = {
        "creators": 6,
        "days_before": 21,
        "days_after": 14,
        "orders_per_day": 5,
        "fit_effect": 0.4,
        "held_back": {"styles": STYLES, "regions": ["HH"], "slipped": 1},
        "mistyped": {"link_tags": 0.4, "caption_codes": 0.4, "order_codes": 0.3},
        "ads_in_own_language": True,
        "pictures": "campaign",
        "planted": [Plant(kind="claim", shape="green"), Plant(kind="label", shape="after_more")],
    }
    for name in "ab":
        write_client(tmp_path / name, make_world(Settings(**settings)))
    files = [
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.*")}
        for name in "ab"
    ]
    assert files[0] == files[1]
    tables = {"fit.csv", "held_back.csv", "mistakes.csv", "mistyped.csv"}
    assert tables <= {path.name for path in files[0] if path.parts[0] == "truth"}
    campaign = make_world(Settings(**settings)).posts.query("campaign")
    media = {path.name: content for path, content in files[0].items() if path.parts[0] == "media"}
    assert sorted(media) == sorted(f"{post_id}.svg" for post_id in campaign["post_id"])
    for post_id, piece in zip(campaign["post_id"], campaign["piece"], strict=True):
        assert f"<title>{thing(piece, 'womenswear')}, ".encode() in media[f"{post_id}.svg"]
    assert open_book(tmp_path / "a").lift is not None
    result = CliRunner().invoke(app, ["check", str(tmp_path / "a")])
    assert result.exit_code == 0
    assert ".svg" not in result.output
