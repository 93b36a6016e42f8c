"""How records become rows, by the name a layout gives."""

from __future__ import annotations

from collections.abc import Callable

from creatorbook.exports import audiences, matrixify, platforms, profiles, shopify
from creatorbook.exports.plain import read_creators, read_plain
from creatorbook.exports.reader import Rows, Sheet

READINGS: dict[str, Callable[[Sheet], Rows]] = {
    "plain": read_plain,
    "creators": read_creators,
    "profiles": profiles.read_profiles,
    "comments": profiles.read_comments,
    "posts": platforms.read_posts,
    "audience": audiences.read_audience,
    "audience_form": audiences.read_audience_form,
    "shares": audiences.read_shares,
    "orders": platforms.read_orders,
    "order_lines": platforms.read_order_lines,
    "shopify_orders": shopify.read_shopify_orders,
    "repeated_orders": shopify.read_repeated_orders,
    "etsy_orders": platforms.read_etsy_orders,
    "matrixify_orders": matrixify.read_matrixify_orders,
    "shopify_discounts": shopify.read_discounts,
    "shopify_products": shopify.read_products,
    "tiktok_content": platforms.read_tiktok_content,
    "youtube_content": platforms.read_youtube_content,
    "ga4_traffic": platforms.read_ga4_traffic,
    "network_orders": platforms.read_network_orders,
    "tiktok_shop_orders": platforms.read_tiktok_shop_orders,
    "meta_daily": platforms.read_meta_daily,
    "meta_ads": platforms.read_meta_ads,
}
