// The hour on the wall of a zone.
import { Temporal } from 'temporal-polyfill'
import { hour } from '../../../../kernel/duration.ts'
import type { WallHour } from './season.ts'

export function isZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
    return true
  } catch {
    return false
  }
}

export function wallHourIn(zone: string): (at: number) => WallHour {
  if (zone === 'UTC') return utcHour
  return (at) => {
    const shown = Temporal.Instant.fromEpochMilliseconds(Math.floor(at)).toZonedDateTimeISO(zone)
    return { weekday: shown.dayOfWeek % 7, hour: shown.hour }
  }
}

function utcHour(at: number): WallHour {
  const hours = Math.floor(at / hour)
  // 1970 began on a Thursday.
  return { weekday: (((Math.floor(hours / 24) + 4) % 7) + 7) % 7, hour: ((hours % 24) + 24) % 24 }
}
