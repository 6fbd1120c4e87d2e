"""FastAPI dependencies that let a request pass, or not."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request

from orderwatch.domain.errors import NotAllowed
from orderwatch.domain.people import Caller, Role
from orderwatch.web.auth.csrf import SiteGuard
from orderwatch.web.auth.identify import Identifier
from orderwatch.web.auth.pace import Pace

Need = Callable[[Request], Awaitable[Caller]]


class Guard:
    """Makes the dependencies. `viewer`, `operator` and `admin` give the caller whose role reaches that far."""

    def __init__(self, identifier: Identifier, site: SiteGuard, pace: Pace) -> None:
        """Take what finds the caller, what keeps other sites out, and how often each may ask."""
        self.identifier = identifier
        self._pace = pace
        self.site = site
        self.viewer = self._needs(Role.VIEWER)
        self.operator = self._needs(Role.OPERATOR)
        self.admin = self._needs(Role.ADMIN)

    def _needs(self, role: Role) -> Need:
        async def need(request: Request) -> Caller:
            caller = await self.identifier.need(request.headers)
            if caller.via == "session":
                self.site.check_write(request.method, request.headers)
            self._pace.take(caller)
            if not caller.role.reaches(role):
                raise NotAllowed(f"This needs the role {role.value}; yours is {caller.role.value}.")
            return caller

        return need
