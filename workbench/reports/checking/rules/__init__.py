"""What must hold: each module one idea; its head tells what it reads and when it is silent.

Inside a score table: ``score_rows``. Inside a table of any numbers: ``columns``, ``grade_columns``. The same thing in several
places: ``agreement`` (scores and grades), ``amounts_twice`` (money), ``funds_told`` (预算, 到位, 支出 of the whole), ``quoted`` (a
sentence and the table it takes a number from), ``standings`` (all subjects together). Inside sentences, of scores:
``score_relations``, ``marks`` (one indicator's, experts'); of amounts: ``rates`` (one amount of another), ``shares`` (a part of its
whole), ``growth`` (two years), ``balances`` (what is left), ``parts`` (a whole and all its parts), ``together`` (a sum of what stands
right before it); ``completion`` (of what was planned); of counts: ``counts`` (against a list or the score table), ``tallies`` (by
kind), ``surveys`` (questionnaires); ``arithmetic`` (sums written out).
"""
