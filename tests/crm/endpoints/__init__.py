"""Each operation of the CRM under the same short list of tests; the rows of the table stand here by area."""
