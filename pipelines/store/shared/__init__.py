"""The store of a fleet: what machines share lies on one Redis or Valkey server."""
