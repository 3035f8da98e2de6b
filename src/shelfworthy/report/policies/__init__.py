"""What changed in a policy from one audit to the next, in meaning, sentence against sentence."""
