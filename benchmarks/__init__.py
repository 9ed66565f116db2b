"""Every number that the README claims, beside a stock LlamaIndex pipeline of the same model."""
