// The commands people write in chat, in the console's command line and in the terminal: one grammar for all of them.
import { parseDuration } from '../../../kernel/duration.ts'
import { nearest } from '../../../kernel/names.ts'
import {
  type IncidentRole,
  incidentRoles,
  roleNamed,
  type UpdateAudience,
  updateAudiences,
} from '../../incidents/core/index.ts'

/** Somebody named in a command: by the chat's own id, by the catalog's name, or whoever writes. */
export type PersonWord =
  | { readonly kind: 'user'; readonly id: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'self' }

export type ChatCommand =
  /** Without a title a form is opened where there is one. */
  | { readonly kind: 'declare'; readonly title: string | null; readonly severity: string | null }
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'severity'; readonly severity: string; readonly reason: string }
  | { readonly kind: 'role'; readonly role: IncidentRole; readonly person: PersonWord }
  /** The holder keeps it until the other accepts. */
  | { readonly kind: 'offer'; readonly role: IncidentRole; readonly person: PersonWord }
  | { readonly kind: 'answer-offer'; readonly role: IncidentRole; readonly accept: boolean }
  /** Without a text a form is opened where there is one. */
  | {
      readonly kind: 'update'
      readonly audience: UpdateAudience
      readonly customer: string | null
      readonly text: string | null
    }
  /** About an update that somebody proposed. */
  | {
      readonly kind: 'decide-update'
      readonly proposal: number
      readonly approve: boolean
      readonly reason: string | null
    }
  /** One's own. */
  | { readonly kind: 'withdraw-update'; readonly proposal: number; readonly reason: string | null }
  | { readonly kind: 'impact'; readonly people: number | null; readonly text: string | null }
  /** The graph of an objective, frozen; without a name the worst one of what is hurt, without a time since it began. */
  | { readonly kind: 'pin'; readonly objective: string | null; readonly backMs: number | null }
  | { readonly kind: 'merge'; readonly into: number; readonly reason: string }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'task'; readonly text: string; readonly owner: PersonWord | null }
  | { readonly kind: 'decision'; readonly text: string; readonly reason: string }
  | { readonly kind: 'hypothesis'; readonly text: string }
  /** Verified by an objective, or by whoever says so. */
  | { readonly kind: 'mitigation'; readonly text: string; readonly objective: string | null }
  | { readonly kind: 'vendor-case'; readonly vendor: string; readonly caseNumber: string | null; readonly text: string }
  | { readonly kind: 'move'; readonly to: 'active' | 'mitigated' | 'resolved'; readonly note: string | null }
  | { readonly kind: 'status' }
  | { readonly kind: 'help' }

export type CommandRead =
  | { readonly ok: true; readonly incident: number | null; readonly command: ChatCommand }
  | { readonly ok: false; readonly sentence: string }

/** As it is written, and what it does; help and the documentation show the same lines. */
export const commandLines: readonly (readonly [written: string, does: string])[] = [
  ['declare [sev2] SENTENCE', 'declares an incident and opens its room'],
  ['ack', 'acknowledges its alerts: you are on it'],
  ['sev 2 because REASON', 'changes the severity'],
  ['role commander @ana', 'hands a role to somebody; without a name you take it'],
  [
    'offer commander @ana',
    'asks somebody to take a role; who holds it keeps it until they `accept commander` or `decline commander`',
  ],
  ['update [to executives:] TEXT', 'tells the company, or whom you name; the clock for the next update starts anew'],
  ['approve 1', 'approves a proposed update, which tells people; `disapprove 1 because REASON` declines it'],
  ['withdraw 1 [because REASON]', 'takes back an update you proposed; nobody is told'],
  ['impact [1200 people:] TEXT', 'states who is hurt, and how many'],
  ['note TEXT', 'writes into the timeline'],
  [
    'pin [OBJECTIVE] [2h]',
    'pins a graph into the timeline, as data: of the last hours, or since it began; without a name the worst one',
  ],
  ['task TEXT [@ana]', 'asks for something to be done'],
  ['decide TEXT because REASON', 'records a decision'],
  ['suspect TEXT', 'adds a hypothesis'],
  ['try TEXT [proven by OBJECTIVE]', 'starts a mitigation; with an objective it is verified by what is measured'],
  ['vendor NAME [case NUMBER]: TEXT', 'asks a vendor: who, what for, under which number'],
  ['mitigated [NOTE]', 'users are no longer hurt'],
  ['resolved [NOTE]', 'the work is over'],
  ['reopen because REASON', 'it is active again'],
  ['merge into 41 because REASON', 'it is the same as another one: its alerts move there, and it ends'],
  ['status', 'how it stands; outside a room, which incidents are open'],
  ['help', 'these lines'],
]

