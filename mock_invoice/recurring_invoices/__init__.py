"""Recurring invoices: what makes an invoice for a customer again and again, by the calendar (invoice-api.md §7.4)."""
