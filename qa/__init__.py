"""Questions: from hits to a cited answer or an honest refusal."""
