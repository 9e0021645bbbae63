"""Estimates: offers to a customer, which he may accept or decline (invoice-api.md §5)."""
