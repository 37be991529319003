"""Bytes to text, like a browser that distrusts the header."""
