"""Beauty pack: data only, in `packs/`; no code of this package runs."""
