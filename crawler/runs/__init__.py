"""What is said of one run: its name, figures, progress, summary, status and alerts."""
