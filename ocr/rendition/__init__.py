"""Documents that came as rows or messages, drawn for people in the form of their kind."""
