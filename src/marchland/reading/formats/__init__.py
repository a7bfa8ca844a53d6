"""File formats: each module turns the bytes of one format into text and what the file says."""
