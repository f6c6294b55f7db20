// The public version of what was published: chosen parts left out, people by their roles, as plain sections to be shown.

import { fewNames } from '../../../kernel/few-names.ts'
import { citation, readLiveLine } from './live-blocks.ts'
import { type Block, type Inline, readMarkdown } from './markdown.ts'
import { type PersonNamed, redactionFor } from './redaction.ts'
import { type SectionKey, sectionKeys, sectionTitles } from './sections.ts'

/** Beside the sections, what may be left out. */
export const publicParts = ['services', 'figures', 'timeline', 'factors', 'actions'] as const
export type PublicPart = (typeof publicParts)[number]

export interface PublicChoices {
  /** In place of the title; null: the same. */
  readonly title: string | null
  readonly sections: readonly SectionKey[]
  readonly parts: readonly PublicPart[]
  readonly passages: readonly string[]
  readonly roles: readonly { readonly person: string; readonly role: string }[]
  readonly noNames: readonly string[]
}

/** The journal speaks of what is inside; whoever wants it outside says so. */
export const usualChoices: PublicChoices = {
  title: null,
  sections: [],
  parts: ['timeline'],
  passages: [],
  roles: [],
  noNames: [],
}

export interface PublicSource {
  readonly title: string
  readonly organisation: string | null
  readonly severity: string
  readonly services: readonly string[]
  readonly figures: readonly (readonly [string, string])[]
  readonly timeline: readonly { readonly at: string; readonly sentence: string }[]
  readonly factors: readonly string[]
  readonly actions: readonly string[]
  readonly sections: Readonly<Partial<Record<SectionKey, string>>>
  readonly people: readonly PersonNamed[]
}

export interface PublicSection {
  readonly title: string
  /** Markdown. */
  readonly body: string
  /** Plain text. */
  readonly lines: readonly string[]
}

export interface PublicCopy {
  readonly title: string
  readonly organisation: string | null
  readonly figures: readonly { readonly name: string; readonly value: string }[]
  readonly sections: readonly PublicSection[]
  /** Something was left out, which the reader is told. */
  readonly partial: boolean
}

export type PublicVerdict =
  | { readonly ok: true; readonly copy: PublicCopy }
  | { readonly ok: false; readonly pointer: string; readonly detail: string }

export function composePublic(source: PublicSource, choices: PublicChoices): PublicVerdict {
  const raw = draw(source, choices)
  const redaction = redactionFor({ people: source.people, ...choices }, [
    ...textsOf(draw(source, nothingWithheld)),
    raw.title,
  ])
  const [missing] = redaction.notFound
  if (missing !== undefined)
    return { ok: false, pointer: '/passages', detail: `"${missing}" stands nowhere in it. Copy it as it is written.` }
  for (const { role } of choices.roles) {
    const [leak] = redactionFor({ people: source.people, passages: [], noNames: choices.noNames }, [role]).leaks(role)
    if (leak !== undefined) return { ok: false, pointer: '/roles', detail: `"${role}" names somebody: ${leak}.` }
  }
  const copy = mapTexts(raw, redaction.redact)
  // Words that markup parts, and what only its redaction brought together.
  const [leak] = textsOf(copy).flatMap(redaction.leaks)
  if (leak !== undefined)
    return {
      ok: false,
      pointer: '/passages',
      detail: `It would still say "${leak}". Change that passage, or withhold all of it.`,
    }
  return { ok: true, copy }
}

const nothingWithheld: PublicChoices = { ...usualChoices, parts: [] }

function draw(source: PublicSource, choices: PublicChoices): PublicCopy {
  const isShown = (part: PublicPart) => !choices.parts.includes(part)
  const part = (name: PublicPart, title: string, lines: readonly string[]): readonly PublicSection[] =>
    isShown(name) && lines.length > 0 ? [{ title, body: '', lines }] : []
  const written = sectionKeys.flatMap((key): readonly PublicSection[] => {
    const body = withoutSigns(source.sections[key] ?? '')
    return choices.sections.includes(key) || body === '' ? [] : [{ title: sectionTitles[key], body, lines: [] }]
  })
  return {
    title: choices.title ?? source.title,
    organisation: source.organisation,
    figures: [
      ...(isShown('services') && source.services.length > 0
        ? [{ name: 'Services', value: fewNames(source.services, 50) }]
        : []),
      ...(isShown('figures') ? source.figures.map(([name, value]) => ({ name, value })) : []),
    ],
    sections: [
      ...written,
      ...part('factors', 'What had to come together', source.factors),
      ...part('actions', 'What we do about it', source.actions),
      ...part(
        'timeline',
        'Timeline',
        source.timeline.map(({ at, sentence }) => `${at} ${sentence}`),
      ),
    ],
    partial: choices.sections.length > 0 || choices.parts.length > 0 || choices.passages.length > 0,
  }
}

/** Live blocks have their own place in it, and nobody outside can follow a citation into the journal. */
function withoutSigns(body: string): string {
  let fenced = false
  const lines = body.split('\n').filter((line) => {
    if (line.startsWith('```')) fenced = !fenced
    return fenced || readLiveLine(line) === null
  })
  return lines.join('\n').replaceAll(citation, '').trim()
}

function mapTexts(copy: PublicCopy, change: (text: string) => string): PublicCopy {
  return {
    ...copy,
    title: change(copy.title),
    figures: copy.figures.map(({ name, value }) => ({ name, value: change(value) })),
    sections: copy.sections.map(({ title, body, lines }) => ({ title, body: change(body), lines: lines.map(change) })),
  }
}

/** All that a reader sees, once as it is written and once as it is shown. */
function textsOf(copy: PublicCopy): readonly string[] {
  return [
    copy.title,
    ...copy.figures.map((each) => each.value),
    ...copy.sections.flatMap(({ body, lines }) => [body, ...readMarkdown(body).map(shownText), ...lines]),
  ]
}

function shownText(block: Block): string {
  const plain = (inlines: readonly Inline[]) => inlines.map((each) => each.text).join('')
  if (block.kind === 'list') return block.items.map(plain).join('\n')
  return 'inlines' in block ? plain(block.inlines) : block.text
}
