"""The product file and the operator's policy: reading, writing, and what they allow together."""
