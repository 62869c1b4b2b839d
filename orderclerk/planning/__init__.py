"""Decisions that need a solver or a statistics library: pure like the domain, which is all of ours they may import."""
