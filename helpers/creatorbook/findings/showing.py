"""Show findings in a notebook; headless, hand them to the report as well."""

from __future__ import annotations

import os
from pathlib import Path

from creatorbook.findings.items import Findings
from creatorbook.findings.stored import write

FOLDER_VARIABLE = "CREATORBOOK_FINDINGS"


def show(*shown: Findings) -> None:
    """Display findings in the notebook; headless, also write them where the runner asked for them."""
    # IPython and its templates: only who shows something waits for them
    from creatorbook.findings.render import display_findings, show_style

    folder = os.environ.get(FOLDER_VARIABLE)
    if not folder:
        show_style()
    for findings in shown:
        display_findings(findings, brief=bool(folder))
        if folder:
            write(findings, Path(folder))
