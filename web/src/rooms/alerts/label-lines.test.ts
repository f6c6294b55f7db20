import { expect, test } from 'vitest'
import { readLabelLines } from './label-lines.ts'

test.each([
  { text: 'service=cart\n\n alertname = "Disk full" ', labels: { service: 'cart', alertname: 'Disk full' } },
  { text: 'expr=a=b', labels: { expr: 'a=b' } },
  { text: 'empty=', labels: { empty: '' } },
  { text: '', labels: {} },
])('$text', ({ text, labels }) => {
  expect(readLabelLines(text)).toEqual({ ok: true, labels })
})

test.each([
  { text: 'service=cart\nnonsense', line: 2 },
  { text: '=value', line: 1 },
])('line $line is none', ({ text, line }) => {
  expect(readLabelLines(text)).toEqual({ ok: false, line })
})
