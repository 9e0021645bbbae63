"""Each operation of Invoice under the same short list of tests; the rows of the table stand here by area."""
