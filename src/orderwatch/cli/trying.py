"""What is wrong with a source's set-up, in words: its platform, its proof, its address, and what came of it so far."""

import ipaddress
from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit

import httpx2
from msgspec import Struct

from orderwatch.cli.findings import Finding, note, ok, wrong
from orderwatch.cli.sources_told import path_of
from orderwatch.cli.terminal import Terminal
from orderwatch.cli.trying_examples import example_findings
from orderwatch.config import Settings
from orderwatch.domain.errors import OrderwatchError
from orderwatch.domain.sources import Source, Verification
from orderwatch.intake.rsa import read_keys
from orderwatch.processes.platform_keys import HttpKeyFetcher
from orderwatch.providers.catalog import Catalog
from orderwatch.providers.declared import Declared
from orderwatch.providers.pages import proofs_of

_CONNECT_SECONDS = 5.0
_NOT_FOUND = 404


class Trial(Struct, frozen=True, kw_only=True):
    """One source, and what is needed to look at it."""

    source: Source
    settings: Settings
    catalog: Catalog
    terminal: Terminal

    @property
    def declared(self) -> Declared | None:
        """Return its platform, where it is one."""
        return self.catalog.declared.get(self.source.provider)

    @property
    def url(self) -> str:
        """Return the address that the sender was given, without a secret at its end."""
        return self.source.public_url or self.settings.base_url + path_of(self.source.name)


async def setup_findings(trial: Trial) -> AsyncIterator[Finding]:
    """Yield what can be said without anything having come. Asks the source's own address, and the platform's keys."""
    for finding in (*_source(trial), *_platform(trial), *_proof(trial), *_address(trial)):
        yield finding
    async for finding in _keys(trial):
        yield finding
    for finding in example_findings(trial.source, trial.settings, trial.catalog, trial.terminal):
        yield finding
    yield await _reach(trial)


def _source(trial: Trial) -> Iterator[Finding]:
    terminal = trial.terminal
    if not trial.source.enabled:
        yield wrong(
            "source",
            terminal.text("It is switched off: what it sends is answered 404."),
            terminal.text("Switch it on, on the page under Sources."),
        )


def _platform(trial: Trial) -> Iterator[Finding]:
    terminal, declared = trial.terminal, trial.declared
    faults = trial.catalog.faults(trial.source)
    for fault in faults:
        yield wrong("platform", fault)
    if declared is None:
        if not faults:
            yield ok("platform", trial.source.provider)
        return
    advice = terminal.text("What is known of it: orderwatch provider show {name}", name=declared.slug)
    if declared.preset.confidence == "beta":
        told = terminal.text(
            "{platform} is beta: compare the first events with what it shows itself.", platform=declared.preset.name
        )
        yield note("platform", told, advice)
    elif not faults:
        yield ok("platform", declared.preset.name)


def _proof(trial: Trial) -> Iterator[Finding]:
    terminal, source, declared = trial.terminal, trial.source, trial.declared
    change = f"orderwatch source secret {source.name}"
    if source.verification is Verification.OPEN:
        nothing = terminal.text("It proves nothing: whoever reaches this address can send.")
        if declared is not None and declared.preset.signature:
            advice = terminal.text("The platform can prove itself: {proof}.", proof=proofs_of(declared.preset))
            yield wrong("proof", nothing, advice)
        else:
            yield note("proof", nothing)
    elif not source.secrets:
        yield wrong("proof", terminal.text("It has no secret, so everything that it sends is refused."), change)
    elif source.verification is Verification.PROVIDER and declared is None:
        yield wrong(
            "proof",
            terminal.text("Its provider has no way of proof of its own, so everything that it sends is refused."),
        )
    else:
        as_platform = source.verification is Verification.PROVIDER and declared is not None
        yield ok("proof", proofs_of(declared.preset) if as_platform and declared else source.verification.value)
    if len(source.secrets) > 1:
        yield note(
            "secrets",
            terminal.text("Two are taken: a change of secrets was begun and not ended."),
            f"{change} --drop-old",
        )


def _address(trial: Trial) -> Iterator[Finding]:
    terminal, parts = trial.terminal, urlsplit(trial.url)
    own = path_of(trial.source.name)
    if not _is_public(parts.hostname or ""):
        told = terminal.text(
            "{url} leads to this machine or its network; nobody on the internet reaches it.", url=trial.url
        )
        advice = terminal.text(
            "Say how the server is reached from outside: public_url in the settings, or --public-url of the source."
        )
        yield (wrong if trial.declared is not None else note)("address", told, advice)
    elif parts.scheme != "https":
        told = terminal.text(
            "{url} is not HTTPS: many platforms refuse it, and who listens on the way reads it.", url=trial.url
        )
        yield note("address", told)
    else:
        yield ok("address", trial.url)
    if own not in parts.path:
        told = terminal.text("The path of {url} is not {path}.", url=trial.url, path=own)
        yield note(
            "address",
            told,
            terminal.text(
                "Then a proxy must lead it there: what it gets is taken for this source by {path} alone.", path=own
            ),
        )


async def _keys(trial: Trial) -> AsyncIterator[Finding]:
    terminal = trial.terminal
    door = trial.catalog.doors.get(trial.source.provider)
    if door is None or trial.source.verification is not Verification.PROVIDER:
        return
    fetcher = HttpKeyFetcher(allow_private=trial.settings.allow_private_targets)
    for address, _ in door.keys:
        try:
            found = read_keys(await fetcher.fetch(address))
        except OrderwatchError as fault:
            told = terminal.text(
                "The keys at {address} cannot be had: {reason}.", address=address, reason=fault.message
            )
            yield wrong(
                "keys", told, terminal.text("Without them nothing can be verified, and the sender is answered 503.")
            )
        else:
            yield ok("keys", terminal.text("{count} keys at {address}", count=len(found), address=address))


async def _reach(trial: Trial) -> Finding:
    """Ask the address what it takes, which proves and changes nothing."""
    terminal, url = trial.terminal, trial.url
    try:
        # A proxy of the environment has no way back to this machine.
        on_the_way = _is_public(urlsplit(url).hostname or "")
        async with httpx2.AsyncClient(timeout=_CONNECT_SECONDS, trust_env=on_the_way) as client:
            answer = await client.request("OPTIONS", url)
    except (httpx2.HTTPError, httpx2.InvalidURL) as fault:
        told = terminal.text(
            "{url} does not answer from here: {reason}.", url=url, reason=str(fault) or type(fault).__name__
        )
        if _is_public(urlsplit(url).hostname or ""):
            return note("way", told, terminal.text("It may from outside. Is the name right, and does the proxy run?"))
        return note("way", told, terminal.text("Is the server running? orderwatch serve"))
    if answer.is_success and "POST" in answer.headers.get("allow", ""):
        return ok("way", terminal.text("{url} leads to this source.", url=url))
    told = terminal.text("{url} answers {status}, not as Orderwatch does.", url=url, status=answer.status_code)
    if answer.status_code == _NOT_FOUND:
        return wrong(
            "way",
            told,
            terminal.text("Does the proxy lead the whole path on? And is it this store that the server uses?"),
        )
    return wrong(
        "way", told, terminal.text("Something else answers there, or stands in between and asks for a sign-in.")
    )


def _is_public(host: str) -> bool:
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host
