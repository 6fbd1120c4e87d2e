import { words } from '../shared/i18n/words.svelte'
import { notices } from '../shared/notices.svelte'
import { Problem } from './client'

/** What went wrong, for people. */
export function describe(error: unknown): string {
  const t = words().problem
  if (!(error instanceof Problem)) return t.failed(String(error))
  if (error.status === 0) return t.unreachable
  if (error.status === 403 && error.code !== 'csrf') return t.forbidden
  if (error.status === 404) return t.missing
  return t.failed(error.message)
}

/** Do something that may fail, and say so if it does. Returns whether it worked. */
export async function attempt(action: () => Promise<unknown>): Promise<boolean> {
  try {
    await action()
    return true
  } catch (error) {
    notices.say(describe(error), { mark: 'warn' })
    return false
  }
}
