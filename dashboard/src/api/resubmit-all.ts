import { quarantine } from './resources'
import type { ResubmissionCounts } from './types'

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
