"""Links: what they carry, where GA4 counts them, and what the linter says of others' links."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbook import links
from creatorbook.links import Tags, build, channel, channel_of, lint, lint_all, slug, slugs
from creatorbook.packs import pack
from creatorbook.problems import Problem

SHOP = "https://shop.example/p"

#: source, medium, campaign → channel, by GA4's published rules (help page 9756891, read 2026-11-21).
PUBLISHED = [
    ("(direct)", "(none)", "", "Direct"),
    ("(direct)", "(not set)", "", "Direct"),
    ("google", "cpc", "x cross-network y", "Cross-network"),
    ("amazon", "cpc", "", "Paid Shopping"),
    ("etsy", "paid", "", "Paid Shopping"),
    ("google", "cpc", "spring-shop", "Paid Shopping"),
    ("instagram", "paid-social", "shopping-week", "Paid Shopping"),
    ("google", "cpc", "", "Paid Search"),
    ("bing", "ppc", "brand", "Paid Search"),
    ("duckduckgo", "paidsearch", "", "Paid Search"),
    ("yahoo", "retargeting", "", "Paid Search"),
    ("instagram", "paid-social", "", "Paid Social"),
    ("instagram", "cpc", "", "Paid Social"),
    ("facebook", "ppc", "", "Paid Social"),
    ("tiktok", "cpm", "", "Paid Social"),
    ("tiktok", "paid", "", "Paid Social"),
    ("pinterest", "retargeting", "", "Paid Social"),
    ("snapchat", "paid_social", "", "Paid Social"),
    ("facebook", "xcpx", "", "Paid Social"),
    ("youtube", "cpc", "", "Paid Video"),
    ("youtube", "paid-video", "", "Paid Video"),
    ("vimeo", "ppc", "", "Paid Video"),
    ("twitch", "paid", "", "Paid Video"),
    ("blog", "display", "", "Display"),
    ("blog", "banner", "", "Display"),
    ("blog", "expandable", "", "Display"),
    ("blog", "interstitial", "", "Display"),
    ("blog", "cpm", "", "Display"),
    ("newsletter", "cpc", "", "Paid Other"),
    ("anna", "paid-social", "", "Paid Other"),
    ("anna", "retargeting", "", "Paid Other"),
    ("amazon", "referral", "", "Organic Shopping"),
    ("shop.app", "social", "", "Organic Shopping"),
    ("instagram", "social", "popup-shop", "Organic Shopping"),
    ("instagram", "social", "shopping", "Organic Shopping"),
    ("instagram", "social", "eshop-2026", "Organic Shopping"),
    ("instagram", "social", "workshop", "Organic Social"),
    ("instagram", "social", "bishop", "Organic Social"),
    ("instagram", "social", "velmora-spring-202603", "Organic Social"),
    ("instagram", "influencer", "", "Organic Social"),
    ("instagram", "", "", "Organic Social"),
    ("l.instagram.com", "referral", "", "Organic Social"),
    ("tiktok", "social", "", "Organic Social"),
    ("tiktok.com", "referral", "", "Organic Social"),
    ("pinterest", "social", "", "Organic Social"),
    ("pinterest.de", "referral", "", "Organic Social"),
    ("facebook", "link", "", "Organic Social"),
    ("anna", "social", "", "Organic Social"),
    ("anna", "social-network", "", "Organic Social"),
    ("anna", "social-media", "", "Organic Social"),
    ("anna", "sm", "", "Organic Social"),
    ("anna", "social network", "", "Organic Social"),
    ("anna", "social media", "", "Organic Social"),
    ("youtube", "social", "", "Organic Social"),
    ("youtube", "influencer", "", "Organic Video"),
    ("youtube.com", "referral", "", "Organic Video"),
    ("m.youtube.com", "referral", "", "Organic Video"),
    ("anna", "video", "", "Organic Video"),
    ("anna", "short-video", "", "Organic Video"),
    ("google", "organic", "", "Organic Search"),
    ("qwant", "organic", "", "Organic Search"),
    ("anna", "organic", "", "Organic Search"),
    ("bing", "", "", "Organic Search"),
    ("newsletter", "email", "", "Email"),
    ("newsletter", "e-mail", "", "Email"),
    ("newsletter", "e_mail", "", "Email"),
    ("newsletter", "e mail", "", "Email"),
    ("email", "x", "", "Email"),
    ("anna", "affiliate", "", "Affiliates"),
    ("anna", "affiliates", "", "Unassigned"),
    ("blog.example", "referral", "", "Referral"),
    ("blog.example", "app", "", "Referral"),
    ("blog.example", "link", "", "Referral"),
    ("podcast", "audio", "", "Audio"),
    ("sms", "x", "", "SMS"),
    ("anna", "sms", "", "SMS"),
    ("anna", "web-push", "", "Mobile Push Notifications"),
    ("anna", "mobile", "", "Mobile Push Notifications"),
    ("anna", "notification", "", "Mobile Push Notifications"),
    ("firebase", "x", "", "Mobile Push Notifications"),
    ("anna", "influencer", "", "Unassigned"),
    ("anna", "creator", "", "Unassigned"),
    ("anna", "story", "", "Unassigned"),
    ("", "", "", "Unassigned"),
    ("Instagram", "Social", "Spring", "Organic Social"),
    ("TIKTOK", "CPC", "", "Paid Social"),
]

#: link, referring host → channel: untagged, half tagged, tagged twice.
VISITS = [
    (SHOP, "", "Direct"),
    (SHOP + "?size=m", "", "Direct"),
    (SHOP, "l.instagram.com", "Organic Social"),
    (SHOP, "www.tiktok.com", "Organic Social"),
    (SHOP, "m.youtube.com", "Organic Video"),
    (SHOP, "linkinbio.example", "Referral"),
    (SHOP + "?utm_source=instagram", "", "Organic Social"),
    (SHOP + "?utm_medium=social", "", "Organic Social"),
    (SHOP + "?utm_campaign=spring", "", "Unassigned"),
    (SHOP + "?utm_source=instagram&utm_medium=social&utm_campaign=a", "l.instagram.com", "Organic Social"),
    (SHOP + "?utm_source=youtube&utm_medium=social&utm_campaign=a", "", "Organic Social"),
    (SHOP + "?utm_source=anna&utm_medium=influencer&utm_campaign=a", "l.instagram.com", "Unassigned"),
    (SHOP + "?utm_source=instagram&utm_source=anna&utm_medium=influencer", "", "Organic Social"),
    (SHOP + "?UTM_SOURCE=instagram", "", "Direct"),
    (SHOP + "?utm_source=&utm_medium=", "", "Direct"),
    (SHOP + "#utm_source=instagram", "", "Direct"),
]


@pytest.mark.parametrize(("source", "medium", "campaign", "expected"), PUBLISHED)
def test_channel_is_ga4s(source: str, medium: str, campaign: str, expected: str) -> None:
    """Each source, medium and campaign lands in the channel that GA4's published rules name."""
    assert channel(source, medium, campaign) == expected


