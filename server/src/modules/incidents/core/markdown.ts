// Markdown written from data: what people typed stays text, whatever it looks like.

// Links and images need a bracket, HTML an angle; dashes and round brackets mean nothing inside a line.
const special = /[\\`*_[\]<>#|~&]/g

/** One line of text as Markdown that shows exactly these characters. */
export function plainMarkdown(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(special, (each) => (each === '<' ? '&lt;' : each === '>' ? '&gt;' : each === '&' ? '&amp;' : `\\${each}`))
}

export interface MarkdownSource {
  readonly title: string
  readonly facts: readonly (readonly [string, string | null])[]
  readonly sections: readonly { readonly title: string; readonly lines: readonly string[] }[]
}

/** A heading, facts as a list, sections as lists; empty ones are left out. */
export function writeMarkdown({ title, facts, sections }: MarkdownSource): string {
  const known = facts.filter((fact): fact is readonly [string, string] => fact[1] !== null && fact[1] !== '')
  const parts = [
    `# ${plainMarkdown(title)}`,
    known.map(([name, value]) => `- **${plainMarkdown(name)}:** ${plainMarkdown(value)}`).join('\n'),
    ...sections
      .filter((section) => section.lines.length > 0)
      .map(
        (section) =>
          `## ${plainMarkdown(section.title)}\n\n${section.lines.map((line) => `- ${plainMarkdown(line)}`).join('\n')}`,
      ),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}
