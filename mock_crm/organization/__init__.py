"""The company behind a world's CRM: its people, roles, profiles, currencies and keys."""
