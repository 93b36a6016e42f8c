"""The client folder: what `client.yml`, `campaigns/*.yml`, `decisions.csv` and the links files say.

Everything a client has told us is read here; nothing here reads an export.
"""

from __future__ import annotations

from creatorbook.client.campaign_file import (
    Brief,
    Campaign,
    CampaignFile,
    Draft,
    Gift,
    MixRules,
    ProductClaim,
    read_campaign,
)
from creatorbook.client.client_file import (
    Client,
    ClientFile,
    Colour,
    Economics,
    Fonts,
    Mapping,
    Persona,
    Score,
    agency_files,
    read_client,
)
from creatorbook.client.fields import Claim, Goal, Range, Stage
from creatorbook.client.records import (
    DECISION_COLUMNS,
    LINK_COLUMNS,
    add_links,
    links_path,
    read_decisions,
    read_links,
    record_decision,
    record_decisions,
    write_rows,
)

__all__ = [
    "DECISION_COLUMNS",
    "LINK_COLUMNS",
    "Brief",
    "Campaign",
    "CampaignFile",
    "Claim",
    "Client",
    "ClientFile",
    "Colour",
    "Draft",
    "Economics",
    "Fonts",
    "Gift",
    "Goal",
    "Mapping",
    "MixRules",
    "Persona",
    "ProductClaim",
    "Range",
    "Score",
    "Stage",
    "add_links",
    "agency_files",
    "links_path",
    "read_campaign",
    "read_client",
    "read_decisions",
    "read_links",
    "record_decision",
    "record_decisions",
    "write_rows",
]
