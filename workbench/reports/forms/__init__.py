"""Papers that go with a report: 项目支出绩效自评表 in its official form, and the brief of one page for those who decide."""
