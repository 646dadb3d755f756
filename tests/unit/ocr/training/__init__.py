"""Training of the recognizer."""
