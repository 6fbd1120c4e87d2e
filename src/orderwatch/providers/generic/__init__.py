"""Any JSON, read by JMESPath expressions and a table of words that the user gives."""

from orderwatch.providers.generic.identify import identify
from orderwatch.providers.generic.read import read


class GenericProvider:
    """Speaks as the source's mapping says."""

    identify = staticmethod(identify)
    read = staticmethod(read)
