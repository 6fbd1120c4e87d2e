/** What a source, a channel or a route may be called; for an input's `pattern`. */
export const SLUG = '[a-z0-9][a-z0-9\\-]{0,62}'
