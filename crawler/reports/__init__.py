"""Pages for people: plain values in, one self-contained HTML page out. Knows no pipeline."""