// What people call the same thing.
const verbs = {
  declare: ['declare', 'new', 'open'],
  acknowledge: ['ack', 'acknowledge'],
  severity: ['sev', 'severity'],
  role: ['role'],
  lead: ['lead', 'command'],
  offer: ['offer'],
  accept: ['accept'],
  decline: ['decline'],
  update: ['update', 'tell'],
  approve: ['approve'],
  disapprove: ['disapprove'],
  withdraw: ['withdraw'],
  impact: ['impact', 'hurt'],
  note: ['note'],
  pin: ['pin', 'graph'],
  task: ['task', 'todo'],
  decision: ['decide', 'decision'],
  hypothesis: ['suspect', 'hypothesis'],
  mitigation: ['try', 'mitigation'],
  'vendor-case': ['vendor'],
  mitigated: ['mitigated', 'mitigate'],
  resolved: ['resolved', 'resolve', 'close'],
  active: ['reopen'],
  merge: ['merge'],
  status: ['status', 'list'],
  help: ['help', '?'],
} as const
type Verb = keyof typeof verbs

/** Far beyond any sentence; what follows would be refused field by field anyway. */
export const longestCommand = 5_000

export function readCommand(text: string): CommandRead {
  if (text.length > longestCommand) return refuse(`A command has at most ${longestCommand} characters.`)
  const { incident, rest } = readIncident(text.trim().replace(/^\/?mainstay(\s+|$)/i, ''))
  const [, word = '', said = ''] = /^(\S*)\s*([\s\S]*)$/.exec(rest) ?? []
  if (word === '') return { ok: true, incident, command: { kind: incident === null ? 'help' : 'status' } }
  const severity = /^(?:sev|p)-?[0-9][:,]?$/i.exec(word)
  if (severity !== null) return within(incident, readSeverity(`${word} ${said}`))
  const verb = verbOf(word.toLowerCase())
  if (verb === null) return refuse(unknownWord(word))
  return within(incident, read(verb, said.trim()))
}

type Read = ChatCommand | { readonly kind: 'refused'; readonly sentence: string }

function within(incident: number | null, read: Read): CommandRead {
  return read.kind === 'refused' ? refuse(read.sentence) : { ok: true, incident, command: read }
}

