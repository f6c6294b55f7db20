// The page customers open when something is wrong: no script, one small style sheet, readable on any phone.
import { day } from '../../kernel/duration.ts'
import { plus } from '../../kernel/instant.ts'
import {
  firstLanguage,
  type Language,
  monthOf,
  monthText,
  type PageWords,
  type StatusPage,
  shareText,
  shownDays,
  type Uptime,
  uptimeText,
  wordsOf,
} from './core/index.ts'
import type { ImageRow } from './images.store.ts'
import { bodyIn, linkTo, type Reading, timeTag, titleIn, urlTo } from './reading.ts'
import type { MonthView } from './status-months.ts'
import type { ComponentView, PostView } from './status-view.ts'

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign)
const e = escapeHtml

export interface Frame {
  readonly language: Language
  readonly title: string
  readonly head?: string
  readonly body: string
}

export function frame({ language, title, head, body }: Frame): string {
  return [
    '<!doctype html>',
    `<html lang="${language}" dir="${wordsOf[language].dir}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${e(title)}</title>`,
    '<link rel="stylesheet" href="/status/page.css">',
    head ?? '',
    `</head><body>${body}</body></html>`,
  ].join('\n')
}

/** Marks text that is in another language than the page around it. */
const langOf = (reading: Reading, language: Language): string =>
  language === reading.language ? '' : ` lang="${language}"`

/** What the declaration of the page says stands in its first language. */
const declared = (reading: Reading): string => langOf(reading, firstLanguage(reading.page))

/** The frame of everything on a page: its head, its way home, its languages. */
function pageFrame(reading: Reading, inside: { title: string; path: string; body: string }): string {
  const { page, words, language } = reading
  const { icon } = reading.images
  const secret = page.customer !== null
  const head = [
    secret ? '' : `<link rel="canonical" href="${e(urlTo(reading, inside.path))}">`,
    ...(page.languages.length < 2 || secret
      ? []
      : [
          ...page.languages.map(
            (each) => `<link rel="alternate" hreflang="${each}" href="${e(urlTo(reading, inside.path, each))}">`,
          ),
          `<link rel="alternate" hreflang="x-default" href="${e(urlTo(reading, inside.path, firstLanguage(page)))}">`,
        ]),
    `<link rel="alternate" type="application/atom+xml" title="${e(page.title)}" href="${linkTo(reading, '/feed.atom')}">`,
    `<link rel="alternate" type="application/rss+xml" title="${e(page.title)}" href="${linkTo(reading, '/feed.rss')}">`,
    page.visibility === 'private' || secret ? '<meta name="robots" content="noindex">' : '',
    secret ? '<meta name="referrer" content="no-referrer">' : '',
    icon === undefined
      ? '<link rel="icon" href="data:,">'
      : `<link rel="icon" type="${icon.type}" href="${pictureUrl(reading, icon)}">`,
    page.color === null
      ? ''
      : `<link rel="stylesheet" href="${reading.address.base}/brand.css?v=${page.color.slice(1)}">`,
  ].join('')
  const choices = page.languages.map((each) =>
    each === language
      ? `<span aria-current="true">${wordsOf[each].name}</span>`
      : `<a href="${linkTo(reading, inside.path, each)}" lang="${each}" hreflang="${each}">${wordsOf[each].name}</a>`,
  )
  const switcher =
    choices.length < 2 ? '' : `<nav class="languages" aria-label="${words.page.languages}">${choices.join('')}</nav>`
  return frame({ language, title: inside.title, head, body: `<main>${switcher}${inside.body}</main>` })
}

const pictureUrl = ({ address }: Reading, { kind, digest }: ImageRow): string =>
  `${address.base}/images/${kind}?v=${digest}`

/** The name of the page, as its logo where it has one; it leads home. */
function nameHtml(reading: Reading): string {
  const { page, images } = reading
  const name =
    images.logo === undefined
      ? e(page.title)
      : `<img class="logo" src="${pictureUrl(reading, images.logo)}" alt="${e(page.title)}">`
  return page.home === null ? name : `<a class="home" href="${e(page.home)}">${name}</a>`
}

const overallText = ({ view, words }: Reading): string => words.overall(view.overall.state, view.overall.all)

