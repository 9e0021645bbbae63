"""Customer payments: what came in, and which invoices it settles (invoice-api.md §7.2)."""
