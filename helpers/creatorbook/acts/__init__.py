"""Everything that writes into a client folder, each an explicit act of a person."""
