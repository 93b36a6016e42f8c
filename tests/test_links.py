"""Links: what they carry, where GA4 counts them, and what the linter says of others' links."""

import csv
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbook.campaign import links
from creatorbook.campaign.links import Tags, channel_of, check_link, check_links, slug, slugs, tagged_link
from creatorbook.packs import pack
from creatorbook.problems import Problem
from creatorbook.text.account_links import read_link
from creatorbook.text.addresses import address_from, address_parts

SHOP = "https://shop.example/p"

#: rule, link, referring host, channel: GA4's published rules (help page 9756891, read 2026-11-21).
CASES = list(csv.DictReader((Path(__file__).parent / "ga4_channels.csv").read_text().splitlines()))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['rule']} {case['url'][24:]}")
def test_channel_is_ga4s(case: dict[str, str]) -> None:
    """Each link lands in the channel that GA4's published rules name; without tags the referring host decides."""
    assert channel_of(case["url"], case["referrer"]) == case["channel"]


def test_the_table_of_channels_is_whole() -> None:
    """At least 200 different links, every rule of the pack among them, tagged and untagged."""
    assert len({(case["url"], case["referrer"]) for case in CASES}) >= 200
    channels = {rule["channel"] for rule in pack("channels")["rules"]} | {pack("channels")["otherwise"]}
    assert channels == {case["channel"] for case in CASES}
    assert {bool(links.tags_of(case["url"])) for case in CASES} == {True, False}


def test_known_sites_are_texts_and_stand_in_one_list() -> None:
    """No site was read as anything but text, and none is in two lists."""
    sites = [site for listed in pack("channels")["sites"].values() for site in listed]
    assert all(isinstance(site, str) and site == site.lower() for site in sites)
    assert len(sites) == len(set(sites))


TEXTS = st.text(max_size=140)
HOSTS = st.from_regex(r"[a-z][a-z0-9]{0,10}(-[a-z0-9]{1,6})?\.(example|test)", fullmatch=True)
PATHS = st.text(
    st.characters(exclude_characters=' ?#<>"\\\t\n\r', exclude_categories=["C", "Z"]), max_size=20
)
QUERIES = st.lists(
    st.tuples(
        st.from_regex(r"[a-z]{1,6}", fullmatch=True), st.from_regex(r"[a-zA-Z0-9%20+]{0,6}", fullmatch=True)
    ),
    max_size=3,
)


@given(
    handle=TEXTS, campaign=TEXTS, host=HOSTS, path=PATHS, query=QUERIES, fragment=st.sampled_from(["", "top"])
)
def test_any_link_parses_back(
    handle: str, campaign: str, host: str, path: str, query: list[tuple[str, str]], fragment: str
) -> None:
    """Any handle, page and campaign make a link that a standard library parses back to exactly its parameters."""
    own = [(name, value) for name, value in query if "%" not in value]
    page = f"https://{host}/{path}" + ("?" + "&".join(f"{n}={v}" for n, v in own) if own else "")
    tags = Tags("instagram", "social", slug(campaign), f"{slug(handle, 60)}_story_1", "spring")
    url = tagged_link(page + (f"#{fragment}" if fragment else ""), tags)
    parts = urlsplit(url)
    assert url.isascii()
    assert parts.hostname == host
    assert parts.fragment == fragment
    expected = parse_qsl("&".join(f"{n}={v}" for n, v in own), keep_blank_values=True)
    assert parse_qsl(parts.query, keep_blank_values=True) == [*expected, *tags.parameters().items()]


@given(handle=TEXTS, campaign=TEXTS, host=HOSTS)
def test_the_linter_accepts_what_the_builder_makes(handle: str, campaign: str, host: str) -> None:
    """No link of our own making is refused by our own linter."""
    tags = Tags("tiktok", "social", slug(campaign), f"{slug(handle, 60)}_short_1", "spring")
    assert not [remark for remark in check_link(tagged_link(f"https://{host}/new", tags)) if remark.blocks]


@given(st.text(max_size=300))
def test_slugs_are_plain(text: str) -> None:
    """A slug is never empty, at most 100 characters of a–z, 0–9, _ and -, and stays what it is."""
    made = slug(text)
    assert made
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-")
    assert len(made) <= links.LONGEST
    assert slug(made) == made


@given(st.sets(st.text(min_size=1, max_size=80), max_size=30))
def test_slugs_of_different_handles_differ(handles: set[str]) -> None:
    """No two handles of a campaign share a slug."""
    made = slugs(handles)
    assert len(set(made.values())) == len(handles)


def test_existing_query_and_fragment_are_kept() -> None:
    """What a landing page carries stays; old tags are replaced."""
    url = tagged_link(
        "https://shop.example/p?variant=3&utm_source=old#size", Tags("instagram", "social", "spring")
    )
    assert (
        url
        == "https://shop.example/p?variant=3&utm_source=instagram&utm_medium=social&utm_campaign=spring#size"
    )


