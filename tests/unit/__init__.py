"""One room at a time, with real parts."""
