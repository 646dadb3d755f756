"""Reading of page images."""
