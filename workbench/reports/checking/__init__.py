"""The checker of evaluation reports: anybody's docx in, contradictions between its numbers out.

It runs one way: ``package`` (the file) → ``reading`` (neutral paragraphs and tables) → ``scores``, ``money``, ``claims`` (what the
numbers claim to be) → ``rules`` (contradictions) → ``telling``. What cannot be recognised with certainty is not judged, and
the answer says so.
"""
