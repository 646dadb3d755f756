"""The stewards' web pages: batches, their reports, and the pictures of their pages."""
