"""Import of CSV files on screen: choose a file, look at what it would do, import, read the report (requirement X9)."""
