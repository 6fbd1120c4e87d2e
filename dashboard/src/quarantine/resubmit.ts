import { attempt } from '../api/describe'
import { quarantine } from '../api/resources'
import type { Resubmission, ResubmissionCounts } from '../api/types'
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

/** Submit anew all that wait, of one source or of all, page by page; returns how it went in sum. */
export async function resubmitAllOf(source: string): Promise<Pick<ResubmissionCounts, 'accepted' | 'duplicate' | 'refused'>> {
  const sum = { accepted: 0, duplicate: 0, refused: 0 }
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: ResubmissionCounts = await quarantine.resubmitAll({
      ...(source ? { source } : {}),
      ...(cursor ? { cursor } : {}),
      trust: false,
    })
    sum.accepted += page.accepted
    sum.duplicate += page.duplicate
    sum.refused += page.refused
    cursor = page.next
  }
  return sum
}
