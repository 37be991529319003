"""Pages that are made by script, in a browser that reaches no host itself."""
