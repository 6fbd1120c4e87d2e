/** The platforms as a person looks for them. */

import type { Platform } from '../api/types'
import { en } from '../shared/i18n/en'
import { ko } from '../shared/i18n/ko'

export const OWN = 'generic'
/** Providers without a platform: any JSON, our own event, Standard Webhooks. */
export const PLAIN: readonly string[] = [OWN, 'orderwatch', 'standard_webhooks']

const squeeze = (text: string): string => text.toLowerCase().replaceAll(/[\s_\-.]+/g, '')

/** Those whose name holds what was typed. */
export function findPlatforms(all: readonly Platform[], typed: string): Platform[] {
  const wanted = squeeze(typed)
  return all.filter((one) => squeeze(one.title).includes(wanted) || squeeze(one.name).includes(wanted))
}

/** Which platform without public webhooks was typed, in either language, by its place in the dictionary's list. */
export function findUnpublished(typed: string): number | null {
  const wanted = squeeze(typed)
  if (wanted.length < 2) return null
  const at = en.sources.platforms.unpublished.findIndex((name, index) =>
    [name, ko.sources.platforms.unpublished[index] ?? ''].some((one) => squeeze(one).includes(wanted)),
  )
  return at === -1 ? null : at
}

/** The provider's own name for people. */
export const titleOf = (provider: string, all: readonly Platform[]): string | null =>
  all.find((one) => one.name === provider)?.title ?? null

/** Whether the secret stands at the end of the address, for platforms that can prove nothing else. */
export const hasSecretInPath = (platform: Platform | null): boolean =>
  platform?.steps.en.some((step) => step.includes('{url}/SECRET')) ?? false

/** The secret as it stands in the address; `SECRET` where it is hidden already. */
export function pathSecret(secrets: readonly string[], kept: readonly string[]): string {
  const made = secrets.find((secret) => secret !== '' && !kept.includes(secret))
  return made === undefined ? 'SECRET' : encodeURIComponent(made)
}

/** A step with the source's address in it. */
export const withUrl = (step: string, url: string, secret = 'SECRET'): string =>
  step.replaceAll('{url}/SECRET', `${url}/${secret}`).replaceAll('{url}', url)

/** How it proves itself, without the marks of the documentation. */
export const plainProof = (proof: string): string => proof.replaceAll('`', '').replaceAll(String.raw`\|`, '|')
