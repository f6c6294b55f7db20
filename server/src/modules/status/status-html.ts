// The page customers open when something is wrong: no script, one small style sheet, readable on any phone.
import { formatInstant, type Instant } from '../../kernel/instant.ts'
import { componentWords, percent, stateWords, timeWords, type Uptime, uptimeSentence } from './core/index.ts'
import type { ComponentView, PageView, PostView } from './status-view.ts'

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign)
const e = escapeHtml

/** `2 Mar 2026, 09:04 UTC`, and for machines in the attribute. */
export function timeTag(at: Instant): string {
  return `<time datetime="${formatInstant(at)}">${timeWords(at)}</time>`
}

export interface Frame {
  readonly title: string
  readonly head?: string
  readonly body: string
}

export function frame({ title, head, body }: Frame): string {
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${e(title)}</title>`,
    '<link rel="stylesheet" href="/status/page.css">',
    head ?? '',
    `</head><body><main>${body}</main></body></html>`,
  ].join('\n')
}

/** `stale`: the database has not answered for a while, and this copy is all there is. */
export function statusHtml(view: PageView, stale: boolean): string {
  const { page, overall, components, open, past } = view
  const incidents = open.filter((each) => each.kind === 'incident')
  const maintenance = open.filter((each) => each.kind === 'maintenance')
  const base = `/status/${page.name}`
  const head = [
    `<link rel="alternate" type="application/atom+xml" title="${e(page.title)}" href="${base}/feed.atom">`,
    `<link rel="alternate" type="application/rss+xml" title="${e(page.title)}" href="${base}/feed.rss">`,
    page.visibility === 'private' ? '<meta name="robots" content="noindex">' : '',
  ].join('')
  const body = [
    `<header><h1>${e(page.title)}</h1>${page.description === null ? '' : `<p>${e(page.description)}</p>`}</header>`,
    stale
      ? `<p class="stale" role="status">This is a copy of ${timeTag(view.asOf)}. It may be behind: the newest word is not known here.</p>`
      : '',
    `<p class="overall ${overall.state}">${e(overall.sentence)}</p>`,
    section('Going on now', incidents.map(postHtml)),
    section('Maintenance', maintenance.map(postHtml)),
    `<section><h2>Components</h2>${groupsOf(components)}</section>`,
    past.length === 0
      ? '<section><h2>Before</h2><p class="soft">Nothing was published in the last 90 days.</p></section>'
      : section('Before', past.slice(0, 10).map(postHtml)),
    past.length > 10 ? `<p><a href="${base}/history">All ${past.length} of the last 90 days</a></p>` : '',
    page.visibility === 'private' ? '' : subscribeForm(base),
    `<footer><p class="soft">As of ${timeTag(view.asOf)}. Times are UTC. <a href="${base}/feed.atom">Atom</a> <a href="${base}/feed.rss">RSS</a> <a href="${base}/maintenance.ics">Maintenance as a calendar</a>${
      page.support === null ? '' : ` <a href="${e(page.support)}">Get help</a>`
    }</p></footer>`,
  ].join('\n')
  return frame({ title: `${page.title}: ${overall.sentence}`, head, body })
}

export function historyHtml(view: PageView): string {
  const back = `<p><a href="/status/${view.page.name}">How it stands now</a></p>`
  const body = `<header><h1>${e(view.page.title)}: the last 90 days</h1></header>${back}${
    view.past.length === 0 ? '<p class="soft">Nothing was published.</p>' : view.past.map(postHtml).join('\n')
  }`
  return frame({ title: `${view.page.title}: history`, body })
}

function section(title: string, parts: readonly string[]): string {
  return parts.length === 0 ? '' : `<section><h2>${e(title)}</h2>${parts.join('\n')}</section>`
}

function postHtml(post: PostView): string {
  const plan =
    post.startsAt === null || post.endsAt === null
      ? ''
      : `<p class="soft">${timeTag(post.startsAt)} to ${timeTag(post.endsAt)}</p>`
  const updates = post.updates.map(
    ({ at, state, body }) =>
      `<li><b>${stateWords[state]}</b> <span class="soft">${timeTag(at)}</span><p>${e(body).replaceAll('\n', '<br>')}</p></li>`,
  )
  return `<article id="${post.id}"><h3>${e(post.title)}</h3>${plan}<ol class="updates">${updates.join('')}</ol></article>`
}

function groupsOf(components: readonly ComponentView[]): string {
  const groups = new Map<string | null, ComponentView[]>()
  for (const each of components) groups.set(each.group, [...(groups.get(each.group) ?? []), each])
  return [...groups]
    .map(
      ([group, list]) =>
        `${group === null ? '' : `<h3>${e(group)}</h3>`}<ul class="components">${list.map(componentHtml).join('')}</ul>`,
    )
    .join('')
}

function componentHtml({ title, description, state, uptime, objective }: ComponentView): string {
  return [
    `<li><div class="line"><span><b>${e(title)}</b>${description === null ? '' : `<br><span class="soft">${e(description)}</span>`}</span>`,
    `<span class="state ${state}">${componentWords[state]}</span></div>`,
    uptime === null ? (objective === null ? '' : '<p class="soft">No data</p>') : uptimeHtml(uptime),
    '</li>',
  ].join('')
}

function uptimeHtml(uptime: Uptime): string {
  const days = uptime.days.map(({ date, level, ratio }) => {
    const words = `${date}: ${ratio === null ? 'no data' : percent(ratio)}`
    return `<i class="${level}" title="${words}"></i>`
  })
  const sentence = uptimeSentence(uptime)
  return `<div class="days" role="img" aria-label="Uptime: ${e(sentence)}">${days.join('')}</div><p class="soft">${e(sentence)}</p>`
}

function subscribeForm(base: string): string {
  return [
    `<section><h2>Hear of it</h2><form method="post" action="${base}/subscribe">`,
    '<label for="email">E-mail address</label>',
    '<input id="email" name="email" type="email" required maxlength="320" autocomplete="email">',
    '<button type="submit">Subscribe</button></form>',
    `<p><a href="${base}/subscribe">Only some components, or a webhook</a></p></section>`,
  ].join('')
}

/** Everything one may choose. Of a private page nobody subscribes here: a form cannot show that it was meant. */
export function subscribeHtml({ page }: PageView): string {
  const base = `/status/${page.name}`
  const choices = page.components.map(
    ({ name, title }) =>
      `<label class="choice"><input type="checkbox" name="component" value="${e(name)}"> ${e(title)}</label>`,
  )
  const only =
    page.components.length < 2
      ? ''
      : `<fieldset><legend>Only of these components (none chosen: all)</legend>${choices.join('')}</fieldset>`
  const form = (field: string, title: string, hint: string) =>
    [
      `<section><h2>${title}</h2><form method="post" action="${base}/subscribe">`,
      field,
      `<p class="soft">${hint}</p>`,
      only,
      '<button type="submit">Subscribe</button></form></section>',
    ].join('')
  const email =
    '<label for="email">E-mail address</label><input id="email" name="email" type="email" required maxlength="320" autocomplete="email">'
  const webhook =
    '<label for="webhook">Address of a webhook</label><input id="webhook" name="webhook" type="url" required maxlength="1000" placeholder="https://" pattern="https?://.*">'
  const body = [
    `<header><h1>${e(page.title)}: hear of it</h1></header><p><a href="${base}">How it stands now</a></p>`,
    ...(page.visibility === 'private'
      ? [`<p><a href="/status-pages/${page.name}">Subscribe in the console</a></p>`]
      : [
          form(
            email,
            'By e-mail',
            'One mail asks you to confirm. Nothing else is sent before you do, and each mail has a link that ends it.',
          ),
          form(
            webhook,
            'By webhook',
            'The first request holds a link that confirms, and the secret that signs every request (Standard Webhooks).',
          ),
        ]),
  ].join('\n')
  return frame({ title: `${page.title}: hear of it`, body })
}

/** One sentence, perhaps one button: the answer to a form or a link. */
export function noticeHtml(notice: {
  readonly title: string
  readonly sentence: string
  readonly button: string | null
  readonly back: string | null
}): string {
  const { title, sentence, button, back } = notice
  // No action: it posts to its own address.
  const form = button === null ? '' : `<form method="post"><button type="submit">${e(button)}</button></form>`
  const link = back === null ? '' : `<p><a href="/status/${e(back)}">Back to the page</a></p>`
  return frame({
    title,
    head: '<meta name="robots" content="noindex">',
    body: `<h1>${e(title)}</h1><p>${e(sentence)}</p>${form}${link}`,
  })
}
