"""The learned part of the default reader: what a small encoder adds to the grammar's analysis."""
