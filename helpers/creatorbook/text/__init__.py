"""Words: plain text, names of territories, and the texts of other languages."""
