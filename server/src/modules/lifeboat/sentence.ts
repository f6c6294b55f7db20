// How the lifeboat stands, in words: for the console, `/readyz` and the command.
import { formatDuration } from '../../kernel/duration.ts'
import type { LifeboatState } from './boat.ts'

export function sentenceOf({ standing, since, planTakenAt, now, counts, refusal }: LifeboatState): string {
  if (standing === 'afloat' && refusal !== null) return refusal
  const age =
    planTakenAt === null || now === null
      ? 'There is no plan to page from yet.'
      : `The plan for that is ${inSeconds(now - planTakenAt)} old.`
  switch (standing) {
    case 'ashore':
      return `The database is there; nothing is aboard. ${age}`
    case 'doubt':
      return 'The database did not answer the last look; alerts it does not take are kept on this disk.'
    case 'landing':
      return `The database is back; ${counts.signals} signals that were kept meanwhile are being written down.`
    case 'afloat': {
      const long = since === null || now === null ? '' : ` for ${inSeconds(now - since)}`
      const done = `${counts.signals} signals kept, ${counts.pages} messages sent, ${counts.acknowledged} acknowledged`
      return `The database has been away${long}. The lifeboat is afloat: alerts are kept on this disk, pages go out from the plan. ${done}. ${age}`
    }
  }
}

const inSeconds = (ms: number): string => formatDuration(Math.max(0, Math.round(ms / 1_000)) * 1_000)
