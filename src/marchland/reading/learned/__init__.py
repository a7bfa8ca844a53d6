"""The learned part of the reader ``learned``: what an encoder adds to the grammar's analysis."""
