"""Search: derived from the vault, encrypted as a whole, rebuilt when in doubt."""
