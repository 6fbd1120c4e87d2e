/** Paths to routes, and back. A pattern is a path whose parts may be `:name`; a part keeps any character, encoded. */

export interface Match {
  name: string
  params: Record<string, string>
}

export function match(routes: Record<string, string>, path: string): Match | null {
  const parts = split(path)
  for (const [name, pattern] of Object.entries(routes)) {
    const params = fit(split(pattern), parts)
    if (params) return { name, params }
  }
  return null
}

/** Fill a pattern: `fill('/orders/:source/:id', {source: 'a', id: 'x/1'})` is `/orders/a/x%2F1`. */
export function fill(pattern: string, params: Record<string, string | number>): string {
  return pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name] ?? '')))
}

const split = (path: string): string[] => path.split('/').filter((part) => part !== '')

function fit(pattern: string[], parts: string[]): Record<string, string> | null {
  if (pattern.length !== parts.length) return null
  const params: Record<string, string> = {}
  for (const [index, want] of pattern.entries()) {
    const part = parts[index] ?? ''
    if (want.startsWith(':')) params[want.slice(1)] = decode(part)
    else if (want !== part) return null
  }
  return params
}

// A hand-typed address may hold a stray per cent sign, which is no reason to fail.
function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
