import { expect, test } from 'vitest'
import { day, hour, minute } from '../../../kernel/duration.ts'
import { defaultTerms, type Figures, noFigures } from '../core/index.ts'
import { presentFigures, presentLimits } from './present-health.ts'

const always = (ms: number): Figures => ({ ...noFigures, onCallMs: ms })
const share = (knownMs: number) =>
  presentLimits(always(knownMs), [], { terms: defaultTerms, knownMs }).find((each) => each.limit === 'time-on-call')

test('who is on call all the time is over the limit only when there is enough to look at', () => {
  expect(share(8 * minute)).toMatchObject({
    isOver: false,
    sentence: 'on call 100 % of the time so far; 25 % is the limit, looked at after two weeks',
  })
  expect(share(14 * day)).toMatchObject({ isOver: true, sentence: 'on call 100 % of the time; 25 % is the limit' })
})

test.each([
  [8 * minute, null],
  [hour, 3],
  [6 * hour, 0.5],
])('three pages in %d ms on call are %s an hour', (onCallMs, perHour) => {
  expect(presentFigures({ ...always(onCallMs), pages: 3 }).pagesPerHour).toBe(perHour)
})
