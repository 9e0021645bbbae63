"""Real data in: CSV files into CRM modules and Invoice, through their public APIs (requirement X9)."""

from simulator.csv_import.command import import_command

__all__ = ["import_command"]
