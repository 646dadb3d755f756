"""HL7 CDA R2: clinical documents in XML, C-CDA and the Korean exchange's among them."""
