// The public version as a page of its own: no script, one small style sheet, printable. Nothing of a text becomes HTML.
import { type Block, type Inline, type PublicCopy, readMarkdown } from './core/index.ts'

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const e = (text: string): string => text.replace(/[&<>"']/g, (found) => escapes[found] ?? found)

export interface PublicFrame {
  readonly copy: PublicCopy
  readonly publishedOn: string | null
  readonly hash: string
}

export function publicHtml({ copy, publishedOn, hash }: PublicFrame): string {
  const { title, organisation, figures, sections, partial } = copy
  const head = [
    organisation === null ? '' : `<p class="organisation">${e(organisation)}</p>`,
    `<h1>${e(title)}</h1>`,
    `<p class="soft">Review of an incident${publishedOn === null ? ' (preview: nobody outside can read it yet)' : `, published on ${e(publishedOn)}`}</p>`,
  ]
  const facts = figures.map(({ name, value }) => `<div><dt>${e(name)}</dt><dd>${e(value)}</dd></div>`)
  const body = [
    `<header>${head.join('')}</header>`,
    facts.length === 0 ? '' : `<dl>${facts.join('')}</dl>`,
    ...sections.map(
      (each) =>
        `<section><h2>${e(each.title)}</h2>${readMarkdown(each.body).map(blockHtml).join('')}${listOf(each.lines.map(e), 'ul')}</section>`,
    ),
    `<footer>${partial ? '<p>Parts of this review are not public.</p>' : ''}<p>SHA-256 <span class="hash">${hash}</span></p></footer>`,
  ]
  return page(title, body.join('\n'))
}

export const goneHtml = (title: string, sentence: string): string =>
  page(title, `<header><h1>${e(title)}</h1><p>${e(sentence)}</p></header>`)

function page(title: string, body: string): string {
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">',
    `<title>${e(title)}</title>`,
    '<link rel="stylesheet" href="/reviews/page.css">',
    `</head><body><main>${body}</main></body></html>`,
  ].join('\n')
}

const listOf = (items: readonly string[], tag: 'ul' | 'ol'): string =>
  items.length === 0 ? '' : `<${tag}>${items.map((each) => `<li>${each}</li>`).join('')}</${tag}>`

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h3>${inlineHtml(block.inlines)}</h3>`
    case 'paragraph':
      return `<p>${inlineHtml(block.inlines)}</p>`
    case 'quote':
      return `<blockquote>${inlineHtml(block.inlines)}</blockquote>`
    case 'list':
      return listOf(block.items.map(inlineHtml), block.ordered ? 'ol' : 'ul')
    case 'code':
      return `<pre>${e(block.text)}</pre>`
    case 'live':
      return ''
  }
}

function inlineHtml(inlines: readonly Inline[]): string {
  return inlines
    .map((each) => {
      const text = e(each.text)
      if (each.kind === 'strong') return `<strong>${text}</strong>`
      if (each.kind === 'emphasis') return `<em>${text}</em>`
      if (each.kind === 'code') return `<code>${text}</code>`
      if (each.kind === 'link') return `<a href="${e(each.href)}" rel="noreferrer nofollow">${text}</a>`
      return text
    })
    .join('')
}

export const publicStyle = `
:root { color-scheme: light dark; }
body { margin: 0; font: 16px/1.6 system-ui, sans-serif; color: light-dark(#101a1e, #e4eaee); background: light-dark(#fff, #0e1518); }
main { max-width: 44rem; margin: 0 auto; padding: 32px 20px 64px; overflow-wrap: anywhere; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 8px; }
h2 { font-size: 1.2rem; margin: 32px 0 8px; }
h3 { font-size: 1rem; }
.organisation { margin: 0 0 24px; font-weight: 650; }
.soft, footer, dt { color: light-dark(#4a5a62, #a6b4bc); }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr)); gap: 12px 24px; padding: 16px 0; border-block: 1px solid light-dark(#c8d2d7, #34434a); }
dl div { display: grid; }
dt { font-size: 0.85rem; }
dd { margin: 0; }
p, blockquote { white-space: pre-line; }
blockquote { margin: 0; padding-inline-start: 12px; border-inline-start: 3px solid light-dark(#c8d2d7, #34434a); }
pre { white-space: pre-wrap; padding: 8px 12px; border: 1px solid light-dark(#c8d2d7, #34434a); }
a { color: light-dark(#0b57a4, #8ec1ff); }
footer { margin-top: 40px; font-size: 0.85rem; }
.hash { font-family: ui-monospace, monospace; }
@media print {
  :root { color-scheme: light; }
  main { max-width: none; padding: 0; }
  h2, h3 { break-after: avoid; }
  li, dl div { break-inside: avoid; }
  a::after { content: " (" attr(href) ")"; }
  @page { margin: 20mm; @bottom-right { content: counter(page) " / " counter(pages); } }
}
`
