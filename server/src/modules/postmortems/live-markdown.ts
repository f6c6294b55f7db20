// Live blocks and citations of a section as plain Markdown: what a reader elsewhere sees of the frozen facts.
import { plainMarkdown } from '../incidents/core/index.ts'
import { citedIn, type LiveLine, readLiveLine } from './core/index.ts'
import type { PostmortemReply } from './postmortems.contract.ts'

export function fillBlocks(body: string, postmortem: PostmortemReply): string {
  let fenced = false
  return body
    .split('\n')
    .map((line) => {
      if (line.startsWith('```')) fenced = !fenced
      const live = fenced ? null : readLiveLine(line)
      if (live === null) return line
      const lines = linesOf(live, postmortem)
      return (lines.length === 0 ? ['Nothing is known of it.'] : lines)
        .map((each) => `- ${plainMarkdown(each)}`)
        .join('\n')
    })
    .join('\n')
}

function linesOf({ block, of }: LiveLine, { facts, correctiveActions }: PostmortemReply): readonly string[] {
  switch (block) {
    case 'timeline':
      return facts.timeline.map((each) => `${each.at} ${each.sentence}`)
    case 'impact': {
      const { statement, minutes } = facts.impact
      const hurt =
        minutes === null ? 'How long users were hurt is not known.' : `Users hurt for ${Math.round(minutes)} min.`
      return [...(statement === null ? [] : [statement]), hurt]
    }
    case 'budget':
      return facts.budget.map((each) => `${each.displayName} (${each.service}): ${each.sentence}`)
    case 'graph':
      return (facts.graphs ?? [])
        .filter((each) => of === null || each.objective === of)
        .map((each) => {
          const bad = each.points.reduce((sum, point) => sum + point.bad, 0)
          const all = each.points.reduce((sum, point) => sum + point.bad + point.good, 0)
          return `${each.title}, ${each.from} to ${each.to}: ${bad} of ${all} events were bad.`
        })
    case 'actions':
      return correctiveActions.map(
        (each) => `${each.number} ${each.title}: ${each.owner}, due ${each.dueAt.slice(0, 10)}, ${each.state}`,
      )
  }
}

/** What was cited, as footnotes; a citation of nothing known stays a sign in the text. */
export function footnotes({ facts, sections }: PostmortemReply): string {
  const cited = new Set(sections.flatMap((each) => citedIn(each.body)))
  return facts.timeline
    .filter((each) => each.id !== undefined && cited.has(each.id))
    .map((each) => `[^${each.id}]: ${each.at} ${plainMarkdown(each.sentence)}\n`)
    .join('')
}
