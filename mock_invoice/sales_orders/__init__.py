"""Sales orders: what a customer has ordered, until it is invoiced (invoice-api.md §7.1)."""
