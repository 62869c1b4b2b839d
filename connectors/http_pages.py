"""Reading page after page without reading for ever."""

from connectors.errors import ContractError


class PageGuard:
    """Notices a server that hands out the same page again: raises ContractError instead of reading for ever."""

    def __init__(self, system: str, max_pages: int = 100_000) -> None:
        self._system, self._seen, self._max_pages = system, set[object](), max_pages

    def check(self, page: object) -> None:
        """Remember `page`, a cursor or address; raises ContractError if it was there before."""
        if page in self._seen:
            raise ContractError(self._system, f"the page {str(page)[:80]!r} is given out twice: stopped")
        self._seen.add(page)
        if len(self._seen) > self._max_pages:
            raise ContractError(self._system, f"more than {self._max_pages} pages: stopped")
