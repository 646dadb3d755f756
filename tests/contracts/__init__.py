"""One suite of promises a seam; every implementation passes it."""
