import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { createTestShell } from '../../testing/test-shell.ts'
import { joinSources } from './documents.ts'

test('every line of the joined text leads back to its file and line', () => {
  const line = fc.constantFrom('a: 1', '', '# note', '---', 'b: {}')
  const source = fc.array(line, { maxLength: 6 }).map((lines) => lines.join('\n'))
  fc.assert(
    fc.property(fc.array(source, { minLength: 1, maxLength: 4 }), (texts) => {
      const joined = joinSources(texts.map((text, index) => ({ file: `f${index}`, text })))
      const lines = joined.text.split('\n')
      for (const [index, text] of texts.entries())
        for (const [at, expected] of text.replace(/\n$/, '').split('\n').entries()) {
          const found = lines.findIndex((_, number) => {
            const place = joined.placeOf(number + 1)
            return place.file === `f${index}` && place.line === at + 1
          })
          expect(lines[found]).toBe(expected)
        }
    }),
  )
})

test('two files stay two documents, whether or not the first ends with a line feed', () => {
  for (const first of ['kind: A', 'kind: A\n', '\uFEFFkind: A\n---\n']) {
    const { text } = joinSources([
      { file: 'a', text: first },
      { file: 'b', text: 'kind: B' },
    ])
    const values = parseAllDocuments(text)
      .map((each) => each.toJS())
      .filter((each) => each !== null)
    expect(values).toEqual([{ kind: 'A' }, { kind: 'B' }])
  }
})

const service = (name: string, more = '') =>
  `apiVersion: mainstay.dev/v1\nkind: Service\nmetadata: { name: ${name} }\nspec: { team: web }\n${more}`

test('validate reads folders in order and names file, line, field and the way out', async () => {
  const { run, home } = createTestShell()
  mkdirSync(path.join(home, 'slo/inner'), { recursive: true })
  writeFileSync(path.join(home, 'slo/a.yaml'), service('checkout'))
  writeFileSync(path.join(home, 'slo/b.yml'), `${service('cart')}---\n${service('Cart', 'status: {}\nspecs: {}\n')}`)
  writeFileSync(path.join(home, 'slo/inner/c.yaml'), service('checkout'))
  writeFileSync(path.join(home, 'slo/notes.txt'), 'not: read')
  writeFileSync(path.join(home, 'slo/.hidden.yaml'), 'not: read')
  const { code, err, out } = await run('validate', '-f', 'slo')
  expect(code).toBe(1)
  expect(out).toBe('')
  expect(err.split('\n')).toEqual([
    '✗ 4 mistakes.',
    '  slo/b.yml:8:13  /metadata/name  It must be a lower-case name such as checkout-api, at most 63 characters; it is "Cart".',
    '  slo/b.yml:10:1  /status  status is written by Mainstay, never by a document. Remove it.',
    '  slo/b.yml:11:1  /specs  There is no field specs. Did you mean spec?',
    '  slo/inner/c.yaml:3:13  /metadata/name  Service/checkout stands twice; the other is at slo/a.yaml:3. Keep one.',
    '',
  ])
})

test('validate reads stdin, and says when all is well', async () => {
  const { run } = createTestShell({ stdin: service('checkout') })
  expect(await run('validate', '-f', '-')).toMatchObject({
    code: 0,
    err: expect.stringContaining('One document in one file is well formed.'),
  })
})

test.each([
  [['validate'], 2, 'Which documents?'],
  [['validate', 'nowhere.yaml'], 3, 'There is no file or folder nowhere.yaml.'],
  [['validate', '.'], 1, 'There is no .yaml, .yml or .json file'],
])('%j is refused', async (argv, code, sentence) => {
  const { run } = createTestShell()
  const result = await run(...argv)
  expect(result.code).toBe(code)
  expect(result.err).toContain(sentence)
})

test('broken YAML is told with its line', async () => {
  const { run } = createTestShell({ stdin: 'kind: [a\n' })
  const { code, err } = await run('validate', '-')
  expect(code).toBe(1)
  expect(err).toMatch(/stdin:\d+:\d+ {2}/)
})
