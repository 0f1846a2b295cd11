"""haystack's own tests of its backends, ported to searchkit, as a Django application.

Copyright (c) 2009-2013, Daniel Lindsley. All rights reserved; the licence, of three clauses of BSD,
is the file LICENSE beside this one.
"""
