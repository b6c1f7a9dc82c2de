"""Selections (选拔任用工作), their posts, and who stands for each: entered by HR, imported from spreadsheets."""
