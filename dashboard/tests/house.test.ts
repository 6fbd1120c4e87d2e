/** The rules of the house that a reader of the sources can check. */

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

const SRC = join(import.meta.dirname, '..', 'src')
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(ts|svelte)$/.test(file))
  .map((file) => ({ file, text: readFileSync(join(SRC, file), 'utf8') }))

const roomOf = (file: string): string => (file.includes('/') ? (file.split('/')[0] ?? '') : 'main')

/** What each room may import besides itself; a feature knows the server and what is shared, and no other feature. */
const MAY: Record<string, readonly string[]> = { shared: [], api: ['shared'], routes: ['*'], main: ['*'] }
const FEATURE = ['api', 'shared']

function importsOf(file: string, text: string): string[] {
  const paths = [...text.matchAll(/from '(\.[^']*)'|import '(\.[^']*)'/g)].map((found) => found[1] ?? found[2] ?? '')
  return paths.map((path) => relative(SRC, join(SRC, dirname(file), path)))
}

test('a feature imports only shared and api; shared imports nobody', () => {
  const wrong = files.flatMap(({ file, text }) => {
    const may = MAY[roomOf(file)] ?? FEATURE
    return importsOf(file, text)
      .map(roomOf)
      .filter((room) => room !== roomOf(file) && !may.includes(room) && !may.includes('*'))
      .map((room) => `${file} → ${room}`)
  })

  expect(files.length).toBeGreaterThan(100)
  expect(wrong).toEqual([])
})

test('a component stays below 150 lines', () => {
  const long = files
    .filter(({ file }) => file.endsWith('.svelte'))
    .map(({ file, text }) => [file, text.split('\n').length] as const)
    .filter(([, lines]) => lines > 150)

  expect(long).toEqual([])
})

test('no markup carries a style or a script that the content security policy refuses', () => {
  const inline = files.filter(({ text }) => / style="|\sstyle='|\son[a-z]+="|\{@html|innerHTML|eval\(|new Function/.test(text))
  const page = readFileSync(join(SRC, '..', 'index.html'), 'utf8')

  expect(inline.map(({ file }) => file)).toEqual([])
  expect(page).not.toMatch(/<style|style=|<script>|\son[a-z]+=/)
})

test('no text for people stands outside the dictionary', () => {
  const spoken = (text: string): string => text.replace(/\/\*[^]*?\*\/|\/\/.*/g, '')
  const korean = files.filter(({ file, text }) => !file.startsWith('shared/i18n/') && /[가-힣]/.test(spoken(text)))

  expect(korean.map(({ file }) => file)).toEqual(['shared/time/duration.ts'])
})
