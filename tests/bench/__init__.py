"""Measuring: `make bench` prints what the window costs beside a floor measured in the same run. No test asserts a time."""
