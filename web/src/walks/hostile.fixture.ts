// 300 texts that would run as a program wherever a page takes text for anything but text.
import type { Page } from 'playwright-core'

// Each would call `pwned`, by one of the ways a text becomes a program.
export const call = 'pwned()'
const seeds = [
  `<script>${call}</script>`,
  `<img src=x onerror=${call}>`,
  `<svg onload=${call}>`,
  `<svg><script>${call}</script></svg>`,
  `<math><mtext></mtext><mglyph><style><img src onerror=${call}>`,
  `<iframe srcdoc="<script>parent.${call}</script>"></iframe>`,
  `<details open ontoggle=${call}>x</details>`,
  `<a href="javascript:${call}">x</a>`,
  `<input autofocus onfocus=${call}>`,
  `<body onload=${call}>`,
  `<object data="javascript:${call}"></object>`,
  `<form action="javascript:${call}"><button autofocus>x</button></form>`,
  `[x](javascript:${call})`,
  `[y](JaVaScRiPt:${call})`,
  `[x](data:text/html,<script>${call}</script>)`,
  `[x](vbscript:${call})`,
  `![x](x" onerror="${call})`,
  `<javascript:${call}>`,
  `[x]: javascript:${call}\n[x]`,
  `\`\`\`html\n<script>${call}</script>\n\`\`\``,
  `**<img src=x onerror=${call}>**`,
  `> <svg onload=${call}>`,
  `- [x](https://a.example/"onmouseover="${call})`,
  `"><script>${call}</script>`,
  `'-${call}-'`,
  `\${${call}}`,
  `{{constructor.constructor('${call}')()}}`,
  `</textarea><script>${call}</script>`,
  `</title><script>${call}</script>`,
  `--><script>${call}</script>`,
] as const
const turns: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `0 ${text.toUpperCase().replaceAll('PWNED', 'pwned')}`,
  (text) => `1 ${text.replaceAll('<', '&lt;').replaceAll('>', '&gt;')}`,
  (text) => `2 ${text.replaceAll('javascript', 'java\tscript')}`,
  (text) => `\u202e${text}\u202c`,
  (text) => `/timeline\n${text}\n/graph ${text.slice(0, 20)}`,
  (text) => `[^1]${text}[^99999]`,
  (text) => `*${text}*`,
  (text) => `${text}\u00a0`.repeat(3),
  (text) => `# ${text}\n\n| a | b |\n|---|---|\n| ${text} | x |`,
]
export const hostile = seeds.flatMap((seed) => turns.map((turn) => turn(seed)))

/** All 300 in as few texts as a limit allows; what is longer alone is cut. */
export function packed(limit: number): readonly string[] {
  const texts: string[] = []
  for (const each of hostile) {
    const text = each.slice(0, limit)
    const last = texts.at(-1)
    if (last !== undefined && last.length + 1 + text.length <= limit) texts[texts.length - 1] = `${last}\n${text}`
    else texts.push(text)
  }
  return texts
}

/** Hears whatever runs on a page; open before its first visit. */
export async function listen(page: Page, ran: string[]): Promise<void> {
  await page.exposeBinding('pwned', ({ page: where }) => ran.push(where.url()))
  page.on('dialog', (dialog) => {
    ran.push(`dialog on ${page.url()}`)
    void dialog.dismiss()
  })
}

export async function visit(page: Page, address: string, heading: string | RegExp): Promise<void> {
  await page.goto(address)
  await page.getByRole('heading', { name: heading }).first().waitFor()
  // Anything that waits for a load, a focus or an error has had its chance two frames after the page is loaded.
  await page.waitForLoadState('load')
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
}

/** Where the links of a page lead that lead neither to this console nor to the web. */
export async function strangeLinks(page: Page): Promise<readonly string[]> {
  const links = await page.locator('a').evaluateAll((all) => all.map((each) => each.getAttribute('href') ?? ''))
  return links.filter((href) => !/^(https?:\/\/|\/|#|mailto:)/i.test(href))
}
