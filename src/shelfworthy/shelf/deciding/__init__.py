"""Decisions: the chain, the policy that decides, replay, letters and the feed."""
