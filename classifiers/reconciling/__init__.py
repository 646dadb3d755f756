"""Paper and EMR of one institution beside each other: which visits both tell of, and how alike."""
