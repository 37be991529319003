"""Whether an output folder is sound, and how it becomes so again."""
