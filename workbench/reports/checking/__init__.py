"""The checker of evaluation reports: anybody's docx in, contradictions between its numbers out.

It runs one way (``check``): ``document`` (the file as paragraphs and tables) → ``tables`` and ``recognised`` (what each table is) →
``statements`` (what tables and words state, as facts under names both share) → ``rules`` (what must hold; ``judging`` goes through
them) → ``unjudged`` (what was not judged, and why) → ``telling`` (for people, programs, spreadsheets). ``language`` is how reports
write: numbers, amounts, names, phrases, grade scales; all of them read with it. What cannot be recognised with certainty is not judged.
"""