def test_other_scripts_make_valid_hosts_and_paths() -> None:
    """A host or path beyond ASCII is written the way browsers send it."""
    url = tagged_link("https://schönkleid.example/frühling", Tags("instagram", "social", "a"))
    assert url.startswith("https://xn--schnkleid-27a.example/fr%C3%BChling?")


@pytest.mark.parametrize(
    ("page", "what"),
    [
        ("shop.example/p", "begins with https"),
        ("ftp://shop.example", "begins with https"),
        ("javascript:alert(1)", "begins with https"),
        ("https://", "begins with https"),
        ("https://anna:secret@shop.example", "user name or password"),
        ("https://shop.example@evil.example", "user name or password"),
        ("https://shop example/p", "a space or a sign"),
        ("https://shop.example/a b", "a space or a sign"),
        ("https://[::1", "not a web address"),
        ("https://shop.example:99999/", "not a web address"),
        ("https://-shop.example/", "a space or a sign"),
        ("", "begins with https"),
    ],
)
def test_pages_that_are_no_pages_are_refused(page: str, what: str) -> None:
    """A landing page that is no web address, or that carries credentials, is refused with what to do."""
    with pytest.raises(Problem, match=what) as problem:
        tagged_link(page, Tags("instagram", "social", "spring"))
    assert problem.value.todo


def _tagged(**changed: str) -> str:
    told = {"utm_source": "instagram", "utm_medium": "social", "utm_campaign": "spring", **changed}
    return SHOP + "?" + "&".join(f"{name}={value}" for name, value in told.items())


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        (SHOP, "untagged"),
        (_tagged(utm_source="Instagram"), "case"),
        (_tagged(utm_campaign="spring+sale"), "space"),
        (_tagged(utm_campaign="spring%20sale"), "space"),
        (_tagged(utm_content="zo%C3%AB"), "letters"),
        (_tagged(utm_content="a%26b"), "reserved"),
        (_tagged(utm_content="x" * 101), "length"),
        (_tagged(utm_content="anna%40mail.example"), "personal"),
        (_tagged(utm_medium=""), "incomplete"),
        (_tagged() + "&utm_source=tiktok", "tagged twice"),
        (_tagged() + "&UTM_ID=3", "case"),
        (_tagged(utm_source="anna", utm_medium="influencer"), "channel"),
        (_tagged(utm_campaign="popup-shop"), "channel"),
        ("https://anna:pw@shop.example?utm_source=a", "address"),
        ("https://[bio", "address"),
    ],
)
def test_the_linter_names(url: str, rule: str) -> None:
    """Each thing wrong with a link has its remark, with what to do."""
    found = {remark.rule: remark for remark in check_link(url)}
    assert rule in found
    assert found[rule].todo


def test_a_link_nobody_can_open_is_looked_at_like_any_other() -> None:
    """An open bracket stops no check: its tags are read, its channel is told, and the list of links is gone through."""
    broken = "https://[bio?utm_source=tiktok&utm_medium=social"
    assert links.tags_of(broken) == {"utm_source": "tiktok", "utm_medium": "social"}
    assert channel_of(broken) == "Organic Social"
    assert [remark.rule for _, remark in check_links({"anna": broken})] == ["address"]


def test_tags_behind_a_fragment_are_none() -> None:
    """Analytics reads what stands before “#” only."""
    assert links.tags_of(SHOP + "#top?utm_source=tiktok") == {}


def test_a_good_link_has_no_remark() -> None:
    """Nothing is said about a link that is as it should be."""
    assert check_link(_tagged(utm_content="anna_story_1")) == ()


def test_two_links_with_the_same_tags_are_told_apart() -> None:
    """Collisions show side by side only."""
    remarks = check_links({"anna": _tagged(utm_content="a_1"), "ben": _tagged(utm_content="a_1")})
    assert [(name, remark.rule) for name, remark in remarks] == [("ben", "collision")]


#: addresses that the standard library does not take apart
BROKEN = (
    "https://[your-shop]/x",
    "https://shop.example [new]",
    "https://shop.example:port/x",
    "https://a[b.example",
)


@pytest.mark.parametrize("address", BROKEN)
def test_an_address_that_cannot_be_taken_apart_has_no_parts(address: str) -> None:
    """Placeholders in brackets and ports of letters: no parts, a page that names nobody, and a remark that blocks."""
    assert address_parts(address) is None
    link = read_link(address)
    assert link is None or link.account == ""
    assert [remark.rule for remark in check_link(address)] == ["address"]
    assert address_from("https://shop.example/", address) in {address, f"https://shop.example/{address}"}
