"""creatorbook: plan, vet, track and settle creator campaigns in notebooks, and print client reports."""

from creatorbook import moved

__version__ = "0.1.0"

moved.install()

#: Raised when a key of `summary.json` changes its name or meaning.
SUMMARY_SCHEMA = 1
