// The letters to subscribers: short, plain, with the way out in each.
import { componentWords, type StatusPage, stateWords } from './core/index.ts'
import type { PostRow, UpdateRow } from './status.store.ts'
import { escapeHtml } from './status-html.ts'

interface LetterText {
  readonly subject: string
  readonly text: string
  readonly html: string
}

const oneLine = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').trim()
const subjectLimit = 78
const cut = (text: string): string => (text.length > subjectLimit ? `${text.slice(0, subjectLimit - 1)}…` : text)

function htmlOf(title: string, paragraphs: readonly string[]): string {
  return [
    '<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head>',
    '<body style="margin:0;padding:16px;font:16px/1.5 sans-serif;color:#111">',
    `<h1 style="font-size:20px;margin:0 0 12px">${escapeHtml(title)}</h1>`,
    ...paragraphs.map((each) => `<p style="margin:0 0 10px">${each}</p>`),
    '</body></html>',
  ].join('\n')
}

const link = (href: string, text: string): string => `<a href="${escapeHtml(href)}">${escapeHtml(text)}</a>`

export function questionLetter(
  page: StatusPage,
  pageUrl: string,
  asked: { readonly components: readonly string[] | null; readonly confirmUrl: string },
): LetterText {
  const { components, confirmUrl } = asked
  const only =
    components === null
      ? []
      : [
          `Only of: ${page.components.flatMap(({ name, title }) => (components.includes(name) ? [title] : [])).join(', ')}`,
        ]
  const subject = cut(oneLine(`Confirm: updates of ${page.title}`))
  const why = `Somebody, most likely you, wants updates of ${page.title} at this address.`
  const otherwise = 'If it was not you, do nothing: nothing else will be sent here.'
  return {
    subject,
    text: [why, ...only, '', `Confirm: ${confirmUrl}`, '', otherwise, pageUrl].join('\n'),
    html: htmlOf(subject, [
      escapeHtml(why),
      ...only.map(escapeHtml),
      link(confirmUrl, 'Confirm'),
      escapeHtml(otherwise),
      link(pageUrl, pageUrl),
    ]),
  }
}

export function updateLetter(
  page: StatusPage,
  post: PostRow,
  update: UpdateRow,
  pageUrl: string,
  leaveUrl: string,
): LetterText {
  const subject = cut(oneLine(`${stateWords[update.state]}: ${post.title}`))
  const touched = page.components.flatMap(({ name, title }) => {
    const impact = update.impacts[name]
    return impact === undefined || impact === 'operational' ? [] : [`${title}: ${componentWords[impact]}`]
  })
  const lines = update.body.split('\n').map((each) => each.trimEnd())
  return {
    subject,
    text: [
      ...lines,
      '',
      ...touched,
      ...(touched.length > 0 ? [''] : []),
      `${page.title}: ${pageUrl}`,
      `Unsubscribe: ${leaveUrl}`,
    ].join('\n'),
    html: htmlOf(subject, [
      lines.map(escapeHtml).join('<br>'),
      ...touched.map(escapeHtml),
      link(pageUrl, page.title),
      `<small>${link(leaveUrl, 'Unsubscribe')}</small>`,
    ]),
  }
}
