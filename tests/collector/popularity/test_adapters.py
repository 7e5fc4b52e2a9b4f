"""Every counter of readers against a peer that answers as its vendor documents, over real HTTP."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.collector import Limits
from digest.collector.popularity import ADAPTERS, Counter, Figure, PopularityResult
from digest.collector.popularity.calling import count_all
from digest.collector.popularity.reading import complaint
from digest.errors import SourceError, SourceRefused, SourceUnreachable, SourceUnreadable

Serve = Callable[[Mapping[str, bytes]], str]
Http = Callable[..., bytes]

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOME = "https://news.example"
FIRST, SECOND = "/2026/11/23/ferry/", "/2026/11/22/budget/"
MOST = 20_000
SECRET = "token-of-the-test"
FIGURES = (Figure(HOME + FIRST, 1204.0), Figure(HOME + SECOND, 77.0))
PATHS = (Figure(FIRST, 1204.0), Figure(SECOND, 77.0))


@dataclass(frozen=True)
class Vendor:
    """One counter: where it is asked, what it answers, and what it then gives."""

    path: str
    answer: object
    figures: tuple[Figure, ...]
    site: str = ""
    base: str = ""


# Shapes: the plug-in's PostsEndpoint.php; WordPress.com's top-posts as its clients read it;
# plausible.io/docs/stats-api; developer.matomo.org/api-reference/reporting-api with flat=1;
# Google's runReport. All read in November 2026.
VENDORS = {
    "wpp": Vendor(
        "/wp-json/wordpress-popular-posts/v1/popular-posts",
        [
            {"link": HOME + FIRST, "pageviews": "1204"},
            {"link": HOME + SECOND, "pageviews": "77"},
        ],
        FIGURES,
    ),
    "jetpack": Vendor(
        "/rest/v1.1/sites/news.example/stats/top-posts",
        {
            "date": "2026-11-23",
            "period": "day",
            "summary": {
                "postviews": [
                    {
                        "id": 1,
                        "href": HOME + FIRST,
                        "title": "Ferry",
                        "type": "post",
                        "views": 1204,
                    },
                    {"id": 2, "href": HOME + SECOND, "title": "B", "type": "post", "views": 77},
                    {"id": 0, "href": None, "title": "Home page", "type": "homepage", "views": 9},
                ],
                "total_views": 1290,
            },
        },
        FIGURES,
        site="news.example",
    ),
    "plausible": Vendor(
        "/api/v2/query",
        {
            "results": [
                {"metrics": [1204], "dimensions": [FIRST]},
                {"metrics": [77], "dimensions": [SECOND]},
            ],
            "meta": {},
            "query": {"site_id": "news.example"},
        },
        PATHS,
        site="news.example",
    ),
    "matomo": Vendor(
        "/index.php",
        [
            {"label": FIRST, "nb_visits": 900, "nb_hits": 1204, "url": HOME + FIRST},
            {"label": SECOND, "nb_visits": 70, "nb_hits": 77, "url": HOME + SECOND},
            {"label": "Others", "nb_hits": 5000},
        ],
        FIGURES,
        site="3",
    ),
    "ga4": Vendor(
        "/v1beta/properties/1234:runReport",
        {
            "dimensionHeaders": [{"name": "hostName"}, {"name": "pagePath"}],
            "metricHeaders": [{"name": "screenPageViews", "type": "TYPE_INTEGER"}],
            "rows": [
                {
                    "dimensionValues": [{"value": "news.example"}, {"value": path}],
                    "metricValues": [{"value": count}],
                }
                for path, count in ((FIRST, "1204"), (SECOND, "77"))
            ],
            "rowCount": 2,
            "kind": "analyticsData#runReport",
        },
        FIGURES,
        site="1234",
    ),
    "table": Vendor("/counts.json", {"data": [[HOME + FIRST, 1204], [HOME + SECOND, 77]]}, FIGURES),
}


def key_file(tokens: str) -> tuple[str, rsa.RSAPublicKey]:
    """Make a service account's JSON key as Google's console writes it."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    key = {
        "type": "service_account",
        "client_email": "digest@project.example",
        "private_key_id": "k1",
        "private_key": pem.decode(),
        "token_uri": tokens,
    }
    return json.dumps(key), private.public_key()


def user_file(tokens: str) -> str:
    """Make an authorized user's JSON key, which needs no signature."""
    return json.dumps(
        {
            "type": "authorized_user",
            "client_id": "id",
            "client_secret": "hush",
            "refresh_token": "again",
            "token_uri": tokens,
        }
    )


