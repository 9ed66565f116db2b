"""How the shipped models are made; run from the repository's root, never installed."""
