"""Credit notes: what a customer is owed, applied to invoices or refunded (invoice-api.md §7.3)."""
