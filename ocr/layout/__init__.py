"""Where the text of a prepared page stands: cells, lines, and the order a person reads them in."""
