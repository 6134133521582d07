"""The school agent: reads terminals in the school's own network and forwards what they hold to Hadir.

Standard library only and Python 3.8 or newer (the last one for Windows 7): it runs from a copied folder or one `.pyz`
file on whatever PC the school has. It imports nothing of Hadir, and nothing of Hadir but its command imports it.
"""

VERSION = "1"
