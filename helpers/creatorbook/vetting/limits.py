"""The thresholds of the signals, as `packs/signals.yml` holds them."""

from __future__ import annotations

from creatorbook.packs import pack


def limits(signal: str) -> dict[str, float]:
    """The thresholds of one signal, by name."""
    thresholds = pack("signals")["signals"][signal]["thresholds"]
    return {name: row["value"] for name, row in thresholds.items()}
