"""The symbolic side: SymPy alone, nothing of the code that it will judge."""
