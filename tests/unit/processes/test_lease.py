"""Only one process may hold a lease, and it falls back by itself."""

import subprocess
import sys

from orderwatch.processes.lease import FileLease


async def test_a_lease_is_refused_while_another_holds_it_and_given_once_released(tmp_path):
    first, second = FileLease(tmp_path / "lock"), FileLease(tmp_path / "lock")

    assert await first.take()
    assert not await second.take()
    await first.release()

    assert await second.take()
    assert await second.holds()
    await second.release()


async def test_a_lease_falls_back_when_its_holder_is_killed(tmp_path):
    program = (
        "import asyncio, pathlib, sys; from orderwatch.processes.lease import FileLease\n"
        "lease = FileLease(pathlib.Path(sys.argv[1])); assert asyncio.run(lease.take())\n"
        "print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "lock")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        lease = FileLease(tmp_path / "lock")
        assert not await lease.take()
        assert lease.holder() == str(holder.pid)

        holder.kill()
        holder.wait()

        assert await lease.take()
        await lease.release()
