// Shows the subset as elements; there is no way from here into HTML.
import { createContext, type ReactNode, useContext } from 'react'
import type { LiveLine } from '../../../../server/src/modules/postmortems/core/index.ts'
import { type Block, type Inline, readMarkdown } from '../../../../server/src/modules/postmortems/core/index.ts'

/** What stands for data is drawn by whoever has the data; without it the line is shown as it was written. */
export interface Drawn {
  readonly live: (line: LiveLine) => ReactNode
  /** Null when there is no such entry. */
  readonly cite: (entry: number) => ReactNode
}

export const DrawnFrom = createContext<Drawn | null>(null)

export function MarkdownView({ text }: { text: string }) {
  return (
    <div className="prose">
      {numbered(readMarkdown(text)).map(([key, block]) => (
        <BlockView key={key} block={block} />
      ))}
    </div>
  )
}

/** A text is shown anew as a whole, so the place of a part is its identity. */
function numbered<Item>(items: readonly Item[]): readonly (readonly [string, Item])[] {
  return items.map((item, index) => [String(index), item])
}

function BlockView({ block }: { block: Block }) {
  switch (block.kind) {
    case 'heading':
      return (
        <h4>
          <Inlines inlines={block.inlines} />
        </h4>
      )
    case 'paragraph':
      return (
        <p>
          <Inlines inlines={block.inlines} />
        </p>
      )
    case 'list': {
      const items = numbered(block.items).map(([key, item]) => (
        <li key={key}>
          <Inlines inlines={item} />
        </li>
      ))
      return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>
    }
    case 'quote':
      return (
        <blockquote>
          <Inlines inlines={block.inlines} />
        </blockquote>
      )
    case 'live':
      return <LiveView line={block.line} text={block.text} />
    case 'code':
      return <pre className="mono">{block.text}</pre>
  }
}

function LiveView({ line, text }: { line: LiveLine; text: string }) {
  const drawn = useContext(DrawnFrom)
  return drawn === null ? <p>{text}</p> : <div className="live-block">{drawn.live(line)}</div>
}

function Citation({ entry, text }: { entry: number; text: string }) {
  return useContext(DrawnFrom)?.cite(entry) ?? text
}

function Inlines({ inlines }: { inlines: readonly Inline[] }) {
  return numbered(inlines).map(([key, each]) => {
    if (each.kind === 'strong') return <strong key={key}>{each.text}</strong>
    if (each.kind === 'emphasis') return <em key={key}>{each.text}</em>
    if (each.kind === 'code') return <code key={key}>{each.text}</code>
    if (each.kind === 'cite') return <Citation key={key} entry={each.entry} text={each.text} />
    if (each.kind === 'link')
      return (
        <a key={key} href={each.href} rel="noreferrer">
          {each.text}
        </a>
      )
    return <span key={key}>{each.text}</span>
  })
}
