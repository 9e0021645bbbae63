"""Documents of Invoice that are linked with potentials, as the connector last saw both: what the dashboard reads."""
