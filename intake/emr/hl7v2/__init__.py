"""HL7 v2: one message or a batch of them, as clinics' interfaces leave them in files."""
