"""The scenario with the package zohocrmsdk8-0."""