def counter_of(kind: str, url: str) -> Counter[Any]:
    """Configure a counter of this kind at a peer."""
    address = f"{url}/counts.json" if kind == "table" else url
    secret = user_file(f"{url}/token") if kind == "ga4" else SECRET
    site = {"site": VENDORS[kind].site} if VENDORS[kind].site else {}
    keys = ADAPTERS[kind].keys.model_validate({"url": address, **site})
    return Counter(kind, kind, HOME, keys, limit=50, secret=secret)


def ask(counter: Counter[Any], limits: Limits) -> PopularityResult:
    results: list[PopularityResult] = []
    asyncio.run(count_all([counter], limits, NOW, results.append))
    return results[0]


def heads(seen: list[bytes]) -> str:
    return b"".join(seen).decode()


@pytest.fixture
def peer(serve: Serve, http: Http) -> Callable[..., str]:
    """Serve a vendor's answer, and tokens."""

    def start(kind: str, status: int = 200, body: bytes | None = None) -> str:
        vendor = VENDORS[kind]
        said = json.dumps(vendor.answer).encode() if body is None else body
        token = b'{"access_token": "lent", "expires_in": 3599, "token_type": "Bearer"}'
        return serve(
            {
                vendor.path: http(said, status, Content_Type="application/json"),
                "/token": http(token),
            }
        )

    return start


def test_every_adapter_is_held_to_the_contract() -> None:
    """An adapter without a peer that speaks like its vendor is not finished."""
    assert set(VENDORS) == set(ADAPTERS)


@pytest.mark.parametrize("kind", ADAPTERS)
def test_pages_and_counts_come_out(kind: str, peer: Callable[..., str], limits: Limits) -> None:
    """The vendor's answer becomes pages with their counts, for the window that was asked for."""
    result = ask(counter_of(kind, peer(kind)), limits)
    assert result.error is None
    assert (result.figures, result.window_hours) == (VENDORS[kind].figures, 24.0)


@pytest.mark.parametrize("kind", ADAPTERS)
@pytest.mark.parametrize(
    ("status", "error"), [(401, SourceRefused), (404, SourceRefused), (503, SourceUnreachable)]
)
def test_a_refusal_is_told_without_the_secret(
    kind: str, status: int, error: type[SourceError], peer: Callable[..., str], limits: Limits
) -> None:
    """What the service says becomes an error of its type, and no secret is in it."""
    counter = counter_of(kind, peer(kind, status, b"no"))
    result = ask(counter, limits)
    assert isinstance(result.error, error)
    assert SECRET not in str(result.error)
    assert "hush" not in str(result.error) + repr(counter)
    assert SECRET not in repr(counter)


# How each vendor refuses, as documented and as its clients and sources have it (November 2026).
REFUSALS: list[tuple[str, int, object, str]] = [
    (
        "plausible",
        401,
        {"error": "Invalid API key or site ID. Please make sure you're using a valid API key."},
        "Invalid API key or site ID",
    ),
    (
        "plausible",
        429,
        {"error": "Too many API requests. The limit is 600 per hour."},
        "The limit is 600 per hour",
    ),
    (
        "jetpack",
        400,
        {"error": "invalid_token", "message": "The OAuth2 token is invalid."},
        "The OAuth2 token is invalid",
    ),
    (
        "jetpack",
        403,
        {"error": "unauthorized", "message": "user cannot view stats"},
        "user cannot view stats",
    ),
    (
        "jetpack",
        404,
        {"error": "invalid_blog", "message": "This blog does not have the Stats module enabled"},
        "Stats module",
    ),
    (
        "matomo",
        401,
        {"result": "error", "message": "Unable to authenticate with the provided token."},
        "Unable to authenticate",
    ),
    (
        "ga4",
        403,
        {
            "error": {
                "code": 403,
                "message": "User does not have sufficient permissions for this property.",
                "status": "PERMISSION_DENIED",
            }
        },
        "sufficient permissions",
    ),
    (
        "ga4",
        429,
        {
            "error": {
                "code": 429,
                "message": "Exhausted property tokens for a project per hour.",
                "status": "RESOURCE_EXHAUSTED",
            }
        },
        "Exhausted property tokens",
    ),
    (
        "wpp",
        404,
        {"code": "rest_no_route", "message": "No route was found", "data": {"status": 404}},
        "No route was found",
    ),
    ("table", 403, "<html>Forbidden", ""),
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda one: f"{one[0]} {one[1]}")
def test_the_services_own_words_are_told(
    refusal: tuple[str, int, object, str], peer: Callable[..., str], limits: Limits
) -> None:
    """Why it refuses, as it says it, and whether asking again later can help."""
    kind, status, body, words = refusal
    said = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    error = ask(counter_of(kind, peer(kind, status, said)), limits).error
    assert isinstance(error, SourceUnreachable if status == 429 else SourceRefused)
    assert f"answered {status}" in error.what
    assert words in error.what
    assert error.fix == (
        "The next run tries again"
        if status == 429
        else "Check its address, its site and its secret"
    )


