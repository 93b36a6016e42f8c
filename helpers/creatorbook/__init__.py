"""creatorbook: plan, vet, track and settle creator campaigns in notebooks, and print client reports."""

from creatorbook import moved

__version__ = "0.1.0"

moved.install()
