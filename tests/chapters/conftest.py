"""Scripts that stand beside these tests and are no part of them."""

# They need smclarify, which lives in an environment of its own; collecting doctests would import it.
collect_ignore = ["clarify_vectors.py", "clarify_posttraining_vectors.py"]
