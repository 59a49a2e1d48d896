"""The HTTP door: API, live stream and the built front end."""
