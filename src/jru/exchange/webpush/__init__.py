"""Notifications through the push services of the browsers (RFC 8030, 8291, 8292)."""