@pytest.mark.parametrize(("url", "referrer", "expected"), VISITS)
def test_channel_of_a_visit(url: str, referrer: str, expected: str) -> None:
    """Tags decide; without tags the referring host does, and without either the visit is direct."""
    assert channel_of(url, referrer) == expected


def test_every_channel_rule_is_tried() -> None:
    """The table above meets every rule of the pack."""
    assert {rule["channel"] for rule in pack("channels")["rules"]} <= {case[3] for case in PUBLISHED}


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
    url = build(page + (f"#{fragment}" if fragment else ""), tags)
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
    assert not [remark for remark in lint(build(f"https://{host}/new", tags)) if remark.blocks]


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
    url = build("https://shop.example/p?variant=3&utm_source=old#size", Tags("instagram", "social", "spring"))
    assert (
        url
        == "https://shop.example/p?variant=3&utm_source=instagram&utm_medium=social&utm_campaign=spring#size"
    )


def test_other_scripts_make_valid_hosts_and_paths() -> None:
    """A host or path beyond ASCII is written the way browsers send it."""
    url = build("https://schönkleid.example/frühling", Tags("instagram", "social", "a"))
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
        build(page, Tags("instagram", "social", "spring"))
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
    ],
)
def test_the_linter_names(url: str, rule: str) -> None:
    """Each thing wrong with a link has its remark, with what to do."""
    found = {remark.rule: remark for remark in lint(url)}
    assert rule in found
    assert found[rule].todo


def test_a_good_link_has_no_remark() -> None:
    """Nothing is said about a link that is as it should be."""
    assert lint(_tagged(utm_content="anna_story_1")) == ()


def test_two_links_with_the_same_tags_are_told_apart() -> None:
    """Collisions show side by side only."""
    remarks = lint_all({"anna": _tagged(utm_content="a_1"), "ben": _tagged(utm_content="a_1")})
    assert [(name, remark.rule) for name, remark in remarks] == [("ben", "collision")]
