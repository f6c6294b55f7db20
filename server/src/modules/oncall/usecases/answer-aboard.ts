// The links in messages while the database is away: what the armed plan knows is shown, an acknowledgement is kept on the
// disk and stops the pages of this process.
import { AppError } from '../../../kernel/app-error.ts'
import { isAwayRefusal } from '../../../platform/database/away.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import type { AnswerPage } from '../answer-page.ts'
import { readLink } from '../message-links.ts'
import type { Aboard, OncallPorts } from '../oncall.ports.ts'
import type { EscalationRow } from '../oncall.store.ts'
import {
  answerLink,
  expired,
  factsOf,
  gone,
  linkTo,
  lookAtLink,
  overPage,
  type Shown,
  standing,
  titleOf,
  type Valid,
} from './answer-by-link.ts'

export async function lookAtLinkAnyhow(needs: Needs, ports: OncallPorts, token: string): Promise<Shown> {
  return anyhow(
    ports,
    () => lookAtLink(needs, ports, token),
    async (aboard) => {
      const link = readAboard(ports, aboard, token)
      if ('status' in link) return link
      const row = await aboard.escalationOf(link.subject.id)
      if (row === null) throw unknownAboard()
      const { phase } = row.state
      if (phase.kind === 'acknowledged' || phase.kind === 'resolved') return shown(overPage(row, 1, link))
      const sentence = `${standing(row, link)} ${notice}`
      return shown(pageOf(row, link, sentence, 'Acknowledge'))
    },
  )
}

export async function answerLinkAnyhow(needs: Needs, ports: OncallPorts, token: string): Promise<Shown> {
  return anyhow(
    ports,
    () => answerLink(needs, ports, token),
    async (aboard) => {
      const link = readAboard(ports, aboard, token)
      if ('status' in link) return link
      const { person } = link
      const actor = { kind: 'link', id: person, name: person } as const
      const answer = await aboard.acknowledge({ alert: link.subject.id, by: person, actor })
      if (answer === null) throw unknownAboard()
      const sentence =
        answer.by === null
          ? `Acknowledged. It is yours, ${person}. ${notice}`
          : `${answer.by} has acknowledged it already. ${notice}`
      return shown(pageOf(answer.row, link, sentence, null))
    },
  )
}

const notice = 'The database is away just now; Mainstay pages from its lifeboat and writes this down when it is back.'

async function anyhow(
  { aboard }: OncallPorts,
  ordinary: () => Promise<Shown>,
  other: (aboard: Aboard) => Promise<Shown>,
): Promise<Shown> {
  if (aboard === undefined) return ordinary()
  if (aboard.isOpen()) return other(aboard)
  try {
    return await ordinary()
  } catch (error) {
    if (!isAwayRefusal(error) || aboard.now() === null) throw error
    aboard.doubt()
    return other(aboard)
  }
}

function readAboard(ports: OncallPorts, aboard: Aboard, token: string): Valid | Shown {
  const now = aboard.now()
  if (now === null) throw unknownAboard()
  const read = readLink(ports.links, token, now)
  if (!read.valid) return read.because === 'expired' ? expired() : gone()
  // A bundle and a contact are known to the database alone.
  if (read.subject.kind !== 'alert') throw unknownAboard()
  return { ...read, now, zone: aboard.zoneOf(read.person) }
}

const shown = (page: AnswerPage): Shown => ({ status: 200, page })

function pageOf(row: EscalationRow, link: Valid, sentence: string, button: string | null): AnswerPage {
  return { title: titleOf(row), facts: factsOf(row, link), sentence, button, link: linkTo(row) }
}

const unknownAboard = (): AppError =>
  new AppError(
    'unavailable',
    'database.away',
    'The database is away just now, and the lifeboat does not know this alert. Try again in a minute.',
    { retryAfterSeconds: 30 },
  )
