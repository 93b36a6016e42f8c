"""What plugin authors use: a plugin rendered from a template, looked over, and tried on a sample client."""
