"""creatorbook: plan, vet, track and settle creator campaigns in notebooks, and print client reports."""

__version__ = "0.1.0"