export function statusHtml(reading: Reading): string {
  const { view, words, stale } = reading
  const { page, overall, components, open, past } = view
  const incidents = open.filter((each) => each.kind === 'incident')
  const maintenance = open.filter((each) => each.kind === 'maintenance')
  const sentence = overallText(reading)
  const written = declared(reading)
  const posts = (list: readonly PostView[]) => list.map((each) => postHtml(reading, each))
  const body = [
    `<header${written}><h1>${nameHtml(reading)}</h1>${forWhom(reading)}${page.description === null ? '' : `<p>${e(page.description)}</p>`}</header>`,
    stale ? `<p class="stale" role="status">${words.page.stale(timeTag(reading, view.asOf))}</p>` : '',
    `<p class="overall ${overall.state}">${e(sentence)}</p>`,
    section(words.page.goingOn, posts(incidents)),
    section(words.page.maintenance, posts(maintenance)),
    `<section><h2>${e(words.page.parts)}</h2>${groupsOf(reading, components)}</section>`,
    past.length === 0
      ? `<section><h2>${e(words.page.before)}</h2><p class="soft">${e(words.page.nothingLately)}</p></section>`
      : section(words.page.before, posts(past.slice(0, 10))),
    `<p><a href="${linkTo(reading, '/history')}">${e(words.page.history)}</a></p>`,
    isAsked(page) ? subscribeForm(reading) : '',
    footer(reading),
  ].join('\n')
  return pageFrame(reading, { title: `${page.title}: ${sentence}`, path: '', body })
}

/** Strangers subscribe to public pages and customers to their view; to a private page who is signed in. */
const isAsked = ({ visibility, customer }: StatusPage): boolean => visibility === 'public' || customer !== null

function forWhom(reading: Reading): string {
  const { customer } = reading.page
  return customer === null ? '' : `<p class="for">${e(reading.words.page.forCustomer(customer.title))}</p>`
}

function footer(reading: Reading): string {
  const { view, words } = reading
  const links = [
    `<a href="${linkTo(reading, '/feed.atom')}">Atom</a>`,
    `<a href="${linkTo(reading, '/feed.rss')}">RSS</a>`,
    `<a href="${linkTo(reading, '/maintenance.ics')}">${e(words.page.calendar)}</a>`,
    ...(view.page.support === null ? [] : [`<a href="${e(view.page.support)}">${e(words.page.help)}</a>`]),
  ]
  const asOf = words.page.asOf(timeTag(reading, view.asOf), e(view.page.zone.replaceAll('_', ' ')))
  return `<footer class="soft"><p>${asOf}</p><p class="links">${links.join('')}</p></footer>`
}

/** The last 90 days, which are in memory; months before are read. */
export function historyHtml(reading: Reading): string {
  const { view, page } = reading
  const before = monthOf(plus(view.asOf, -shownDays * day), page.zone)
  return historyPage(reading, { path: '/history', subtitle: null, posts: view.past, older: before, newer: null })
}

export function monthHtml(reading: Reading, month: MonthView): string {
  const subtitle = monthText(month.month, reading.language)
  return historyPage(reading, { ...month, subtitle, path: `/history?month=${month.month}` })
}

interface History extends Pick<MonthView, 'posts' | 'older' | 'newer'> {
  readonly path: string
  readonly subtitle: string | null
}

function historyPage(reading: Reading, { path, subtitle, posts, older, newer }: History): string {
  const { page, view, words, stale } = reading
  const title = `${page.title}: ${words.page.history}`
  const to = (month: string | null, text: string, rel: string) =>
    month === null ? '' : `<a rel="${rel}" href="${linkTo(reading, `/history?month=${month}`)}">${e(text)}</a>`
  const body = [
    `<header><h1${declared(reading)}>${e(title)}</h1>${forWhom(reading)}</header><p><a href="${linkTo(reading)}">${e(words.page.now)}</a></p>`,
    stale ? `<p class="stale" role="status">${words.page.stale(timeTag(reading, view.asOf))}</p>` : '',
    subtitle === null ? '' : `<h2>${e(subtitle)}</h2>`,
    posts.length === 0
      ? `<p class="soft">${e(words.page.nothing)}</p>`
      : posts.map((each) => postHtml(reading, each)).join('\n'),
    `<nav class="links">${to(newer, words.page.newer, 'next')}${to(older, words.page.older, 'prev')}</nav>`,
  ].join('\n')
  return pageFrame(reading, { title: subtitle === null ? title : `${title}, ${subtitle}`, path, body })
}

function section(title: string, parts: readonly string[]): string {
  return parts.length === 0 ? '' : `<section><h2>${e(title)}</h2>${parts.join('\n')}</section>`
}

function postHtml(reading: Reading, post: PostView): string {
  const { words } = reading
  const plan =
    post.startsAt === null || post.endsAt === null
      ? ''
      : `<p class="soft">${words.page.until(timeTag(reading, post.startsAt), timeTag(reading, post.endsAt))}</p>`
  const updates = post.updates.map((update) => {
    const said = bodyIn(reading, update)
    const text = `<p${langOf(reading, said.language)}>${e(said.text).replaceAll('\n', '<br>')}</p>`
    return `<li><b>${e(words.posts[update.state])}</b> <span class="soft">${timeTag(reading, update.at)}</span>${text}</li>`
  })
  const title = titleIn(reading, post)
  return `<article id="${post.id}"><h3${langOf(reading, title.language)}>${e(title.text)}</h3>${plan}<ol class="updates">${updates.join('')}</ol></article>`
}

