"""Lists as people bring them: .xlsx and text files of any program, read as rows of cells."""
