// The page behind the link of a message, for any phone: no script, one style sheet, one button. A few kilobytes.

export interface AnswerPage {
  readonly title: string
  /** One fact a line: label and text. */
  readonly facts: readonly (readonly [string, string])[]
  readonly sentence: string
  /** Null when there is nothing to press. */
  readonly button: string | null
  readonly link: { readonly href: string; readonly text: string } | null
  /** Asks whether it was worth it: two more buttons, one gesture. */
  readonly asksWorth?: true
}

/** What the two buttons send, as a form does. */
export const worthWords = { useful: true, noise: false } as const

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const toHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign)
const longestFact = 1_000
const cut = (text: string): string => (text.length > longestFact ? `${text.slice(0, longestFact - 1)}…` : text)

export function answerPage(page: AnswerPage): string {
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="robots" content="noindex">',
    `<title>${toHtml(page.title)}</title>`,
    '<link rel="stylesheet" href="/a/page.css">',
    '</head><body><main>',
    `<h1>${toHtml(cut(page.title))}</h1>`,
    ...page.facts.map(([label, text]) => `<p><b>${toHtml(label)}</b> ${toHtml(cut(text))}</p>`),
    `<p class="say">${toHtml(cut(page.sentence))}</p>`,
    // No action: it posts to its own address, wherever that is mounted.
    page.button === null ? '' : `<form method="post"><button type="submit">${toHtml(page.button)}</button></form>`,
    page.asksWorth === true
      ? '<form method="post" class="worth"><p>Was it worth waking you?</p>' +
        '<button name="worth" value="useful">Worth it</button><button name="worth" value="noise">Noise</button></form>'
      : '',
    page.link === null ? '' : `<p><a href="${toHtml(page.link.href)}">${toHtml(page.link.text)}</a></p>`,
    '</main></body></html>',
  ].join('\n')
}

export const answerPageStyle = `body{margin:0;background:#fff;color:#111;font:18px/1.45 sans-serif}
main{max-width:34em;margin:0 auto;padding:20px}
h1{font-size:24px;line-height:1.25;margin:0 0 16px}
p{margin:0 0 10px;overflow-wrap:break-word}
b{display:block;font-size:14px;color:#555}
.say{margin:20px 0;font-weight:bold}
button{display:block;width:100%;padding:22px 12px;border:0;border-radius:10px;background:#0b5fff;color:#fff;font:bold 22px sans-serif;cursor:pointer}
button:focus{outline:4px solid #111}
.worth{display:flex;flex-wrap:wrap;gap:12px;margin:0 0 20px}
.worth p{flex:1 0 100%;margin:0}
.worth button{flex:1;width:auto;padding:16px 12px;border:2px solid #0b5fff;background:none;color:inherit;font-size:18px}
a{color:#0b5fff}
@media (prefers-color-scheme:dark){body{background:#111;color:#eee}b{color:#aaa}a{color:#8ab4ff}button:focus{outline-color:#fff}}
`
