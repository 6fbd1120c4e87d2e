import { viewer } from '../api/viewer.svelte'

/** The whole address that a platform is given, under the server's own name for itself. */
export const absolute = (path: string): string => `${viewer.me?.server.base_url ?? location.origin}${path}`

/** Whether an address can only be reached from this machine. */
export const isLocal = (address: string): boolean => /^https?:\/\/(127\.|localhost|\[::1\])/.test(address)
