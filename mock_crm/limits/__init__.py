"""The vendor's limits on calls: credits of a day, and calls at the same time (crm-api.md §7.5). Off by default."""
