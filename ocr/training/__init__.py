"""Training of the line recognizer: lines without end, the network, the loop, the export.

Nothing here is needed to read a page. PyTorch is a development dependency (`.venv-training`).
"""
