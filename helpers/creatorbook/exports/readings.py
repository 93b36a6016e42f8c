"""How records become rows, by the name a layout gives."""

from __future__ import annotations

from collections.abc import Callable

from creatorbook.exports import platforms, shopify
from creatorbook.exports.plain import read_creators, read_plain
from creatorbook.exports.reader import Rows, Sheet

READINGS: dict[str, Callable[[Sheet], Rows]] = {
    "plain": read_plain,
    "creators": read_creators,
    "posts": platforms.read_posts,
    "orders": platforms.read_orders,
    "shopify_orders": shopify.read_orders,
    "shopify_discounts": shopify.read_discounts,
    "shopify_products": shopify.read_products,
    "tiktok_content": platforms.read_tiktok_content,
    "youtube_content": platforms.read_youtube_content,
    "ga4_traffic": platforms.read_ga4_traffic,
    "meta_daily": platforms.read_meta_daily,
    "meta_ads": platforms.read_meta_ads,
}
