/** Asks the server. Every call throws {@link Problem} when the answer is not a success, or none comes. */

export interface FieldError {
  field: string
  message: string
}

/** What the server said against a call (RFC 9457), or that it said nothing: then `status` is 0. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly errors: FieldError[]

  constructor(status: number, body: { code?: string; detail?: string; title?: string; errors?: FieldError[] }) {
    super(body.detail ?? body.title ?? '')
    this.status = status
    this.code = body.code ?? ''
    this.errors = body.errors ?? []
  }
}

export type Query = Record<string, string | number | boolean | string[] | null | undefined>

let signedOut: () => void = () => undefined

/** Be told when the server no longer knows the session. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener
}

export const get = <T>(path: string, query: Query = {}): Promise<T> => call<T>('GET', address(path, query))
export const post = <T>(path: string, body?: unknown): Promise<T> => call<T>('POST', address(path), body)
export const put = <T>(path: string, body: unknown): Promise<T> => call<T>('PUT', address(path), body)
export const patch = <T>(path: string, body: unknown): Promise<T> => call<T>('PATCH', address(path), body)
export const remove = (path: string): Promise<void> => call<void>('DELETE', address(path))

/** The address under the API; a list stands for its parameter said several times. */
export function address(path: string, query: Query = {}): string {
  const parts = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== '') parts.append(name, String(one))
    }
  }
  const text = parts.toString()
  return `/api/v1/${path}${text ? `?${text}` : ''}`
}

/** Fill a path's parts: ``part`at/${'a/b'}` `` is `at/a%2Fb`. */
export const part = (strings: TemplateStringsArray, ...values: (string | number)[]): string =>
  String.raw({ raw: strings }, ...values.map((value) => encodeURIComponent(String(value))))

async function call<T>(method: string, url: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json', 'x-orderwatch': '1' }
  const init: RequestInit = { method, headers, credentials: 'same-origin' }
  if (body !== undefined) {
    headers['content-type'] = 'application/json'
    init.body = JSON.stringify(body)
  }
  const response = await fetch(url, init).catch(() => {
    throw new Problem(0, { code: 'unreachable' })
  })
  if (!response.ok) throw await problemOf(response)
  return (response.status === 204 ? undefined : await response.json()) as T
}

async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as ConstructorParameters<typeof Problem>[1]
  if (response.status === 401 && !response.url.includes('/session')) signedOut()
  return new Problem(response.status, { title: response.statusText, ...body })
}
