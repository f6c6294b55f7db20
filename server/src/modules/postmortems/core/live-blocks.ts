// Lines of a section that stand for data: `/timeline` alone on its line is the timeline. And citations: `[^123]`.

export const liveBlocks = ['timeline', 'impact', 'budget', 'graph', 'actions'] as const
export type LiveBlock = (typeof liveBlocks)[number]

export interface LiveLine {
  readonly block: LiveBlock
  /** Of a graph: which objective; null is every one. */
  readonly of: string | null
}

/** Null for a line that is plain Markdown. */
export function readLiveLine(line: string): LiveLine | null {
  const [, name = '', of] = /^\/([a-z]+)(?: +([a-z0-9][a-z0-9.-]{0,62}))? *$/.exec(line) ?? []
  const block = liveBlocks.find((each) => each === name)
  if (block === undefined || (of !== undefined && block !== 'graph')) return null
  return { block, of: of ?? null }
}

/** A citation of an entry of the timeline. The same sign is a footnote in other Markdown, and is exported as one. */
export const citation = /\[\^(\d{1,15})\]/g

export function citedIn(text: string): readonly number[] {
  return [...new Set([...text.matchAll(citation)].map(([, id]) => Number(id)))]
}
