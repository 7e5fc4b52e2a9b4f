"""The table [collector]: manners and limits of collecting."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from digest.config.checks import OptionalHttpUrl
from digest.config.table import Table


class CollectorSettings(Table):
    """Manners and limits of the collector. Sizes in bytes, times in seconds."""

    allow_private_hosts: bool = False
    concurrency: Annotated[int, Field(ge=1, le=256)] = 128
    per_host: Annotated[int, Field(ge=1, le=64)] = 4
    spare_connections: Annotated[int, Field(ge=0, le=256)] = 32
    keep_alive: Annotated[float, Field(ge=0)] = 5.0
    timeout: Annotated[float, Field(gt=0)] = 20.0
    connect_timeout: Annotated[float, Field(gt=0)] = 10.0
    source_timeout: Annotated[float, Field(gt=0)] = 120.0
    page_rest: Annotated[float, Field(ge=0)] = 3_600.0
    max_bytes: Annotated[int, Field(ge=1024)] = 8_000_000
    max_items: Annotated[int, Field(ge=1)] = 500
    max_pages: Annotated[int, Field(ge=1, le=1000)] = 50
    max_parts: Annotated[int, Field(ge=1, le=1000)] = 10
    max_age_days: Annotated[float, Field(gt=0)] = 30.0
    max_redirects: Annotated[int, Field(ge=0, le=20)] = 5
    max_depth: Annotated[int, Field(ge=8)] = 200
    max_elements: Annotated[int, Field(ge=100)] = 2_000
    excerpt_length: Annotated[int, Field(ge=80, le=600)] = 240
    max_title: Annotated[int, Field(ge=20, le=300)] = 300
    max_author: Annotated[int, Field(ge=10, le=1000)] = 120
    max_authors: Annotated[int, Field(ge=1, le=20)] = 3
    max_tag: Annotated[int, Field(ge=5, le=1000)] = 60
    max_tags: Annotated[int, Field(ge=0, le=1000)] = 20
    max_item_characters: Annotated[int, Field(ge=1024)] = 400_000
    max_header_bytes: Annotated[int, Field(ge=4_096)] = 102_400
    max_robots_bytes: Annotated[int, Field(ge=1024)] = 512_000
    max_robots_rules: Annotated[int, Field(ge=1)] = 5_000
    max_page_characters: Annotated[int, Field(ge=1024)] = 2_000_000
    max_page_depth: Annotated[int, Field(ge=8)] = 2_000
    max_links: Annotated[int, Field(ge=1)] = 1_500
    max_linked_data: Annotated[int, Field(ge=1)] = 2_000
    max_explored: Annotated[int, Field(ge=0, le=1000)] = 16
    max_sections: Annotated[int, Field(ge=1, le=1000)] = 30
    max_stylesheets: Annotated[int, Field(ge=0, le=100)] = 3
    explore_timeout: Annotated[float, Field(gt=0)] = 120.0
    max_figures: Annotated[int, Field(ge=1)] = 20_000
    max_list_bytes: Annotated[int, Field(ge=1024)] = 8_000_000
    max_list_feeds: Annotated[int, Field(ge=1)] = 5_000
    max_list_depth: Annotated[int, Field(ge=1, le=200)] = 32
    parse_timeout: Annotated[float, Field(gt=0)] = 15.0
    parser_start_timeout: Annotated[float, Field(gt=0)] = 60.0
    parsers: Annotated[int, Field(ge=0, le=64)] = 0
    proxy: OptionalHttpUrl = ""
    back_off: Annotated[float, Field(ge=0)] = 300.0
    max_back_off: Annotated[float, Field(ge=0)] = 21_600.0
    withdrawal_checks: Annotated[int, Field(ge=0, le=1000)] = 20
    withdrawal_days: Annotated[float, Field(ge=0)] = 7.0
    store_batch: Annotated[int, Field(ge=1, le=1000)] = 64
    store_wait: Annotated[float, Field(ge=0)] = 0.5
    contact: str = ""
