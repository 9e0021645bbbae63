"""Items: what is sold, with its rate and tax (invoice-api.md §4)."""