def test_a_key_that_google_does_not_take_is_told(serve: Serve, http: Http, limits: Limits) -> None:
    """No token, no report: the words are those of the token's address."""
    said = {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
    url = serve({"/token": http(json.dumps(said).encode(), 400)})
    error = ask(counter_of("ga4", url), limits).error
    assert isinstance(error, SourceRefused)
    assert "Invalid JWT Signature" in error.what


def test_a_service_that_repeats_the_secret_is_not_repeated(
    peer: Callable[..., str], limits: Limits
) -> None:
    """What it says is shown without it."""
    said = json.dumps({"error": f"{SECRET} is no key"}).encode()
    error = ask(counter_of("plausible", peer("plausible", 401, said)), limits).error
    assert error is not None
    assert "*** is no key" in error.what


def test_a_refusal_of_any_length_is_one(peer: Callable[..., str], limits: Limits) -> None:
    """Its words are bounded, and so is what is read of them."""
    for said in (b'{"error": "' + b"x" * 40_000 + b'"}', b"x" * 900_000):
        error = ask(counter_of("plausible", peer("plausible", 403, said)), limits).error
        assert isinstance(error, SourceRefused)
        assert len(error.what) < 300


# What each vendor answers where nobody read anything in the window.
NOTHING_READ = {
    "wpp": [],
    "jetpack": {"date": "2026-11-23", "days": {}, "summary": {"postviews": [], "total_views": 0}},
    "plausible": {"results": [], "meta": {}, "query": {}},
    "matomo": [],
    "ga4": {"metadata": {"currencyCode": "EUR"}, "kind": "analyticsData#runReport"},
    "table": [],
}


@pytest.mark.parametrize("kind", ADAPTERS)
def test_a_window_without_readers_is_no_error(
    kind: str, peer: Callable[..., str], limits: Limits
) -> None:
    """Nobody read anything: no figures, and nothing is wrong."""
    result = ask(counter_of(kind, peer(kind, 200, json.dumps(NOTHING_READ[kind]).encode())), limits)
    assert (result.figures, result.error) == ((), None)


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("jetpack", ("GET /rest/v1.1/sites/news.example/stats/top-posts?", f"Bearer {SECRET}")),
        ("plausible", ("POST /api/v2/query HTTP", f"Bearer {SECRET}")),
        ("matomo", ("POST /index.php HTTP", "")),
        ("ga4", ("POST /v1beta/properties/1234:runReport HTTP", "Bearer lent")),
        ("wpp", ("GET /wp-json/wordpress-popular-posts/v1/popular-posts?range=", "")),
        ("table", ("GET /counts.json HTTP", f"Bearer {SECRET}")),
    ],
)
def test_the_request_is_the_documented_one(
    kind: str, asked: tuple[str, str], peer: Callable[..., str], limits: Limits, seen: list[bytes]
) -> None:
    """Method, path and where the secret goes."""
    line, header = asked
    ask(counter_of(kind, peer(kind)), limits)
    last = seen[-1].decode()
    assert last.startswith(line)
    authorization = [one for one in last.split("\r\n") if one.lower().startswith("authorization:")]
    assert authorization == ([f"Authorization: {header}"] if header else [])
    if kind == "jetpack":
        # 24 hours before noon touch two days.
        assert "period=day&num=2&date=2026-11-23&max=50&summarize=1 " in last
    if kind == "matomo":
        form = parse_qs(last.partition("\r\n\r\n")[2])
        assert (form["token_auth"], form["flat"], form["filter_limit"]) == ([SECRET], ["1"], ["50"])


@pytest.mark.parametrize("kind", ADAPTERS)
@pytest.mark.parametrize("body", [b"", b"<html>", b"[", b'{"a": ' * 300, b'"x"'])
def test_another_answer_is_an_error(
    kind: str, body: bytes, peer: Callable[..., str], limits: Limits
) -> None:
    """What is no answer of that service gives no figures."""
    result = ask(counter_of(kind, peer(kind, body=body)), limits)
    assert result.figures == ()
    assert isinstance(result.error, SourceError) or (kind == "table" and body == b"")


