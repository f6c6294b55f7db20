import fc from 'fast-check'
import { expect, test } from 'vitest'
import { day, hour, minute } from '../../../kernel/duration.ts'
import { instant } from '../../../kernel/instant.ts'
import { earlierStretch, freshMs, halve, type Known, nextStretch, settleMs } from './read-plan.ts'

const begin = instant(Date.UTC(2026, 2, 1, 9, 0, 7))
const sliceLengths = fc.constantFrom(1_000, 5_000, minute, 5 * minute)

test('forward, then back: every slice of the kept time is read exactly once, in order', () => {
  fc.assert(
    fc.property(
      sliceLengths,
      fc.integer({ min: 2, max: 40 }),
      fc.integer({ min: 0, max: minute }),
      (sliceMs, days, late) => {
        const [now, keepMs] = [instant(begin + late), sliceMs < minute ? 2 * hour : days * day]
        const read: { known: Known | null } = { known: null }
        const ahead = () => nextStretch(read.known, sliceMs, now, keepMs)
        for (let next = ahead(); next !== null; next = ahead()) {
          if (read.known !== null) expect(next.after).toBe(read.known.until)
          expect(next.to - next.after).toBeLessThanOrEqual(500 * sliceMs)
          read.known = { until: next.to, from: read.known?.from ?? next.after }
        }
        expect(read.known?.until).toBe(Math.floor((now - settleMs) / sliceMs) * sliceMs)
        const back = () => earlierStretch(read.known, sliceMs, now, keepMs)
        for (let next = back(); next !== null; next = back()) {
          expect(next.to).toBe(read.known?.from)
          expect([next.after % sliceMs, next.to > next.after, next.to - next.after <= 500 * sliceMs]).toEqual([
            0,
            true,
            true,
          ])
          read.known = { until: read.known?.until ?? instant(0), from: next.after }
        }
        expect(read.known?.from).toBe(Math.floor((now - (keepMs - hour)) / sliceMs) * sliceMs)
      },
    ),
  )
})

test('after a long silence reading goes on where it still makes sense, and history from before is left alone', () => {
  const known = { until: instant(begin - day), from: null }
  expect(nextStretch(known, minute, begin, 35 * day)?.after).toBe(Math.floor((begin - freshMs) / minute) * minute)
  expect(earlierStretch(known, minute, begin, 35 * day)).toBeNull()
})

test('a stretch that is too much is halved from the side that is known', () => {
  const [after, to] = [instant(0), instant(5 * minute)]
  expect(halve({ after, to }, minute, false)).toEqual({ after, to: 2 * minute })
  expect(halve({ after, to }, minute, true)).toEqual({ after: 2 * minute, to })
  expect(halve({ after, to: instant(minute) }, minute, true)).toBeNull()
})
