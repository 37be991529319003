"""Reposts: normalise, fingerprint, find candidates, verify them. Pure."""
