"""Contacts: customers, the people at each, and their addresses (invoice-api.md §3)."""
