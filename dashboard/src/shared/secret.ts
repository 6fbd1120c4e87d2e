/** A new secret from random bytes: as Standard Webhooks spell it, or plainly in hexadecimal. */
export function makeSecret(spelling: 'standard' | 'hex', bytes: Uint8Array): string {
  if (spelling === 'standard') return `whsec_${btoa(String.fromCharCode(...bytes))}`
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
