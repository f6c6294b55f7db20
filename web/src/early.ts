// The first script of the page, small and alone: it asks who is looking, and for the first data of the lists people open
// cold, while the console itself is still on its way. Each answer is handed out once, to whoever asks for that address.

import type { EarlyAnswers } from './shell/early-fetch.ts'

const api = '/api/v1'
const frame = [`${api}/session`, '/version', `${api}/overview`, `${api}/oncall/me`]

/** Exactly the addresses these pages ask for without any filter; a walk fails when one is asked for and not taken. */
const firstData: Readonly<Record<string, readonly string[]>> = {
  '/': [],
  '/services': [`${api}/services?limit=100`],
  '/objectives': [`${api}/objectives?sort=worst&limit=100`],
  '/alerts': [`${api}/alerts?status=open&limit=100`],
  '/incidents': [`${api}/incidents?status=open&limit=100`],
}

// The console came first, on a slow connection: it has asked for itself.
const isLate = window.mainstayEarly !== undefined
const answers: EarlyAnswers = new Map()
window.mainstayEarly ??= answers

const { pathname, search } = window.location
const session = document.querySelector('meta[name="session"]')?.getAttribute('content')
if (!isLate && session === 'brought' && !/^\/(setup|sign-in)\b/.test(pathname)) {
  const own = search === '' ? (firstData[pathname] ?? []) : []
  // What the page shows goes before what stands around it.
  for (const address of [`${api}/session`, ...own, ...frame.slice(1)]) ask(address)
}

function ask(address: string): void {
  const answer = fetch(address, {
    headers: { accept: 'application/json, application/problem+json' },
    credentials: 'same-origin',
  })
  // Whoever takes it hears of a failure; until then it is nobody's.
  answer.catch(() => undefined)
  answers.set(address, answer)
  performance.mark('early.asked', { detail: address })
}
