// Words of alerts and people as Markdown that means nothing: no mention, no reference, no markup, no command.
import type { TicketDraft } from './core/index.ts'

export function quiet(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/([\\`*_{}[\]()#!|~$+>-])/g, '\\$1')
    .replace(/@(?=\w)/g, '@\u200b')
    .replace(/(https?):\/\//gi, '$1\u200b://')
}

/** Bullets: a line that begins with a slash would be a command to GitLab. */
export function markdownOf({ lines, url, mark }: TicketDraft): string {
  return [...lines.map((line) => `- ${quiet(line)}`), '', `[Open in Mainstay](${url})`, '', `<!-- ${mark} -->`].join(
    '\n',
  )
}
