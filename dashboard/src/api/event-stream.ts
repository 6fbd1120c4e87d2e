/** Reads `text/event-stream`, as the HTML standard says, from pieces cut anywhere. */

export interface ServerEvent {
  event: string
  data: string
  /** The last id that was said, kept over events that say none. */
  id: string | null
}

export class EventStreamReader {
  #rest = ''
  #event = ''
  #data: string[] = []
  #id: string | null

  constructor(id: string | null = null) {
    this.#id = id
  }

  /** Take the next piece; returns the events that it completes. */
  take(piece: string): ServerEvent[] {
    const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/)
    this.#rest = lines.pop() ?? ''
    return lines.flatMap((line) => this.#line(line) ?? [])
  }

  #line(line: string): ServerEvent | null {
    if (line === '') return this.#dispatch()
    const colon = line.indexOf(':')
    const name = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (name === 'event') this.#event = value
    else if (name === 'data') this.#data.push(value)
    else if (name === 'id' && !value.includes('\0')) this.#id = value
    return null
  }

  #dispatch(): ServerEvent | null {
    const event = { event: this.#event || 'message', data: this.#data.join('\n'), id: this.#id }
    const isEmpty = this.#data.length === 0
    this.#event = ''
    this.#data = []
    return isEmpty ? null : event
  }
}
