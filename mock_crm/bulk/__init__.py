"""Bulk read and bulk write: jobs on whole modules, done beside the requests (crm-api.md §7.2)."""
