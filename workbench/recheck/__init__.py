"""复核: other people's self-evaluation forms (绩效自评表), hundreds at once.

It runs one way: ``files`` (grids) → ``forms`` (``model``) → ``values`` → ``recompute`` → ``findings`` → ``recheck`` (``outcome``) →
``writing``. ``inputs``, ``lists``, ``mappings`` and ``corrections`` are what people give; ``batch`` reads many files; ``work`` is the
whole way, which the command and ``desk`` (``page`` in a notebook) both take.
"""