@pytest.mark.parametrize("kind", ADAPTERS)
def test_a_secret_is_not_carried_along_a_redirect(
    kind: str, serve: Serve, http: Http, limits: Limits, seen: list[bytes]
) -> None:
    """The address that was configured, or none."""
    elsewhere = serve({"/": http(b"[]")})
    token = http(b'{"access_token": "lent"}')
    url = serve({VENDORS[kind].path: http(b"", 302, Location=elsewhere), "/token": token})
    result = ask(counter_of(kind, url), limits)
    assert isinstance(result.error, SourceRefused)
    assert "redirects" in str(result.error)
    assert f"Host: {elsewhere[7:]}".lower() not in heads(seen).lower()


def test_private_addresses_are_refused(peer: Callable[..., str], limits: Limits) -> None:
    """A counter on this machine needs the same leave as a source."""
    result = ask(counter_of("wpp", peer("wpp")), replace(limits, allow_private_hosts=False))
    assert result.error is not None
    assert "private network" in str(result.error)


@pytest.mark.parametrize(
    ("hours", "asked"),
    [
        (24, "range=last24hours&"),
        (168, "range=last7days&"),
        (6, "range=custom&time_unit=hour&time_quantity=6&"),
    ],
)
def test_wpp_is_asked_for_the_window(
    hours: float, asked: str, peer: Callable[..., str], limits: Limits, seen: list[bytes]
) -> None:
    """In the plug-in's own words, and without the articles' texts."""
    ask(replace(counter_of("wpp", peer("wpp")), window_hours=hours), limits)
    assert asked + "limit=50&_fields=link%2Cpageviews" in heads(seen)


def test_jetpack_days_are_added_up(serve: Serve, http: Http, limits: Limits) -> None:
    """An answer by days, as without `summarize`, counts all of them."""
    days = {
        "2026-11-23": {"postviews": [{"href": HOME + FIRST, "views": 3}]},
        "2026-11-22": {"postviews": [{"href": HOME + FIRST, "views": 4}]},
    }
    url = serve({VENDORS["jetpack"].path: http(json.dumps({"days": days}).encode())})
    counts = [figure.count for figure in ask(counter_of("jetpack", url), limits).figures]
    assert counts == [3.0, 4.0]


def test_plausible_is_asked_for_the_exact_window(limits: Limits) -> None:
    """ISO moments, pages by views, the key as a Bearer token."""
    del limits
    question = ADAPTERS["plausible"].ask(counter_of("plausible", "https://p.example"), NOW, "")
    assert question.headers["Authorization"] == f"Bearer {SECRET}"
    query = json.loads(question.body or b"")
    assert query["date_range"] == ["2026-11-22T12:00:00+00:00", "2026-11-23T12:00:00+00:00"]
    assert query["dimensions"] == ["event:page"]


def test_matomo_takes_its_token_in_the_body_and_tells_errors_with_200(
    peer: Callable[..., str], limits: Limits, seen: list[bytes]
) -> None:
    """Matomo 5 refuses tokens in addresses; its errors are JSON."""
    error = b'{"result": "error", "message": "You can\'t access this resource"}'
    result = ask(counter_of("matomo", peer("matomo", body=error)), limits)
    assert isinstance(result.error, SourceRefused)
    assert "can't access" in str(result.error)
    assert SECRET not in heads(seen).partition("\r\n")[0]
    question = ADAPTERS["matomo"].ask(counter_of("matomo", "https://m.example/"), NOW, "")
    assert SECRET not in question.url
    assert parse_qs((question.body or b"").decode())["date"] == ["2026-11-22,2026-11-23"]


def test_ga4_exchanges_a_signed_assertion_for_a_token(
    serve: Serve, http: Http, limits: Limits, seen: list[bytes]
) -> None:
    """RFC 7523: the service account's key signs for the token address; the token asks."""
    vendor = VENDORS["ga4"]
    url = serve(
        {
            vendor.path: http(json.dumps(vendor.answer).encode()),
            "/token": http(b'{"access_token": "lent"}'),
        }
    )
    secret, public = key_file(f"{url}/token")
    counter = replace(counter_of("ga4", url), secret=secret)
    assert ask(counter, limits).figures == FIGURES
    assert "Authorization: Bearer lent" in heads(seen)
    authorise = ADAPTERS["ga4"].authorise
    assert authorise is not None
    form = parse_qs((authorise(counter, NOW).body or b"").decode())
    header, claims, signature = form["assertion"][0].split(".")
    public.verify(
        base64.urlsafe_b64decode(signature + "=="),
        f"{header}.{claims}".encode(),
        padding.PKCS1v15(),
        hashes.SHA256(),
    )
    said = json.loads(base64.urlsafe_b64decode(claims + "=="))
    assert said["aud"] == f"{url}/token"
    assert said["exp"] - said["iat"] == 3600


