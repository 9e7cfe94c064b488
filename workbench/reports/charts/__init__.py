"""One picture for each question about a result; a module is imported when its picture is asked for.

``levels``     How many of its points did each level 1 reach?
``radar``      Is the 得分率 alike everywhere, or is one side weak?
``waterfall``  Where did the points go, from full points to the total?
``bonus``      What was added and deducted, against which limits?
``evidence``   On evidence of which status do the points stand?
``dumbbell``   Which points did the review change, and by how much?
``spread``     How far did the experts agree?
``coverage``   How much of each stratum does a sample cover?

``catalogue`` names those that every result has. What a pack declares is drawn by :mod:`workbench.reports.plots`, what moved between two
runs by ``comparison.chart``, and how far rectification is by ``rectification.standing``: all on the same sheet
(:mod:`workbench.reports.canvas`) and in the same style.
"""
