/** What each kind of channel asks for. */

import type { Words } from '../shared/i18n/en'

export interface ChannelField {
  name: string
  word: keyof Words['channelField']
  note?: keyof Words['channelField']
  required: boolean
}

export const KINDS: Record<string, readonly ChannelField[]> = {
  apprise: [{ name: 'url', word: 'appriseUrl', note: 'appriseNote', required: true }],
  webhook: [
    { name: 'url', word: 'url', required: true },
    { name: 'secret', word: 'secret', note: 'secretNote', required: true },
  ],
  browser: [],
  log: [],
}
