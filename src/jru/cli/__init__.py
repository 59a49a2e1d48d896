"""The `jru` command, one module for each group of verbs."""
