import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { createTestShell } from '../../testing/test-shell.ts'

const rules = `groups:
  - name: shop
    labels:
      team: shop
    rules:
      - record: shop:up
        expr: absent(shop_workers)
      # Nobody is woken at night for it.
      # mainstay-lint: ignore runbook-missing, for-too-short because it is looked at by day
      - alert: ShopDown
        expr: shop_workers == 0
        labels:
          severity: critical
        annotations:
          summary: The shop is down
          description: |
            No worker of {{ $labels.instance }}.
      - alert: ShopSlow
        expr: |
          sum by (job) (rate(shop_seconds_sum[5m])) > 1
        for: 5m
        annotations:
          summary: '{{ $labels.instance }} is slow'
          description: slow
          runbook_url: https://runbooks.example/slow
`

function shellWith(files: Readonly<Record<string, string>>) {
  const test = createTestShell()
  mkdirSync(path.join(test.home, 'rules'))
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(test.home, 'rules', name), text)
  return test
}

test('says file, line, what, why and the way out, and fails for an error', async () => {
  const { run } = shellWith({ 'shop.yml': rules })
  const { code, out, err } = await run('alerts', 'lint', 'rules/shop.yml')
  expect(code).toBe(1)
  expect(out.split('\n')).toEqual([
    'rules/shop.yml:18  ⬣ error  severity-missing ShopSlow',
    '    It has no label `severity`. Without a severity an alert counts as critical and wakes somebody, whatever it is about.',
    '    → Add `labels: { severity: critical | warning | info }`.',
    'rules/shop.yml:23  ⬣ error  label-dropped ShopSlow',
    expect.stringContaining('`summary` speaks of the label `instance`, which the expression drops.'),
    expect.stringContaining('→ Keep the label'),
    '',
  ])
  expect(err).toBe('2 alert rules in 1 file: 2 errors, 0 warnings, 0 hints.\n')
})

test('reads rules of the operator, and lists its own', async () => {
  const indented = rules.replaceAll(/^/gm, '  ')
  const { run } = shellWith({
    'a.yaml': `apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec:\n${indented}`,
  })
  const { code, out } = await run('alerts', 'lint', 'rules', '-o', 'json')
  expect(code).toBe(1)
  expect(JSON.parse(out)).toMatchObject([
    { rule: 'severity-missing', file: 'rules/a.yaml', line: 21, alert: 'ShopSlow' },
    { rule: 'label-dropped', line: 26 },
  ])
  expect((await run('alerts', 'lint', 'rules', '-o', 'yaml')).out).toContain('rule: label-dropped')
  expect((await run('alerts', 'lint', '--rules', '-o', 'name')).out).toContain('ratio-unguarded\n')
})

test('what is let be, what is not shown, and what fails', async () => {
  const warned = rules
    .replace('for: 5m', 'for: 5m\n        labels: { severity: warning }')
    .replace("'{{ $labels.instance }} is slow'", 'slow')
  const { run } = shellWith({ 'shop.yml': warned, 'empty.yml': '# nothing yet\n' })
  expect(await run('alerts', 'lint', 'rules')).toEqual({
    code: 0,
    out: '',
    err: '2 alert rules in 2 files: nothing to say against them.\n',
  })
  const strict = shellWith({ 'shop.yml': warned.replace(/ *# mainstay-lint.*\n/, '') })
  expect(await strict.run('alerts', 'lint', 'rules', '--level', 'error', '--fail-on', 'warning')).toEqual({
    code: 1,
    out: '',
    err: '2 alert rules in 1 file: 0 errors, 2 warnings, 0 hints.\n',
  })
  const everywhere = shellWith({ 'shop.yml': `# mainstay-lint: ignore-file runbook-missing, for-too-short\n${warned}` })
  expect((await everywhere.run('alerts', 'lint', 'rules')).code).toBe(0)
})

test.each([
  [[], 2, 'Which documents?'],
  [['nowhere.yml'], 3, 'There is no file or folder nowhere.yml.'],
  [['rules/broken.yml'], 1, 'rules/broken.yml:3  ⬣ error  file-unread'],
  [['rules/other.yml'], 1, 'It holds no `groups` of rules.'],
])('%j ends with %i', async (args, code, said) => {
  const { run } = shellWith({ 'broken.yml': 'groups:\n  - {{ .Values.rules }\n', 'other.yml': 'a: 1\n' })
  const result = await run('alerts', 'lint', ...args)
  expect(result.code).toBe(code)
  expect(result.out + result.err).toContain(said)
})
