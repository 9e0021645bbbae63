"""The steps of the scenario with pyzohoapi."""
