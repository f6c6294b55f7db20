// The note of a hand-over: which shift it is about, and what it says. From data only; nothing is made up.
import { hour } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'
import { type HandOver, handOversOf } from './hand-over.ts'
import type { Shift } from './schedule.ts'

/** Whoever has just come on call reads about the shift before. */
const freshMs = 2 * hour

export interface NotedShift extends Interval {
  readonly leaving: readonly string[]
  readonly coming: readonly string[]
  /** False when nothing in the window ends it. */
  readonly hasEnd: boolean
}

/** The shift the note is about; a window without any hand-over is one shift. */
export function notedShift(shifts: readonly Shift[], window: Interval, at: Instant): NotedShift {
  const changes = handOversOf(shifts, window)
  const behind = changes.filter((each) => each.at <= at)
  const last = behind.at(-1)
  const before = behind.at(-2)
  // After a hole, or where the record begins, there is nobody to hand over: the note is about the shift that began.
  if (last !== undefined && at - last.at < freshMs && last.leaving.length + last.staying.length > 0)
    return {
      start: before?.at ?? window.start,
      end: last.at,
      hasEnd: true,
      leaving: [...last.leaving, ...last.staying].sort(),
      coming: peopleAfter(last),
    }
  const next = changes.find((each) => each.at > at)
  const serving = [...new Set(shifts.filter((each) => each.start <= at && each.end > at).map((each) => each.person))]
  return {
    start: last?.at ?? window.start,
    end: next?.at ?? window.end,
    hasEnd: next !== undefined,
    leaving: serving.sort(),
    coming: next === undefined ? [] : peopleAfter(next),
  }
}

const peopleAfter = ({ coming, staying }: HandOver): readonly string[] => [...coming, ...staying].sort()

export interface NoteParts {
  readonly title: string
  readonly span: string
  readonly leaving: string
  readonly coming: string
  readonly counts: string
  readonly open: readonly { readonly title: string; readonly standing: string; readonly link: string }[]
  readonly happened: readonly { readonly title: string; readonly standing: string }[]
  readonly ahead: readonly string[]
  readonly facts: readonly { readonly heading: string; readonly sentence: string; readonly link: string | null }[]
}

/** Markdown. What a sender wrote cannot become a heading, a link or an image. */
export function noteText(parts: NoteParts): string {
  const headings = [...new Set(parts.facts.map((each) => each.heading))]
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['Still open', parts.open.map((each) => `${plain(each.title)}: ${plain(each.standing)} <${each.link}>`)],
    ['What happened', parts.happened.map((each) => `${plain(each.title)}: ${plain(each.standing)}`)],
    ...headings.map((heading): readonly [string, readonly string[]] => [
      heading,
      parts.facts
        .filter((each) => each.heading === heading)
        .map((each) => `${plain(each.sentence)}${each.link === null ? '' : ` <${each.link}>`}`),
    ]),
    ['Coming up', parts.ahead.map(plain)],
  ]
  return [
    `# ${plain(parts.title)}`,
    '',
    `${parts.span}. ${plain(parts.leaving)} → ${plain(parts.coming)}. ${parts.counts}`,
    ...sections.flatMap(([heading, lines]) =>
      lines.length === 0 ? [] : ['', `## ${heading}`, '', ...lines.map((each) => `- ${each}`)],
    ),
    '',
  ].join('\n')
}

function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>#!|]/g, (sign) => `\\${sign}`)
}
