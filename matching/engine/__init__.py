"""The matching engine: arrays in, pairs out. No Django, no database.

Importing this package loads neither NumPy nor SciPy; ``solve`` and ``scoring`` do, so they are
imported where a matching is computed (a job or a command), never by the web process.
"""

VERSION = "5"
