// Texts that people and attackers send: each is taken or refused with its place, none brings the server down.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CatalogWorld, openCatalogWorld } from './catalog.fixture.ts'

let world: CatalogWorld
beforeAll(async () => {
  world = await openCatalogWorld('catalog hostile')
})
afterAll(() => world.close())

const send = (documents: string, url = '/api/v1/apply') =>
  world.call({ method: 'POST', url, as: 'root', body: { documents } })
const domain = (name: string, more = '') =>
  `apiVersion: mainstay.dev/v1\nkind: Domain\nmetadata:\n  name: ${name}\n${more}spec: {}\n`
const described = (description: string) => domain('a', `  description: ${description}\n`)

test.each([
  { what: 'brackets without end', text: '['.repeat(100_000), line: 1, says: 'deeper than 60' },
  { what: 'closed brackets', text: '['.repeat(3_000) + ']'.repeat(3_000), line: 1, says: 'deeper than 60' },
  { what: 'lists in one line', text: `${'- '.repeat(20_000)}x`, line: 1, says: 'deeper than 60' },
  {
    what: 'indented mappings',
    text: Array.from({ length: 500 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    line: 62,
    says: 'deeper than 60',
  },
  { what: 'a key twice', text: domain('a', '  name: b\n'), line: 5, says: 'The key name stands twice' },
  { what: 'half a million keys', text: 'k: 1\n'.repeat(500_000), line: 1, says: 'more than 5000 entries' },
  { what: 'an anchor and its alias', text: 'a: &x [1]\nb: *x', line: 2, says: 'Aliases' },
  { what: 'a merge key', text: 'a: &x {b: 1}\nc:\n  <<: *x', line: 3, says: 'Aliases' },
  { what: 'a tab', text: 'spec:\n\tteam: web', line: 2, says: 'Tabs are not allowed' },
  { what: 'a list as a key', text: 'a: 1\n[1, 2]: b', line: 2, says: 'plain word' },
  { what: 'infinity', text: 'a: .inf', line: 1, says: 'no number' },
  { what: 'a tag that runs code', text: 'a: !!js/function "x"', line: 1, says: 'Unresolved tag' },
  { what: 'bytes', text: 'a: !!binary aGk=', line: 1, says: 'not taken' },
  { what: 'an older YAML', text: '%YAML 1.1\n---\na: no', line: 1, says: 'Directives' },
  { what: 'a number as a name', text: domain('12e3'), line: 4, says: 'it is 12000' },
  { what: 'octal as a name', text: domain('0o17'), line: 4, says: 'it is 15' },
  { what: 'yes as a value', text: domain('a', '  labels: {on: true}\n'), line: 5, says: 'Put quotes around it' },
  { what: 'null as a value', text: domain('a', '  labels: {on: ~}\n'), line: 5, says: 'Put quotes around it' },
  { what: 'numbers as keys', text: domain('a', '  1: x\n'), line: 5, says: 'no such field' },
  { what: '__proto__', text: domain('a', '  __proto__: {name: b}\n'), line: 5, says: 'no such field' },
  { what: '__proto__ in labels', text: domain('a', '  labels: {__proto__: b}\n'), line: 5, says: 'The key must be' },
  { what: 'an escaped NUL', text: described('"a\\0b"'), line: 5, says: 'NUL' },
  { what: 'half a surrogate pair', text: described('"\\uD800"'), line: 5, says: 'surrogate' },
  { what: 'a huge scalar', text: described(`"${'x'.repeat(2_000_000)}"`), line: 5, says: 'at most 1050' },
  {
    what: '5,000 labels',
    text: domain('a', `  labels:\n${Array.from({ length: 4_000 }, (_, index) => `    k${index}: v\n`).join('')}`),
    line: 5,
    says: 'at most 200',
  },
  { what: 'a list', text: '- a\n- b', line: 1, says: 'must be a mapping' },
  { what: 'a spec that is a text', text: domain('a').replace('{}', 'x'), line: 5, says: 'must be a mapping' },
])('$what is refused at its line', async ({ text, line, says }) => {
  const answer = await send(text)
  expect(answer.statusCode).toBe(422)
  const [fault] = answer.json().errors
  expect(fault.detail).toContain(says)
  expect(fault.line).toBe(line)
  expect(fault.column).toBeGreaterThan(0)
})

test.each([
  { what: 'a byte order mark', text: `\ufeff${domain('bom')}` },
  { what: 'line ends of Windows', text: domain('crlf').replaceAll('\n', '\r\n') },
  { what: 'a date as text', text: domain('dated', '  description: 2026-01-01\n') },
  { what: 'empty documents between', text: `---\n---\n${domain('between')}---\n...\n` },
  { what: 'comments only', text: '# nothing yet' },
  { what: 'nothing', text: '' },
  {
    what: 'JSON',
    text: JSON.stringify({ apiVersion: 'mainstay.dev/v1', kind: 'Domain', metadata: { name: 'json' }, spec: {} }),
  },
  { what: 'every script', text: domain('script', '  displayName: "Ω 火 🚒 \\u200f"\n') },
])('$what is taken', async ({ text }) => {
  expect((await send(text)).statusCode).toBe(200)
})

test('the raw bytes that PostgreSQL cannot hold are refused by the server itself', async () => {
  for (const sign of ['\u0000', '\ud800']) {
    const answer = await send(described(`"a${sign}b"`))
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'input.unstorable-text'])
  }
})

test('5,000 documents are taken at once, one more is not', async () => {
  const many = Array.from({ length: 5_000 }, (_, index) => domain(`d${index}`))
  const planned = await send(many.join('---\n'), '/api/v1/plan')
  expect(planned.statusCode).toBe(200)
  expect(planned.json().changes).toHaveLength(5_000)
  const refused = await send([...many, domain('one-more')].join('---\n'))
  expect([refused.statusCode, refused.json().code]).toEqual([422, 'documents.too-many'])
  const large = await send(`# ${'x'.repeat(8 * 1024 * 1024)}`)
  expect([large.statusCode, large.json().code]).toEqual([422, 'documents.too-large'])
})

test('every mistake of every document is named, 200 at most', async () => {
  const answer = await send(Array.from({ length: 300 }, (_, index) => domain(`Bad_${index}`)).join('---\n'))
  expect(answer.json().errors).toHaveLength(200)
  expect(answer.json().errors[1]).toMatchObject({ line: 10, column: 3 })
})
