"""`cached_property` without a lock, as that of Python since 3.12 is.

The one of 3.11 has all objects of a class wait for one another, and a forked child wait for ever
when a thread of its parent was computing.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from functools import cached_property as cached_property
else:

    class cached_property:  # noqa: N801 - it is used as the one of the standard library
        """A method whose value is computed once and kept; threads may compute it at a time.

        All of them get the one that was there first.
        """

        def __init__(self, compute):
            self._compute = compute
            self.__doc__ = compute.__doc__

        def __set_name__(self, owner, name):
            self._name = name

        def __get__(self, instance, owner=None):
            if instance is None:
                return self
            return instance.__dict__.setdefault(self._name, self._compute(instance))