@pytest.mark.parametrize(
    "secret",
    ["", "AIza-an-api-key", "[]", '{"type": "service_account", "private_key": "x"}', "{" * 9_000],
)
def test_ga4_says_what_its_key_must_be(secret: str, limits: Limits) -> None:
    """Something else than a JSON key is refused before anybody is asked."""
    result = ask(replace(counter_of("ga4", "https://g.example"), secret=secret), limits)
    assert isinstance(result.error, SourceRefused)


@pytest.mark.parametrize(
    "text",
    [
        f"url,count\n{HOME}{FIRST},1204\n{HOME}{SECOND},77\n",
        f'Page path;Titel;Views\n{HOME}{FIRST};"a;b";"1,204"\n{HOME}{SECOND};x;77\n',
        f"# Digest\n{HOME}{FIRST}\t1204\n{HOME}{SECOND}\t77",
        f"\ufeffurl,count\r\n{HOME}{FIRST},1204\r\n{HOME}{SECOND},77",
        json.dumps({HOME + FIRST: 1204, HOME + SECOND: "77"}),
        json.dumps([{"URL": HOME + FIRST, "Views": 1204}, {"url": HOME + SECOND, "views": 77}]),
        json.dumps({"results": [[HOME + FIRST, 1204], [HOME + SECOND, 77], [1, 2], ["x"]]}),
    ],
)
def test_tables_of_many_forms(text: str) -> None:
    """CSV with or without a heading, JSON of objects, pairs or one object."""
    assert ADAPTERS["table"].read(text, MOST) == FIGURES


def test_a_table_of_words_is_refused() -> None:
    """Rows without counts are no table of ours."""
    with pytest.raises(SourceUnreadable, match="no row"):
        ADAPTERS["table"].read("name,colour\nferry,blue\n", MOST)


@pytest.mark.parametrize("kind", ADAPTERS)
@settings(max_examples=60, deadline=None)
@given(noise=st.text(max_size=40), start=st.integers(0, 400), length=st.integers(0, 80))
def test_a_damaged_answer_is_figures_or_a_source_error(
    kind: str, noise: str, start: int, length: int
) -> None:
    """Text written anywhere over a good answer never gives an unknown error, nor a wild count."""
    whole = json.dumps(VENDORS[kind].answer)
    damaged = whole[:start] + noise + whole[start + length :]
    with contextlib.suppress(SourceError):
        for figure in ADAPTERS[kind].read(damaged, MOST):
            assert figure.url
            assert 0 <= figure.count < float("inf")


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["results", "rows", "days", "summary", "postviews", "link", "metricHeaders"]
            )
            | st.sampled_from(["dimensionValues", "metricValues", "value", "url", "count", "data"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@pytest.mark.parametrize("kind", ADAPTERS)
@settings(max_examples=80, deadline=None)
@given(value=json_values)
def test_any_json_is_figures_or_a_source_error(kind: str, value: object) -> None:
    """Of whatever shape, with whatever types in the places that matter."""
    with contextlib.suppress(SourceError):
        ADAPTERS[kind].read(json.dumps(value), MOST)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_as_a_table(text: str) -> None:
    """CSV has no grammar that text could break."""
    with contextlib.suppress(SourceError):
        ADAPTERS["table"].read(text, MOST)


@settings(max_examples=100, deadline=None)
@given(json_values.map(json.dumps) | st.text(max_size=100))
def test_any_refusal_is_a_few_words(text: str) -> None:
    """Plain, in one line, whatever a service answers."""
    said = complaint(text)
    assert len(said) <= 200
    assert "\n" not in said


def test_large_answers_end_quickly() -> None:
    """A million rows cost what the bound allows."""
    started = time.monotonic()
    ADAPTERS["table"].read("url,count\n" + "/a,1\n" * 1_000_000, MOST)
    with contextlib.suppress(SourceError):
        ADAPTERS["plausible"].read("[" * 1_000_000, MOST)
    assert time.monotonic() - started < 20


def test_no_more_figures_are_taken_than_allowed(peer: Callable[..., str], limits: Limits) -> None:
    """max_figures bounds every kind."""
    rows = json.dumps([[f"/page/{number}", number] for number in range(50)]).encode()
    counter = counter_of("table", peer("table", body=rows))
    assert len(ask(counter, limits).figures) == 50
    assert len(ask(counter, replace(limits, max_figures=7)).figures) == 7
