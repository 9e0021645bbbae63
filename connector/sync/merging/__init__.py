"""Merging of duplicates (requirement C4), and records that were merged in the CRM by others (C14)."""
