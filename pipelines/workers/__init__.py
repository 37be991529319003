"""Worker processes that extract pages, each page under a time limit."""
