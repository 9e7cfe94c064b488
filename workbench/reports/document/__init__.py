"""The evaluation report (绩效评价报告): one content made from a result and the analyst's texts, rendered as Word and as a page."""
