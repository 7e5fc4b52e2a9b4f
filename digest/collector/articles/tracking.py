"""Parameters of addresses that name the way a reader came, and never what is shown.

A parameter is one of these only if it is known to be: others may tell two articles apart. The
names are those that browsers and ClearURLs (docs.clearurls.xyz) take off, and those that feeds of
large newsrooms were seen with.
"""

from __future__ import annotations

import re

# A whole family each: its makers use no other name that begins so.
_FAMILIES = ("utm_", "mtm_", "piwik_", "hsa_", "vero_", "oly_", "wt.", "ns_", "at_link", "stm_")
_NAMES = frozenset(
    {
        "fbclid", "fb_action_ids", "fb_action_types", "fb_source", "fb_ref", "gclid", "gclsrc",
        "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ysclid", "_openstat", "twclid",
        "ttclid", "tt_medium", "tt_content", "igshid", "igsh", "li_fat_id", "rb_clickid",
        "epik", "rdt_cid", "sccid", "irclickid", "cx_click", "cx_recsorder",
        "__twitter_impression", "ref_src", "ref_url", "srsltid", "_branch_match_id",
        "_branch_referrer", "wickedid", "mc_cid", "mc_eid", "mkt_tok", "ml_subscriber",
        "ml_subscriber_hash", "_hsenc", "_hsmi", "__hssc", "__hstc", "__hsfp", "hsctatracking",
        "_ke", "ck_subscriber_id", "elqtrackid", "elqtrack", "s_cid", "s_kwcid", "sc_cid",
        "dm_i", "trk_contact", "trk_msg", "trk_module", "trk_sid", "_bta_tid", "_bta_c",
        "bsft_clkid", "bsft_uid", "vgo_ee", "_ga", "_gl", "gs_l", "pk_campaign", "pk_kwd",
        "pk_keyword", "pk_source", "pk_medium", "pk_content", "pk_cid", "matomo_campaign",
        "matomo_kwd", "matomo_source", "xtor", "xtref", "xts", "wt_mc", "wt_zmc", "wt_rss",
        "wtrid", "itm_campaign", "itm_medium", "itm_source", "itm_content", "itm_term",
        "int_source", "int_medium", "int_campaign", "cmpid", "cmp_id", "ncid", "ftag", "emc",
        "smid", "smtyp", "ito", "spm", "traffic_source", "tracking_source", "algo_expid",
        "at_medium", "at_campaign", "at_campaign_type", "at_custom1", "at_custom2",
        "at_custom3", "at_custom4", "at_bbc_team", "at_ptr_name", "at_format", "at_platform",
        "at_variant", "at_creation", "at_emission", "at_recipient_id", "at_recipient_list",
        "at_send_date", "at_type", "rssfeed", "ocid", "mibextid", "si_source", "wprov", "sfnsn",
        # Not the way a reader came, but the visit of the program that wrote the feed.
        "phpsessid", "jsessionid", "cfid", "cftoken", "oscsid", "zenid", "sessionid", "session_id",
    }
)  # fmt: skip
# Ordinary words, which are a tracker's only with these values.
_WITH_VALUE = re.compile(
    r"(?:ref|source|src|from|via|partner|feed|cmp|mod|campaign|channel|medium|origin|rss)="
    r"(?:rss|rss\d|rss[-_ ]?feed|feed|feeds|atom|feedburner|newsletter|twitter|facebook|"
    r"rssnyt|rss_(?:home|news|all)|share|social|reader|"
    r"google(?:news)?|yanews|yandex|dzen|smi2|telegram|vk|whatsapp|line|kakao(?:talk)?|naver|weibo|"
    r"wechat|instagram|youtube|flipboard|smartnews)"
    r"|(?:amp=(?:1|true|)|outputtype=amp|output=amp)"
    r"|rss=(?:1|yes|true|)",
    re.IGNORECASE | re.DOTALL,
)
# What follows "#" and names no place on the page.
_NO_PLACE = re.compile(
    r"(?:comments?|respond|top|xtor=.*|(?:utm_|at_|mtm_|pk_|ref=|rss|link_time=|cid=|tid="
    r"|Echobox=|ftag=|intcid=|xts=|xtref=|:~:text=|mk-rss).*|more-\d+|[!/]?|\?.*|.*\bref=rss.*)",
    re.IGNORECASE | re.DOTALL,
)


def tracks(name: str, value: str) -> bool:
    """Tell whether a parameter is known to follow readers and to name nothing."""
    lower = name.lower()
    return (
        lower in _NAMES
        or lower.startswith(_FAMILIES)
        or bool(_WITH_VALUE.fullmatch(f"{lower}={value}"))
    )


def is_place(fragment: str) -> bool:
    """Tell whether a fragment may name one of several entries of its page."""
    return not _NO_PLACE.fullmatch(fragment)
