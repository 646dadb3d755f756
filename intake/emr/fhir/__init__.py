"""FHIR R4: bundles, single resources and lines of them (NDJSON), as JSON."""
