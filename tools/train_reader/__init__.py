"""Trains the learned part of the default reader. `python -m tools.train_reader --help`."""
