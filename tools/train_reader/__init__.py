"""Trains the network of the reader ``learned``. `python -m tools.train_reader --help`."""
