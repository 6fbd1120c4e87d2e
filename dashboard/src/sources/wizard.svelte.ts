import { Problem } from '../api/client'
import { describe } from '../api/describe'
import { mapping, quarantine, receipts } from '../api/resources'
import type { Preview, Proposal, ProposedField } from '../api/types'
import { pretty } from '../shared/ui/pretty'
import { type Draft, mappingOf, withMapping } from './draft'

/** A body laid out, with letters where it has `\\u` and a number; what it means stays the same. */
export const legible = (body: string): string =>
  pretty(
    body.replaceAll(/\\\\|\\u([0-9a-fA-F]{4})/g, (whole, code: string | undefined) => {
      const number = code === undefined ? 0 : Number.parseInt(code, 16)
      // Half of a pair alone is no letter; below 0xa0 are those that JSON must escape.
      return number < 0xa0 || (number >= 0xd800 && number <= 0xdfff) ? whole : String.fromCharCode(number)
    }),
  )

/** A sample, what is proposed for it, and what the draft makes of it, kept in step. */
export class Wizard {
  sample = $state('')
  /** Where the sample was taken from: a receipt or a quarantined request. */
  origin = $state('')
  proposal = $state.raw<Proposal | null>(null)
  preview = $state.raw<Preview | null>(null)
  fault = $state('')
  /** The field whose place is being chosen. */
  field = $state('')
  #turn = 0

  reasonOf(field: string, path: string): ProposedField | null {
    return this.proposal?.proposed.find((one) => one.field === field && one.path === path) ?? null
  }

  /** Propose for the sample; returns the draft with the proposal in it. */
  async propose(draft: Draft): Promise<Draft> {
    this.fault = ''
    try {
      this.proposal = await mapping.propose(this.sample)
    } catch (error) {
      this.fault = error instanceof Problem && error.status === 400 ? error.message : describe(error)
      return draft
    }
    this.field = this.proposal.missing[0] ?? ''
    return withMapping(draft, this.proposal.mapping)
  }

  /** See what the draft makes of the sample; an answer that was overtaken is dropped. */
  async look(draft: Draft): Promise<void> {
    this.#turn += 1
    const turn = this.#turn
    if (this.sample.trim() === '') {
      this.preview = null
      return
    }
    try {
      const seen = await mapping.preview(this.sample, mappingOf(draft), draft.time_zone || null, draft.currency || null)
      if (turn === this.#turn) this.preview = seen
    } catch (error) {
      if (turn === this.#turn) this.preview = { events: [], problem: describe(error) }
    }
  }

  /** Take a quarantined request as the sample. */
  async take(id: string): Promise<void> {
    const found = await quarantine.reveal(id)
    this.#from(found.body, id)
  }

  /** Take the latest request of a source, refused or not; returns whether there was one. */
  async capture(source: string): Promise<boolean> {
    const [refused, taken] = await Promise.all([
      quarantine.list({ source, state: 'waiting', limit: 1 }),
      receipts.list({ source, kind: 'event', limit: 1 }),
    ])
    const [held, receipt] = [refused.items[0], taken.items[0]]
    if (held && (!receipt || held.received_at >= receipt.received_at)) await this.take(held.id)
    else if (receipt) this.#from((await receipts.reveal(receipt.position)).body, `r-${receipt.position}`)
    return Boolean(held ?? receipt)
  }

  #from(body: string | null, origin: string): void {
    this.sample = legible(body ?? '')
    this.origin = origin
    this.proposal = null
  }
}
