import { preferences } from '../preferences.svelte'
import type { Language } from '../time/duration'
import { en, type Words } from './en'
import { ko } from './ko'

const DICTIONARIES: Record<Language, Words> = { en, ko }

/** The words of the viewer's language, now. Reading it in a template follows a change of language. */
export const words = (): Words => DICTIONARIES[preferences.language]
