"""Messages of a fictional clinic's EMR: FHIR, CDA and HL7 v2 of the same visits."""
