"""The steps of the scenario with zohobooks-api."""
