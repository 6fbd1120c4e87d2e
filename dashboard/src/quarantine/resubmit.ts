import { attempt } from '../api/describe'
import { quarantine } from '../api/resources'
import type { Resubmission } from '../api/types'
import type { Words } from '../shared/i18n/en'
import { notices } from '../shared/notices.svelte'

/** Submit one anew and say how it went; resolves to whether the server was reached. */
export const resubmit = (id: string, trust: boolean, words: Words): Promise<boolean> =>
  attempt(async () => {
    const result = await quarantine.resubmit(id, trust)
    notices.say(sayResubmission(result, words), { mark: result.outcome === 'refused' ? 'warn' : 'ok' })
  })

export function sayResubmission(result: Resubmission, words: Words): string {
  const t = words.quarantine.outcome
  if (result.outcome === 'accepted') return t.accepted(result.receipt)
  return result.outcome === 'duplicate' ? t.duplicate : t.refused(result.reason ?? result.code ?? '')
}
