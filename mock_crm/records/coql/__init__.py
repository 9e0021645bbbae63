"""COQL, the vendor's query language: SELECT over one module and what its lookups lead to (crm-api.md §4.11)."""
