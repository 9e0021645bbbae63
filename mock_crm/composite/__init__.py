"""The composite API: up to five calls in one, which may use each other's answers (crm-api.md §7.3)."""
