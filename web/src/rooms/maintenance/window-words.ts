// A maintenance as a form says it, and as a document declares it.

export const repeats = ['once', 'daily', 'weekly', 'monthly', 'own'] as const
export type Repeat = (typeof repeats)[number]

export interface WindowForm {
  /** Empty: made from the title. */
  readonly name: string
  readonly title: string
  readonly services: readonly string[]
  readonly dependants: 'none' | 'hard' | 'all'
  /** As `datetime-local` writes it: 2026-03-04T02:00 */
  readonly start: string
  readonly timeZone: string
  readonly lasts: string
  readonly repeat: Repeat
  /** Of `own`. */
  readonly rule: string
  readonly reason: string
  readonly budget: 'drop' | 'good' | 'count'
  readonly tells: boolean
  readonly publicTitle: string
  readonly publicText: string
}

const days = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const
const dayWords = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const
const ordinals = ['first', 'second', 'third', 'fourth', 'last'] as const

interface Place {
  readonly weekday: number
  /** 0 to 4: a fifth is the last of its month. */
  readonly nth: number
}

function placeOf(start: string): Place | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(start)
  if (match === null) return null
  const [year = 0, month = 1, day = 1] = match.slice(1).map(Number)
  const date = new Date(Date.UTC(year, month - 1, day))
  return { weekday: date.getUTCDay(), nth: Math.min(4, Math.floor((day - 1) / 7)) }
}

/** What the choices mean for this beginning: `Every Sunday`. */
export function repeatWords(repeat: Repeat, start: string): string {
  const place = placeOf(start)
  const day = place === null ? 'week' : dayWords[place.weekday]
  const words: Readonly<Record<Repeat, string>> = {
    once: 'Once',
    daily: 'Every day',
    weekly: `Every ${day}`,
    monthly: place === null ? 'Every month' : `Every ${ordinals[place.nth]} ${day} of a month`,
    own: 'By a rule of its own',
  }
  return words[repeat]
}

export function ruleOf(repeat: Repeat, start: string, own: string): string | null {
  const place = placeOf(start)
  if (repeat === 'once') return null
  if (repeat === 'own') return own.trim()
  if (repeat === 'daily' || place === null) return 'FREQ=DAILY'
  const day = days[place.weekday] ?? 'SU'
  if (repeat === 'weekly') return `FREQ=WEEKLY;BYDAY=${day}`
  return `FREQ=MONTHLY;BYDAY=${place.nth === 4 ? '-1' : place.nth + 1}${day}`
}

/** Which choice a rule is; one that is none of them stays as it is written. */
export function repeatOf(rule: string | null, start: string): Repeat {
  if (rule === null) return 'once'
  return (['daily', 'weekly', 'monthly'] as const).find((each) => ruleOf(each, start, '') === rule) ?? 'own'
}

/** RFC 1123: what is left of a title. */
export function nameFrom(title: string): string {
  const plain = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
  return plain
    .replace(/^-+|-+$/g, '')
    .slice(0, 63)
    .replace(/-+$/, '')
}

export const wallOf = (start: string): string => start.replace('T', ' ').slice(0, 16)

export function draftOf(form: WindowForm) {
  const rule = ruleOf(form.repeat, form.start, form.rule)
  return {
    services: [...form.services],
    dependants: form.dependants,
    start: wallOf(form.start),
    timeZone: form.timeZone,
    lasts: form.lasts,
    ...(rule === null ? {} : { repeat: rule }),
  }
}

export function documentOf(form: WindowForm) {
  const name = form.name === '' ? nameFrom(form.title) : form.name
  return {
    apiVersion: 'mainstay.dev/v1',
    kind: 'MaintenanceWindow',
    metadata: { name, displayName: form.title.trim() },
    spec: {
      ...draftOf(form),
      reason: form.reason.trim(),
      budget: form.budget,
      ...(form.tells ? { announce: { title: form.publicTitle.trim(), text: form.publicText.trim() } } : {}),
    },
  }
}

const text = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise)

/** A declared window, back in the form. */
export function formOf(
  metadata: { readonly name: string; readonly displayName?: string | undefined },
  spec: Readonly<Record<string, unknown>>,
  fresh: WindowForm,
): WindowForm {
  const start = text(spec.start, '').replace(' ', 'T').slice(0, 16)
  const rule = typeof spec.repeat === 'string' ? spec.repeat : null
  const announce: Readonly<Record<string, unknown>> | null =
    typeof spec.announce === 'object' && spec.announce !== null ? { ...spec.announce } : null
  return {
    ...fresh,
    name: metadata.name,
    title: metadata.displayName ?? metadata.name,
    services: Array.isArray(spec.services) ? spec.services.filter((each) => typeof each === 'string') : [],
    dependants: (['hard', 'all'] as const).find((each) => each === spec.dependants) ?? 'none',
    start,
    timeZone: text(spec.timeZone, 'UTC'),
    lasts: text(spec.lasts, '1h'),
    repeat: repeatOf(rule, start),
    rule: rule ?? '',
    reason: text(spec.reason, ''),
    budget: (['good', 'count'] as const).find((each) => each === spec.budget) ?? 'drop',
    tells: announce !== null,
    publicTitle: text(announce?.title, ''),
    publicText: text(announce?.text, ''),
  }
}

export const treatmentWords = {
  drop: 'Left out of budgets',
  good: 'Counted as good in budgets',
  count: 'Counted in budgets',
} as const

export const stateWords = {
  scheduled: 'Planned',
  in_progress: 'Under way',
  completed: 'Over',
  cancelled: 'Cancelled',
} as const

export const stateTones = {
  scheduled: 'info',
  in_progress: 'silenced',
  completed: 'ok',
  cancelled: 'unknown',
} as const
