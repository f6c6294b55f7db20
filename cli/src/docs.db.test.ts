// The tutorials and how-to pages are run: every file they show is written, every `$ mainstay …` is executed in order,
// its exit code is the one the page says (0 unless `# exit N`), and the output it shows appears.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { openTestDatabase } from '../../server/test/database.ts'
import { commands } from './commands/table.ts'
import { exitCodeMeanings } from './exit-codes.ts'
import { readLine } from './line/parse.ts'
import { openTestServer } from './testing/test-server.ts'
import { createTestShell } from './testing/test-shell.ts'

const docs = path.resolve(import.meta.dirname, '../../docs')
const pages = ['tutorials', 'how-to'].flatMap((folder) =>
  readdirSync(path.join(docs, folder)).flatMap((name) => (name.endsWith('.md') ? [`${folder}/${name}`] : [])),
)

interface Block {
  readonly language: string
  readonly text: string
}

const blocksOf = (page: string): readonly Block[] =>
  [...readFileSync(path.join(docs, page), 'utf8').matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', text = '']) => ({ language, text }),
  )

interface Step {
  readonly argv: readonly string[]
  readonly code: number
  readonly shown: readonly string[]
}

const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')

function stepsOf({ text }: Block): readonly Step[] {
  return text
    .split(/^\$ /m)
    .filter((part) => part !== '')
    .map((part) => {
      const [line = '', ...shown] = part.trimEnd().split('\n')
      const code = Number(/ {2}# exit (\d+)$/.exec(line)?.[1] ?? 0)
      return { argv: wordsOf(line.replace(/^mainstay /, '').replace(/ {2}# exit \d+$/, '')), code, shown }
    })
}

async function openServer() {
  const { server, environment, close } = await openTestServer(await openTestDatabase('docs'))
  const token = await server.createKey({ name: 'docs', role: 'admin', scopes: ['*'] })
  return { environment: { ...environment, MAINSTAY_URL: server.url, MAINSTAY_TOKEN: token }, close }
}

test.each(pages.filter((page) => blocksOf(page).some((block) => block.language === 'console')))(
  '%s does what it says',
  async (page) => {
    const { environment, close } = await openServer()
    try {
      const { run, home } = createTestShell({ environment })
      for (const block of blocksOf(page)) {
        const file = /^# (\S+\.yaml)\n/.exec(block.text)?.[1]
        if (block.language === 'yaml' && file !== undefined) {
          mkdirSync(path.dirname(path.join(home, file)), { recursive: true })
          writeFileSync(path.join(home, file), block.text)
        }
        if (block.language !== 'console') continue
        for (const { argv, code, shown } of stepsOf(block)) {
          const result = await run(...argv)
          const said = `${result.out}${result.err}`
          expect({ argv, code: result.code, said }).toMatchObject({ code })
          for (const line of shown) expect(said).toContain(line)
        }
      }
    } finally {
      await close()
    }
  },
)

test('the first example of the README applies to an empty server as it stands', async () => {
  const [example] = blocksOf('../README.md').filter((block) => block.language === 'yaml')
  const { environment, close } = await openServer()
  try {
    const { run, home } = createTestShell({ environment })
    writeFileSync(path.join(home, 'services.yaml'), example?.text ?? '')
    expect(await run('plan', '-f', 'services.yaml')).toMatchObject({ code: 0 })
    expect(await run('apply', '-f', 'services.yaml', '--yes')).toMatchObject({ code: 0 })
    expect((await run('get', 'services')).out).toContain('api')
  } finally {
    await close()
  }
})

test.each(pages)('%s shows only command lines that exist', (page) => {
  const lines = blocksOf(page)
    .filter((block) => block.language === 'sh')
    .flatMap((block) => block.text.split('\n'))
    // A remark behind a command and the file it writes to are the shell's, not ours.
    .map((line) => line.replace(/\s+# .*$/, '').replace(/ > \S+$/, ''))
  for (const line of lines) {
    const own = /^(?:source <\()?(?:mainstay|node dist\/mainstay\.js|npm run demo --) (.*?)\)?$/.exec(line)
    if (own === null) continue
    const words = line.startsWith('npm run demo') ? ['demo', ...wordsOf(own[1] ?? '')] : wordsOf(own[1] ?? '')
    expect(readLine(words, commands).wants, line).toBe('run')
  }
})

test('the page about scripts lists the exit codes as they are', () => {
  const page = readFileSync(path.join(docs, 'how-to/use-in-scripts.md'), 'utf8')
  const rows = [...page.matchAll(/^\| (\d+) \| (.+) \|$/gm)].map(([, code, meaning]) => [Number(code), meaning])
  expect(rows).toEqual(exitCodeMeanings)
})
