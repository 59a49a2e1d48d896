"""The event log and the read tables, on SQLite or PostgreSQL."""
