"""The counting rules: one small pure function per clause, which says what it judged, on which numbers and how."""