function groupsOf(reading: Reading, components: readonly ComponentView[]): string {
  const groups = new Map<string | null, ComponentView[]>()
  for (const each of components) groups.set(each.group, [...(groups.get(each.group) ?? []), each])
  return [...groups]
    .map(
      ([group, list]) =>
        `${group === null ? '' : `<h3${declared(reading)}>${e(group)}</h3>`}<ul class="components">${list.map((each) => componentHtml(reading, each)).join('')}</ul>`,
    )
    .join('')
}

function componentHtml(reading: Reading, { title, description, state, uptime, objective }: ComponentView): string {
  const { words } = reading
  return [
    `<li><div class="line"><span${declared(reading)}><b>${e(title)}</b>${description === null ? '' : `<br><span class="soft">${e(description)}</span>`}</span>`,
    `<span class="state ${state}">${e(words.components[state])}</span></div>`,
    uptime === null
      ? objective === null
        ? ''
        : `<p class="soft">${e(words.noData)}</p>`
      : uptimeHtml(uptime, reading.language, words),
    '</li>',
  ].join('')
}

function uptimeHtml(uptime: Uptime, language: Language, words: PageWords): string {
  const days = uptime.days.map(({ date, level, ratio }) => {
    const text = `${date}: ${ratio === null ? words.noData : shareText(ratio, language)}`
    return `<i class="${level}" title="${e(text)}"></i>`
  })
  const sentence = uptimeText(uptime, language)
  return `<div class="days" role="img" aria-label="${e(`${words.page.uptimeLabel}: ${sentence}`)}">${days.join('')}</div><p class="soft">${e(sentence)}</p>`
}

const hiddenLanguage = ({ language }: Reading): string => `<input type="hidden" name="lang" value="${language}">`

function subscribeForm(reading: Reading): string {
  const { words, address } = reading
  return [
    `<section><h2>${e(words.page.hear)}</h2><form method="post" action="${address.base}/subscribe">${hiddenLanguage(reading)}`,
    `<label for="email">${e(words.page.email)}</label>`,
    '<input id="email" name="email" type="email" required maxlength="320" autocomplete="email">',
    `<button type="submit">${e(words.page.subscribe)}</button></form>`,
    `<p><a href="${linkTo(reading, '/subscribe')}">${e(words.page.more)}</a></p></section>`,
  ].join('')
}

/** Everything one may choose. Of a private page nobody subscribes here: a form cannot show that it was meant. */
export function subscribeHtml(reading: Reading): string {
  const { words, address, view } = reading
  const { page } = view
  const choices = page.components.map(
    ({ name, title }) =>
      `<label class="choice"${declared(reading)}><input type="checkbox" name="component" value="${e(name)}"> ${e(title)}</label>`,
  )
  const only =
    choices.length < 2 ? '' : `<fieldset><legend>${e(words.subscription.only)}</legend>${choices.join('')}</fieldset>`
  const form = (field: string, title: string, hint: string) =>
    [
      `<section><h2>${e(title)}</h2><form method="post" action="${address.base}/subscribe">${hiddenLanguage(reading)}`,
      field,
      `<p class="soft">${e(hint)}</p>`,
      only,
      `<button type="submit">${e(words.page.subscribe)}</button></form></section>`,
    ].join('')
  const email = `<label for="email">${e(words.page.email)}</label><input id="email" name="email" type="email" required maxlength="320" autocomplete="email">`
  const webhook = `<label for="webhook">${e(words.subscription.webhook)}</label><input id="webhook" name="webhook" type="url" required maxlength="1000" placeholder="https://" pattern="https?://.*">`
  const title = `${page.title}: ${words.page.hear}`
  const body = [
    `<header><h1>${e(title)}</h1>${forWhom(reading)}</header><p><a href="${linkTo(reading)}">${e(words.page.now)}</a></p>`,
    ...(!isAsked(page)
      ? [`<p><a href="/status-pages/${page.name}">${e(words.subscription.inConsole)}</a></p>`]
      : [
          form(email, words.subscription.byEmail, words.subscription.emailHint),
          form(webhook, words.subscription.byWebhook, words.subscription.webhookHint),
        ]),
  ].join('\n')
  return pageFrame(reading, { title, path: '/subscribe', body })
}

export interface Notice {
  readonly language: Language
  readonly title: string
  readonly sentence: string
  readonly button: string | null
  /** Where the page is; null when there is none. */
  readonly back: string | null
}

/** One sentence, perhaps one button: the answer to a form or a link. */
export function noticeHtml({ language, title, sentence, button, back }: Notice): string {
  // No action: it posts to its own address.
  const form = button === null ? '' : `<form method="post"><button type="submit">${e(button)}</button></form>`
  const link = back === null ? '' : `<p><a href="${e(back)}">${e(wordsOf[language].links.back)}</a></p>`
  return frame({
    language,
    title,
    head: '<meta name="robots" content="noindex"><link rel="icon" href="data:,">',
    body: `<main><h1>${e(title)}</h1><p>${e(sentence)}</p>${form}${link}</main>`,
  })
}
