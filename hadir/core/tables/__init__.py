"""Tables out of files: workbooks and CSV, read without Django. What the columns mean, the rooms above know."""
