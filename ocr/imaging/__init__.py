"""Image work in small steps: each takes arrays and returns new ones; none changes its input."""
