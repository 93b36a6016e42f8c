"""Every act of a campaign in JupyterLab, without code: one family of forms, each calling the act that the command line calls."""

from creatorbook.forms.clients import choose_client, start_client
from creatorbook.forms.file_health import client_files, unread_files

__all__ = ["choose_client", "client_files", "start_client", "unread_files"]
