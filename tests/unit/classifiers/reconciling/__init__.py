"""Paper and EMR beside each other."""
