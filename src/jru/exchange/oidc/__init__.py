"""OpenID Connect: sign-in at a partner's own directory."""
