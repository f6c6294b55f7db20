import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { OptionValues } from '../line/option-values.ts'
import { createTestShell, type TestShellOptions } from '../testing/test-shell.ts'
import { contextsFile, readContexts, saveContext, writeContexts } from './contexts.ts'
import { checkUrl, findTarget } from './target.ts'

const options = (given: Readonly<Record<string, string>>) =>
  new OptionValues(new Map(Object.entries(given).map(([name, value]) => [name, [value]])))

function shellWith(more: TestShellOptions = {}) {
  const { shell, home } = createTestShell(more)
  writeContexts(shell, {
    current: 'main',
    contexts: new Map([
      ['main', { url: 'https://main.example', token: 'main-key' }],
      ['other', { url: 'https://other.example', token: 'other-key' }],
    ]),
  })
  writeFileSync(path.join(home, 'key'), 'file-key\n')
  return shell
}

test.each([
  { given: {}, environment: {}, url: 'https://main.example', token: 'main-key' },
  { given: { context: 'other' }, environment: {}, url: 'https://other.example', token: 'other-key' },
  { given: {}, environment: { MAINSTAY_URL: 'https://env.example' }, url: 'https://env.example', token: null },
  { given: {}, environment: { MAINSTAY_TOKEN: 'env-key' }, url: 'https://main.example', token: 'env-key' },
  {
    given: { url: 'https://flag.example' },
    environment: { MAINSTAY_URL: 'https://env.example', MAINSTAY_TOKEN: 'env-key' },
    url: 'https://flag.example',
    token: 'env-key',
  },
  {
    given: { 'token-file': 'key' },
    environment: { MAINSTAY_TOKEN: 'env-key' },
    url: 'https://main.example',
    token: 'file-key',
  },
  { given: {}, environment: { MAINSTAY_TOKEN_FILE: 'key' }, url: 'https://main.example', token: 'file-key' },
  // A flag for the context beats an address of the environment.
  {
    given: { context: 'other' },
    environment: { MAINSTAY_URL: 'https://env.example' },
    url: 'https://other.example',
    token: 'other-key',
  },
  { given: { url: 'https://other.example/' }, environment: {}, url: 'https://other.example', token: 'other-key' },
])('flag before environment before file: $given $environment', ({ given, environment, url, token }) => {
  expect(findTarget(shellWith({ environment }), options(given))).toMatchObject({ url, token })
})

test('a saved key is never sent to another server', () => {
  expect(findTarget(shellWith(), options({ url: 'https://evil.example' })).token).toBeNull()
  expect(findTarget(shellWith(), options({ url: 'https://evil.example', context: 'main' })).token).toBeNull()
})

test('an unknown context is refused with the nearest one', () => {
  expect(() => findTarget(shellWith(), options({ context: 'mian' }))).toThrow(
    expect.objectContaining({ exitCode: 3, hint: 'Did you mean main?' }),
  )
})

test('without any server the refusal names both ways to one', () => {
  const { shell } = createTestShell()
  expect(() => findTarget(shell, options({}))).toThrow(
    expect.objectContaining({ exitCode: 2, hint: expect.stringContaining('mainstay login') }),
  )
})

test('the file is written for its owner alone, and a file open to others is told', () => {
  const { shell, err } = createTestShell()
  saveContext(shell, 'main', { url: 'https://x.example', token: 'k' }, true)
  const file = contextsFile(shell)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readContexts(shell).current).toBe('main')
  expect(err()).toBe('')
  chmodSync(file, 0o644)
  readContexts(shell)
  expect(err()).toContain('chmod 600')
})

test('saving one context keeps the others', () => {
  const shell = shellWith()
  saveContext(shell, 'third', { url: 'https://third.example', token: null }, false)
  const saved = readContexts(shell)
  expect([...saved.contexts.keys()]).toEqual(['main', 'other', 'third'])
  expect(saved.current).toBe('main')
})

test.each(['{', '[]', '{"contexts": {"a": {}}}'])('a damaged file is refused, not overwritten: %s', (text) => {
  const shell = shellWith()
  writeFileSync(contextsFile(shell), text)
  expect(() => saveContext(shell, 'a', { url: 'https://x', token: null }, true)).toThrow('is not what')
  expect(readFileSync(contextsFile(shell), 'utf8')).toBe(text)
})

test('the XDG folder is honoured when it is absolute', () => {
  const file = (folder: string) => contextsFile({ environment: { XDG_CONFIG_HOME: folder }, home: '/home/ana' })
  expect(file('/etc/xdg')).toBe('/etc/xdg/mainstay/contexts.json')
  expect(file('relative')).toBe('/home/ana/.config/mainstay/contexts.json')
})

test.each([
  ['mainstay.example', 'https://mainstay.example'],
  ['http://127.0.0.1:8420/', 'http://127.0.0.1:8420'],
  ['https://x.example/reliability/', 'https://x.example/reliability'],
])('%s is the address %s', (text, url) => {
  expect(checkUrl(text, '--url')).toBe(url)
})

test.each(['http://', 'https://user:pass@x.example', 'https://a b'])('%s is no address', (text) => {
  expect(() => checkUrl(text, '--url')).toThrow('--url')
})
