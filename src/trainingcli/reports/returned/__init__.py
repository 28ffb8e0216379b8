"""Return workbooks (退回件): institutions' own files, marked."""
