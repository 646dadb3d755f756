"""The line: chunks, progress, counting."""
