import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Block, type Inline, readMarkdown } from './markdown.ts'

const inlinesOf = (block: Block): readonly Inline[] =>
  block.kind === 'list' ? block.items.flat() : 'inlines' in block ? block.inlines : []

test('headings, lists, code, strong words and links', () => {
  expect(
    readMarkdown('# A\n\nOne **two** `three`\nfour [five](https://x.example/a)\n\n- six\n- seven\n\n```\n<b>\n```'),
  ).toEqual([
    { kind: 'heading', inlines: [{ kind: 'text', text: 'A' }] },
    {
      kind: 'paragraph',
      inlines: [
        { kind: 'text', text: 'One ' },
        { kind: 'strong', text: 'two' },
        { kind: 'text', text: ' ' },
        { kind: 'code', text: 'three' },
        { kind: 'text', text: '\nfour ' },
        { kind: 'link', text: 'five', href: 'https://x.example/a' },
      ],
    },
    { kind: 'list', ordered: false, items: [[{ kind: 'text', text: 'six' }], [{ kind: 'text', text: 'seven' }]] },
    { kind: 'code', text: '<b>' },
  ])
})

test('emphasis, quotes and numbered lists; an asterisk or underscore in a word is itself', () => {
  expect(readMarkdown('> *so* it\n> was\n1. one\n2) _two_\n- a * b and snake_case_name')).toEqual([
    {
      kind: 'quote',
      inlines: [
        { kind: 'emphasis', text: 'so' },
        { kind: 'text', text: ' it\nwas' },
      ],
    },
    { kind: 'list', ordered: true, items: [[{ kind: 'text', text: 'one' }], [{ kind: 'emphasis', text: 'two' }]] },
    { kind: 'list', ordered: false, items: [[{ kind: 'text', text: 'a * b and snake_case_name' }]] },
  ])
})

test.each([
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](data:text/html,<script>alert(1)</script>)',
  '[x](//evil.example)',
  '[x](https://good.example@evil.example/)',
  '[x](vbscript:x)',
  '<img src=x onerror=alert(1)>',
  '<script>alert(1)</script>',
  '![x](https://x.example/track.png)',
])('%s runs nothing and fetches nothing', (text) => {
  const found = readMarkdown(text).flatMap(inlinesOf)
  expect(
    found.every((each) => each.kind === 'text' || (each.kind === 'link' && each.href.startsWith('https://'))),
  ).toBe(true)
})

test('whatever is written, links lead to the web and no text is lost', () => {
  const piece = fc.constantFrom(
    '[',
    ']',
    '(',
    ')',
    '**',
    '`',
    'javascript:',
    'https://a.b/',
    'word',
    ' ',
    '\n',
    '- ',
    '# ',
    '<',
    '>',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const text = pieces.join('')
      const blocks = readMarkdown(text)
      for (const each of blocks.flatMap(inlinesOf)) if (each.kind === 'link') expect(each.href).toMatch(/^https?:\/\//)
      const words = (value: string) => value.split('word').length
      const shown = blocks
        .map((block) =>
          block.kind === 'code'
            ? block.text
            : inlinesOf(block)
                .map((each) => each.text + (each.kind === 'link' ? each.href : ''))
                .join(''),
        )
        .join('\n')
      expect(words(shown)).toBe(words(text))
    }),
  )
})
