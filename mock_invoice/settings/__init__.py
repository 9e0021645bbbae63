"""The organization and what is set up in it once: users, currencies, taxes, custom fields, integrations (§8)."""
