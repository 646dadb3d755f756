"""Layouts: the ways in which one content is set on paper."""
