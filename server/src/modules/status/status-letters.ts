// The letters to subscribers: short, plain, with the way out in each.
import type { Language } from './core/index.ts'
import { bodyIn, type Speaking, titleIn, urlTo } from './reading.ts'
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

function htmlOf(language: Language, title: string, paragraphs: readonly string[]): string {
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head>`,
    '<body style="margin:0;padding:16px;font:16px/1.5 sans-serif;color:#111">',
    `<h1 style="font-size:20px;margin:0 0 12px">${escapeHtml(title)}</h1>`,
    ...paragraphs.map((each) => `<p style="margin:0 0 10px">${each}</p>`),
    '</body></html>',
  ].join('\n')
}

const link = (href: string, text: string): string => `<a href="${escapeHtml(href)}">${escapeHtml(text)}</a>`

/** A customer's link is its key: it stands in no mail, which is handed on, and is not known here. */
const whereOf = (speaking: Speaking): readonly string[] => (speaking.page.customer === null ? [urlTo(speaking)] : [])

export function questionLetter(
  speaking: Speaking,
  asked: { readonly components: readonly string[] | null; readonly confirmUrl: string },
): LetterText {
  const { components, confirmUrl } = asked
  const { page, words, language } = speaking
  const pageUrl = whereOf(speaking)
  const titles = page.components.flatMap(({ name, title }) => (components?.includes(name) === true ? [title] : []))
  const only = components === null ? [] : [words.letters.only(titles.join(', '))]
  const subject = cut(oneLine(words.letters.question(page.title)))
  const why = words.letters.why(page.title)
  const { otherwise } = words.letters
  return {
    subject,
    text: [why, ...only, '', `${words.links.confirm}: ${confirmUrl}`, '', otherwise, ...pageUrl].join('\n'),
    html: htmlOf(language, subject, [
      escapeHtml(why),
      ...only.map(escapeHtml),
      link(confirmUrl, words.links.confirm),
      escapeHtml(otherwise),
      ...pageUrl.map((each) => link(each, each)),
    ]),
  }
}

export function updateLetter(speaking: Speaking, post: PostRow, update: UpdateRow, leaveUrl: string): LetterText {
  const { page, words, language } = speaking
  const pageUrl = whereOf(speaking)
  const subject = cut(oneLine(`${words.posts[update.state]}: ${titleIn(speaking, post).text}`))
  const touched = page.components.flatMap(({ name, title }) => {
    const impact = update.impacts[name]
    return impact === undefined || impact === 'operational' ? [] : [`${title}: ${words.components[impact]}`]
  })
  const lines = bodyIn(speaking, update)
    .text.split('\n')
    .map((each) => each.trimEnd())
  return {
    subject,
    text: [
      ...lines,
      '',
      ...touched,
      ...(touched.length > 0 ? [''] : []),
      [page.title, ...pageUrl].join(': '),
      `${words.links.leave}: ${leaveUrl}`,
    ].join('\n'),
    html: htmlOf(language, subject, [
      lines.map(escapeHtml).join('<br>'),
      ...touched.map(escapeHtml),
      ...(pageUrl.length === 0 ? [escapeHtml(page.title)] : pageUrl.map((each) => link(each, page.title))),
      `<small>${link(leaveUrl, words.links.leave)}</small>`,
    ]),
  }
}
