"""The learned part of the reader ``learned``: what a small encoder adds to the grammar's analysis."""
