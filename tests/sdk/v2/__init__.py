"""The scenario with the package zohocrmsdk2-0."""
