"""The line as a whole, as a person runs it."""
