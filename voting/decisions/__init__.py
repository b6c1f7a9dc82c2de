"""After the count: HR's analysis, its proposal, and the Party group's decision. 不简单以票取人."""
