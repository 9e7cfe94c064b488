"""A comparison (再评价对比) as people read it: tables, terminal, charts, 复核表, 再评价报告. Every number is the comparison's own."""
