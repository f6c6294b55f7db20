// Tells people that their shift began. Each hand-over once, however often this runs.
import { hour } from '../../../kernel/duration.ts'
import { formatInstant, type Instant, instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { explainSource, handOvers, nextChange, onCallAt, type Schedule } from '../core/index.ts'
import type { OncallPorts } from '../oncall.ports.ts'
import { countOpenEscalations } from '../oncall.store.ts'
import { lockTold, saveTold } from '../overrides.store.ts'
import { loadEverySchedule } from './describe-oncall.ts'

/** After an outage the shift that began hours ago is no news. */
const longestBackMs = hour

export async function tellHandOvers(needs: Needs, ports: OncallPorts): Promise<void> {
  const now = await needs.database.now()
  const { schedules } = await loadEverySchedule(needs, needs.database, now)
  for (const schedule of schedules) {
    await needs.database.transaction((tx) => tellOne(tx, needs, ports, schedule, now))
  }
}

async function tellOne(tx: Tx, needs: Needs, ports: OncallPorts, schedule: Schedule, now: Instant): Promise<void> {
  const told = await lockTold(tx, schedule.name)
  await saveTold(tx, schedule.name, now)
  // The first look only remembers where it stands: nobody's shift begins by installing this.
  if (told === null || told >= now) return
  const window = { start: instant(Math.max(told, now - longestBackMs)), end: instant(now + 1) }
  for (const { at, coming } of handOvers(schedule, window)) {
    for (const person of coming) {
      const standing = nextChange([schedule], person, now)
      if (standing.state !== 'on-call') continue
      const source = onCallAt(schedule, now).find((each) => each.person === person)?.source
      await ports.notifier.notifyOnCall(tx, {
        shift: `${schedule.name}@${formatInstant(at)}`,
        person,
        facts: {
          schedule: schedule.name,
          until: standing.until,
          because: source === undefined ? 'on call' : explainSource(source),
          open: await countOpenEscalations(tx),
          link: `${needs.publicUrl}/oncall?view=handover&schedule=${encodeURIComponent(schedule.name)}`,
        },
      })
    }
  }
}
