"""Records of any module: one store, read and written through the module's metadata."""
