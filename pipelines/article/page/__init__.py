"""Text to a page as flat lists: one parse, one walk."""