/** `#42`, `inc-42` or a bare number first says which incident is meant. */
function readIncident(text: string): { readonly incident: number | null; readonly rest: string } {
  const named = /^(?:#|inc-?)?(\d{1,9})(?=\s|$)/i.exec(text)
  if (named === null) return { incident: null, rest: text }
  return { incident: Number(named[1]), rest: text.slice(named[0].length).trim() }
}

function verbOf(word: string): Verb | null {
  for (const [verb, words] of Object.entries(verbs)) {
    if (words.some((each) => each === word) && isVerb(verb)) return verb
  }
  return null
}

const isVerb = (word: string): word is Verb => Object.hasOwn(verbs, word)

function unknownWord(word: string): string {
  const known = nearest(word, Object.values(verbs).flat())
  const shown = word.length > 40 ? `${word.slice(0, 40)}…` : word
  return known === null
    ? `There is no command "${shown}". Write \`help\` to see them all.`
    : `There is no command "${shown}". Did you mean \`${known}\`?`
}

function read(verb: Verb, said: string): Read {
  switch (verb) {
    case 'declare':
      return readDeclaration(said)
    case 'acknowledge':
      return { kind: 'acknowledge' }
    case 'severity':
      return readSeverity(said)
    case 'role':
      return readRole(said)
    case 'lead':
      return { kind: 'role', role: 'commander', person: personOf(said) ?? { kind: 'self' } }
    case 'offer':
      return readOffer(said)
    case 'accept':
    case 'decline': {
      const role = roleNamed(said)
      return role === null ? need(`${verb} commander`) : { kind: 'answer-offer', role, accept: verb === 'accept' }
    }
    case 'update':
      return readUpdate(said)
    case 'approve':
    case 'disapprove':
      return readVerdict(verb, said)
    case 'withdraw':
      return readWithdrawal(said)
    case 'impact':
      return readImpact(said)
    case 'note':
      return said === '' ? need('note TEXT') : { kind: 'note', text: said }
    case 'pin':
      return readPin(said)
    case 'task':
      return readTask(said)
    case 'decision': {
      const { text, reason } = apart(said)
      return text === '' || reason === '' ? need('decide TEXT because REASON') : { kind: 'decision', text, reason }
    }
    case 'hypothesis':
      return said === '' ? need('suspect TEXT') : { kind: 'hypothesis', text: said }
    case 'mitigation':
      return readMitigation(said)
    case 'vendor-case':
      return readVendorCase(said)
    case 'mitigated':
    case 'resolved':
    case 'active':
      return { kind: 'move', to: verb, note: withoutBecause(said) || null }
    case 'merge':
      return readMerge(said)
    case 'status':
      return { kind: 'status' }
    case 'help':
      return { kind: 'help' }
  }
}

const refuse = (sentence: string): CommandRead => ({ ok: false, sentence })
const need = (written: string): Read => ({ kind: 'refused', sentence: `Write it as \`${written}\`.` })

function readDeclaration(said: string): Read {
  const [, severity, title = ''] = /^(?:((?:sev|p)-?[0-9])(?:[\s:,]+|$))?([\s\S]*)$/i.exec(said) ?? []
  const words = title.trim().replaceAll(/\s+/g, ' ')
  return {
    kind: 'declare',
    title: words === '' ? null : words,
    severity: severity === undefined ? null : severity.toUpperCase().replace('-', ''),
  }
}

function readSeverity(said: string): Read {
  const [, letter, digit, why = ''] = /^(sev|p)?-?\s*([0-9])(?=\W|$)([\s\S]*)$/i.exec(said) ?? []
  const reason = withoutBecause(why)
  if (digit === undefined || reason === '') return need('sev 2 because REASON')
  return { kind: 'severity', severity: `${letter?.toLowerCase() === 'p' ? 'P' : 'SEV'}${digit}`, reason }
}

function readRole(said: string): Read {
  const [, word = '', rest = ''] = /^(\S*)\s*([\s\S]*)$/.exec(said) ?? []
  const role = roleNamed(word)
  if (role === null)
    return { kind: 'refused', sentence: `Which role? One of ${incidentRoles.join(', ')}: \`role commander @ana\`.` }
  const person = rest.trim() === '' ? ({ kind: 'self' } as const) : personOf(rest)
  if (person === null)
    return { kind: 'refused', sentence: `"${rest.trim().slice(0, 80)}" is nobody's name. Write @ana.` }
  return { kind: 'role', role, person }
}

function readOffer(said: string): Read {
  const offered = readRole(said)
  if (offered.kind !== 'role') return offered
  const { role, person } = offered
  return person.kind === 'self' ? need('offer commander @ana') : { kind: 'offer', role, person }
}

const tellsOne = 'customer'

/** `to` makes it plain: a text may begin with the word customers. */
function readUpdate(said: string): Read {
  const [, word, name, text = said] = /^to\s+([a-z]+)(?:\s+([a-z0-9][-a-z0-9.]*))?\s*:\s*([\s\S]*)$/i.exec(said) ?? []
  if (word === undefined)
    return { kind: 'update', audience: 'company', customer: null, text: said === '' ? null : said }
  const audience = updateAudiences.find((each) => each === word.toLowerCase())
  if (audience === undefined) {
    const known = updateAudiences.map((each) => (each === tellsOne ? `${each} NAME` : each)).join(', ')
    return { kind: 'refused', sentence: `Whom? One of ${known}: \`update to executives: TEXT\`.` }
  }
  const customer = name?.toLowerCase() ?? null
  if (text.trim() === '' || (audience === tellsOne) !== (customer !== null))
    return need(audience === tellsOne ? `update to ${tellsOne} NAME: TEXT` : `update to ${audience}: TEXT`)
  return { kind: 'update', audience, customer, text: text.trim() }
}

function readVerdict(verb: 'approve' | 'disapprove', said: string): Read {
  const { proposal, reason } = readProposal(said)
  const approve = verb === 'approve'
  if (proposal < 1 || (!approve && reason === null)) return need(approve ? 'approve 1' : 'disapprove 1 because REASON')
  return { kind: 'decide-update', proposal, approve, reason }
}

function readWithdrawal(said: string): Read {
  const { proposal, reason } = readProposal(said)
  return proposal < 1 ? need('withdraw 1') : { kind: 'withdraw-update', proposal, reason }
}

function readProposal(said: string): { readonly proposal: number; readonly reason: string | null } {
  const [, number = '0', why = ''] = /^(?:update\s+)?#?([0-9]{1,9})(?=\s|$|[:,])([\s\S]*)$/i.exec(said) ?? []
  return { proposal: Number(number), reason: withoutBecause(why) || null }
}

function readImpact(said: string): Read {
  const [, count, rest = said] =
    /^([0-9][0-9,.' ]{0,15})\s*(?:people|persons?|users?)\b\s*:?\s*([\s\S]*)$/i.exec(said) ?? []
  const text = rest.trim()
  const people = count === undefined ? null : Number(count.replaceAll(/[^0-9]/g, ''))
  if (text === '' && people === null) return need('impact [1200 people:] TEXT')
  return { kind: 'impact', people, text: text === '' ? null : text }
}

function readMerge(said: string): Read {
  const [, number, why = ''] = /^(?:into\s+)?(?:#|inc-?)?([0-9]{1,9})(?=\s|$|[:,])([\s\S]*)$/i.exec(said) ?? []
  const reason = withoutBecause(why)
  if (number === undefined || reason === '') return need('merge into 41 because REASON')
  return { kind: 'merge', into: Number(number), reason }
}

function readPin(said: string): Read {
  const found = /^([a-z][-a-z0-9.]*)?\s*([0-9][0-9a-z]*)?$/i.exec(said)
  const [, objective, back] = found ?? []
  const backMs = back === undefined ? null : parseDuration(back.toLowerCase())
  if (found === null || (back !== undefined && backMs === null)) return need('pin [OBJECTIVE] [2h]')
  return { kind: 'pin', objective: objective?.toLowerCase() ?? null, backMs }
}

function readTask(said: string): Read {
  const [, before = said, owner] = /^([\s\S]*?)\s+(<@[A-Z0-9-]+>|@[a-z0-9][-a-z0-9]*)$/i.exec(said) ?? []
  if (before.trim() === '' || personOf(before) !== null) return need('task TEXT [@ana]')
  return { kind: 'task', text: before.trim(), owner: owner === undefined ? null : personOf(owner) }
}

function readMitigation(said: string): Read {
  const [, text = said, objective = null] =
    /^([\s\S]*?)\s+proven by\s+([a-z0-9](?:[-a-z0-9.]*[a-z0-9])?)$/i.exec(said) ?? []
  if (text.trim() === '' || /^proven by\b/i.test(said)) return need('try TEXT [proven by OBJECTIVE]')
  return { kind: 'mitigation', text: text.trim(), objective }
}

function readVendorCase(said: string): Read {
  const [, vendor = '', number = null, text = ''] =
    /^([^:\n]{1,200}?)(?:,?\s+case\s+([^\s:]{1,100}))?\s*:\s*([\s\S]+)$/i.exec(said) ?? []
  if (vendor.trim() === '' || text.trim() === '') return need('vendor NAME [case NUMBER]: TEXT')
  return { kind: 'vendor-case', vendor: vendor.trim(), caseNumber: number, text: text.trim() }
}

/** One person and nothing else: `<@U024BE7LH>`, `@ana`, `me`. */
function personOf(said: string): PersonWord | null {
  const text = said.trim()
  const user = /^<@([A-Z0-9-]{2,40})>$/i.exec(text)?.[1]
  if (user !== undefined) return { kind: 'user', id: user }
  if (/^@?me$/i.test(text)) return { kind: 'self' }
  const name = /^@([a-z0-9](?:[-a-z0-9._]{0,61}[a-z0-9])?)$/i.exec(text)?.[1]
  return name === undefined ? null : { kind: 'name', name: name.toLowerCase() }
}

const withoutBecause = (text: string): string =>
  text
    .trim()
    .replace(/^(?:because\b|[:,–—-])\s*/i, '')
    .trim()

function apart(said: string): { readonly text: string; readonly reason: string } {
  const [, text = '', reason = ''] = /^([\s\S]+?)\s+because\b[:,]?\s*([\s\S]*)$/i.exec(said) ?? []
  return { text: text.trim(), reason: reason.trim() }
}
