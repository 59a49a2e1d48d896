"""PDF documents as they come in: read from the first byte to the last, kept as they are or refused."""
