import { address } from './client'
import type { World } from './stream'

/** Resolve after a time, or at once when aborted. */
export function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', done)
  })
}

/**
 * The browser as the stream's world. `fetch` in place of `EventSource`, which hides why it failed, retries at a pace of
 * its own, and forgets where it was when it is made anew.
 */
export const browser: World = {
  open: (lastId, signal) =>
    fetch(address('stream'), {
      headers: { accept: 'text/event-stream', ...(lastId === null ? {} : { 'last-event-id': lastId }) },
      credentials: 'same-origin',
      cache: 'no-store',
      signal,
    }),
  now: () => Date.now(),
  wait,
  chance: Math.random,
}
