"""Printed dates, in any language, to instants."""
