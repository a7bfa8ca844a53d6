"""Benchmarks anyone can run: ``python -m bench`` lists them, ``python -m bench.NAME`` runs one.

They print what they measured, the machine, and what it is compared with; nothing here is asserted.
"""
