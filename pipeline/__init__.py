"""What happens to a delivery, in verbs: `pipeline.stages` is the table of contents."""
