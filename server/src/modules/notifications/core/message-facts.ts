// A message as chats show it: the subject as a head, each fact a line with its label, links as buttons.
import type { Message } from './message.ts'

export interface FactLine {
  /** `Who is hurt`; null for a plain sentence. */
  readonly label: string | null
  readonly text: string
}

/** What the buttons below the message already say. */
const linkLine = /^(Acknowledge|Acknowledge all|Open|Or confirm here): /

export function factLines(message: Message): readonly FactLine[] {
  return message.body
    .split('\n')
    .filter((line) => line !== '' && !linkLine.test(line))
    .map((line) => {
      const [, label, text] = /^([A-Z][A-Za-z ]{1,20}): (.*)$/s.exec(line) ?? []
      return label === undefined || text === undefined ? { label: null, text: line } : { label, text }
    })
}
