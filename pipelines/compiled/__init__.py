"""Extraction's innermost modules as machine code, where they were compiled: `build`, `finder`."""
