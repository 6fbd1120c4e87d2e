/**
 * JSON with line breaks, every token kept as it was sent: parsing and writing it anew would change numbers, repeated
 * keys and escapes. Any other text stays as it is.
 */
export function pretty(text: string): string {
  try {
    JSON.parse(text)
  } catch {
    return text
  }
  return layOut(text.match(/"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^\s[\]{}:,"]+/g) ?? [])
}

function layOut(tokens: readonly string[]): string {
  let [out, depth] = ['', 0]
  const line = (): string => `\n${'  '.repeat(depth)}`
  for (const [index, token] of tokens.entries()) {
    if (token === '{' || token === '[') {
      depth += 1
      out += isClosing(tokens[index + 1]) ? token : token + line()
    } else if (isClosing(token)) {
      depth -= 1
      out += isOpening(tokens[index - 1]) ? token : line() + token
    } else if (token === ',') out += token + line()
    else out += token === ':' ? ': ' : token
  }
  return out
}

const isClosing = (token: string | undefined): boolean => token === '}' || token === ']'
const isOpening = (token: string | undefined): boolean => token === '{' || token === '['
