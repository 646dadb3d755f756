"""Documents that came as rows or messages, drawn in the form of their kind, to be read by people."""
