// What breaks, one thing every two seconds, at seeded moments and on whatever is whole. Each fault is mended, as an operator
// or systemd would; none is waited for, so that they meet.
import { setTimeout as wait } from 'node:timers/promises'
import { keepNote } from '../proof/record.ts'
import { type Fleet, type Member, revive } from './fleet.ts'
import { manners } from './mail-provider.ts'
import { isAnother, postmasterOf } from './postgres-processes.ts'
import { eventually } from './product.ts'
import { type Chance, chanceFrom } from './seeded.ts'

/** Of 60, in the shares of the specification. A full disk has a test of its own; a clock that jumps is the simulation's. */
const mixOf = 60
const mix = { kill: 24, 'kill-all': 3, pause: 10, restart: 9, partition: 6, provider: 8 } as const
export type Kind = keyof typeof mix
const kinds: readonly Kind[] = ['kill', 'kill-all', 'pause', 'restart', 'partition', 'provider']

export interface Breakage {
  readonly counts: Readonly<Record<Kind, number>>
  /** Resolves when everything was broken and all of it is mended. */
  readonly over: Promise<void>
}

const everyMs = 2_000

/** `paced` resolves when as many faults may have happened: a slow machine is not broken faster than it is used. */
export function breakThings(
  fleet: Fleet,
  seed: number,
  faults: number,
  paced: (broken: number) => Promise<void>,
): Breakage {
  const chance = chanceFrom(seed)
  const counts = { kill: 0, 'kill-all': 0, pause: 0, restart: 0, partition: 0, provider: 0 }
  const database = { isBusy: false }
  const over = (async () => {
    const underWay = new Set<Promise<void>>()
    let failure: Error | null = null
    let broken = 0
    for (const kind of drawn(chance, faults)) {
      await paced(broken)
      broken += 1
      const mark = performance.now()
      const targets = await free(fleet, database, kind, chance)
      if (failure !== null) throw failure
      for (const target of targets) target.isBusy = true
      keepNote('faults.log', said(kind, targets))
      const mended = deed(kind, fleet, targets, chance).then(
        () => {
          for (const target of targets) target.isBusy = false
          keepNote('faults.log', said(`mended ${kind}`, targets))
          underWay.delete(mended)
        },
        (error: Error) => {
          failure ??= error
          for (const target of targets) target.isBusy = false
        },
      )
      underWay.add(mended)
      counts[kind] += 1
      await wait(Math.max(0, mark + everyMs - performance.now()))
    }
    await Promise.all(underWay)
    if (failure !== null) throw failure
  })()
  return { counts, over }
}

function said(what: string, targets: readonly Target[]): string {
  const names = targets.map((each) => ('server' in each ? each.server.url : 'PostgreSQL'))
  return `${new Date().toISOString()} ${what} ${names.join(' ')}\n`
}

/** Whole mixes, each in an order of its own; of the last one as much as is asked for. */
function drawn(chance: Chance, faults: number): readonly Kind[] {
  const whole = kinds.flatMap((each) => Array.from({ length: mix[each] }, () => each))
  return Array.from({ length: Math.ceil(faults / mixOf) }, () => chance.shuffle(whole))
    .flat()
    .slice(0, faults)
}

type Target = Member | { isBusy: boolean }

/** What is whole, waited for when all of it is broken. */
async function free(fleet: Fleet, database: Target, kind: Kind, chance: Chance): Promise<readonly Target[]> {
  if (kind === 'provider') return []
  return eventually(
    `something is whole that could ${kind}`,
    async () => {
      if (kind === 'restart') return database.isBusy ? null : [database]
      const whole = fleet.members.filter((each) => !each.isBusy)
      if (kind === 'kill-all') return whole.length === fleet.members.length ? whole : null
      const victim = whole[chance.below(whole.length)]
      return victim === undefined ? null : [victim]
    },
    300_000,
  )
}

async function deed(kind: Kind, fleet: Fleet, targets: readonly Target[], chance: Chance): Promise<void> {
  const members = targets.filter((each): each is Member => 'server' in each)
  switch (kind) {
    case 'kill':
    case 'kill-all':
      await Promise.all(members.map(({ server }) => server.kill()))
      await Promise.all(members.map(revive))
      return
    case 'pause': {
      const forMs = chance.between(1_000, 6_000)
      for (const { server } of members) process.kill(server.pid, 'SIGSTOP')
      await wait(forMs)
      for (const { server } of members) process.kill(server.pid, 'SIGCONT')
      return
    }
    case 'restart': {
      const killed = postmasterOf(fleet.postgresFolder)
      process.kill(killed, 'SIGKILL')
      await eventually('another PostgreSQL runs', async () => (isAnother(fleet.postgresFolder, killed) ? true : null))
      return
    }
    case 'partition': {
      const forMs = chance.between(2_000, 8_000)
      for (const { wire } of members) wire.manner = 'silent'
      await wait(forMs)
      for (const { wire } of members) wire.manner = 'pass'
      return
    }
    case 'provider':
      await fleet.provider.misbehave(manners[chance.below(manners.length)] ?? 'reset')
  }
}
