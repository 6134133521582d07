"""Documents on paper and in spreadsheets: rekap of a month, year of a person, lists for the office, statements.

Data is gathered once into a plain value, then set by XlsxWriter or by a .typ template; both show the same words. The
words are Indonesian whatever the language of the screen: these are forms of the office.
"""
