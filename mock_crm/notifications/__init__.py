"""Notifications: channels that others open, and the calls they are owed (crm-api.md §7.1)."""
