"""The parts of the differential harness; run.py puts them together."""
