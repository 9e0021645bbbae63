"""Invoices: what a customer owes, and by when (invoice-api.md §6)."""
