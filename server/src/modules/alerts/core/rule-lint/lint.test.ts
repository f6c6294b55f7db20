import { expect, test } from 'vitest'
import { lintRules, lintRuleTexts } from './lint.ts'
import type { RuleText } from './rule.ts'

/** Nothing can be said against it. */
const sound: RuleText = {
  file: 'a.yml',
  lines: { alert: 1, expr: 2, for: 3, 'labels.severity': 4, 'annotations.summary': 5 },
  name: 'CheckoutSlow',
  expr: 'histogram_quantile(0.99, sum by (le, service) (rate(checkout_seconds_bucket[5m]))) > 2',
  forMs: 300_000,
  labels: { severity: 'critical', team: 'shop' },
  annotations: {
    summary: 'Checkout is slow',
    description: '{{ $value }} s',
    runbook_url: 'https://runbooks.example/slow',
  },
  ignored: [],
}
const rule = (changed: Partial<RuleText>): RuleText => ({ ...sound, ...changed })
const labels = (more: Record<string, string>) => ({ labels: { severity: 'critical', team: 'shop', ...more } })
const said = (...rules: readonly RuleText[]) =>
  lintRuleTexts(rules).map((each) => `${each.level} ${each.rule} ${each.line}`)

test('a sound rule is let be', () => {
  expect(said(sound)).toEqual([])
})

const warned = labels({ severity: 'warning' })
const cases: readonly (readonly [string, Partial<RuleText>, readonly string[]])[] = [
  ['no severity', { labels: { team: 'shop' } }, ['error severity-missing 1']],
  ['a word nobody knows', labels({ severity: 'spicy' }), ['warning severity-unknown 4']],
  ['a severity that is worked out', labels({ severity: '{{ $labels.level }}' }), ['error label-dropped 4']],
  [
    'an owner the series may bring',
    { labels: { severity: 'critical' }, expr: 'slow_seconds > 2' },
    ['hint owner-missing 1'],
  ],
  [
    'an owner that is dropped',
    { labels: { severity: 'critical' }, expr: 'sum(slow_seconds) > 2' },
    ['warning owner-missing 2'],
  ],
  ['an owner that is kept', { labels: { severity: 'critical' } }, []],
  ['no runbook for a page', { annotations: { summary: 'a', description: 'b' } }, ['warning runbook-missing 1']],
  [
    'no runbook for a ticket',
    { ...warned, annotations: { summary: 'a', description: 'b' } },
    ['hint runbook-missing 1'],
  ],
  ['no runbook for a note', { ...labels({ severity: 'info' }), annotations: { title: 'a', message: 'b' } }, []],
  ['no texts', { annotations: { runbook: 'x' } }, ['warning text-missing 1']],
  ['half a text', { annotations: { runbook: 'x', summary: 'a' } }, ['hint text-missing 1']],
  [
    'a text about a label that is gone',
    { annotations: { ...sound.annotations, summary: '{{ $labels.instance }} of {{ $labels.service }}' } },
    ['error label-dropped 5'],
  ],
  [
    'a text by index',
    { annotations: { ...sound.annotations, summary: '{{ index $labels "instance" }} {{ .Labels.le }}' } },
    ['error label-dropped 5'],
  ],
  ['a value in a label', labels({ size: '{{ $value | humanize }}' }), ['error value-in-label 1']],
  [
    'a label chosen by the value',
    labels({ size: '{{ if gt $value 5.0 }}big{{ else }}small{{ end }}' }),
    ['warning value-in-label 1'],
  ],
  ['memory that pages', { expr: 'process_resident_memory_bytes > 1e9' }, ['warning cause-pages 2']],
  [
    'a disk that pages',
    { expr: 'node_filesystem_avail_bytes / node_filesystem_size_bytes < 0.1' },
    ['warning cause-pages 2', 'hint no-data-blind 2'],
  ],
  [
    'a disk that is full tonight',
    { expr: 'predict_linear(node_filesystem_avail_bytes[6h], 4 * 3600) < 0 or absent(node_filesystem_avail_bytes)' },
    [],
  ],
  [
    'CPU as a ticket',
    { ...warned, expr: 'avg by (service) (rate(node_cpu_seconds_total{mode!="idle"}[5m])) > 0.9' },
    [],
  ],
  ['what was killed is an effect', { expr: 'increase(container_memory_oom_kills_total[5m]) > 0' }, []],
  [
    'a fixed error rate',
    {
      expr: 'sum(rate(http_requests_total{code=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) > 0.05 and sum(rate(http_requests_total[5m])) > 1',
    },
    ['warning raw-error-threshold 2'],
  ],
  [
    'a burn rate over two windows',
    { expr: 'sum(rate(http_errors_total[5m])) > 0.05 and sum(rate(http_errors_total[1h])) > 0.05' },
    [],
  ],
  ['a burn rate by name', { expr: 'job:slo_errors_per_request:burnrate5m > 14.4' }, []],
  [
    'no traffic',
    { expr: 'sum(rate(failed_jobs_total[5m])) / sum(rate(jobs_total[5m])) > 0.1' },
    ['warning ratio-unguarded 2'],
  ],
  [
    'traffic that is asked for',
    { expr: 'sum(rate(failed_jobs_total[5m])) / (sum(rate(jobs_total[5m])) > 0.1) > 0.1' },
    [],
  ],
  ['a limit of 0', { ...warned, expr: 'used_connections / connections_limit > 0.9' }, ['hint ratio-unguarded 2']],
  [
    'a limit that is one',
    { ...warned, expr: 'used_connections / connections_limit > 0.9 and connections_limit > 0' },
    [],
  ],
  ['no waiting', { forMs: null, expr: 'queue_length > 5' }, ['warning for-too-short 1']],
  ['waiting for nothing', { forMs: 0, expr: 'queue_length > 5' }, ['warning for-too-short 3']],
  ['waiting a little', { ...warned, forMs: 60_000, expr: 'queue_length > 5' }, ['hint for-too-short 3']],
  ['looking back instead', { forMs: null, expr: 'avg_over_time(queue_length[10m]) > 5' }, []],
  ['an age', { forMs: null, expr: 'time() - backup_finished_seconds > 86400' }, []],
  ['nothing is compared', { expr: 'queue_length' }, ['warning no-comparison 2']],
  ['a heartbeat', { expr: 'vector(1)' }, []],
  ['absence', { expr: 'absent(queue_length)' }, []],
  ['down, or gone', { expr: 'up{job="shop"} == 0' }, ['warning no-data-blind 2']],
  ['few, or none', { expr: '3 > count by (job) (up == 1)' }, ['hint no-data-blind 2']],
  ['a count of nothing', { ...warned, expr: 'count(up{job="shop"}) == 0' }, ['error count-of-nothing 2']],
  ['compared with NaN', { expr: 'queue_length != NaN' }, ['error nan-comparison 2']],
  ['compared with one series', { expr: 'queue_length > scalar(sum(queue_limit))' }, ['hint nan-comparison 2']],
  ['no PromQL', { expr: 'queue_length >' }, ['warning promql-unread 2']],
  ['an ignore that ignores nothing', { ignored: ['cause-page'] }, ['warning ignore-unknown 1']],
]

test.each(cases)('%s', (_, changed, expected) => {
  expect(said(rule(changed))).toEqual(expected)
})

test('every rule has a case that it speaks up in', () => {
  const spoken = new Set([
    ...cases.flatMap(([, , expected]) => expected.map((each) => each.split(' ')[1])),
    'duplicate-name',
    'file-unread',
  ])
  expect(lintRules.map(({ id }) => id).filter((id) => !spoken.has(id))).toEqual([])
})

test('each finding can be passed over by its id, and only it', () => {
  for (const [, changed, expected] of cases) {
    const ids = [...new Set(expected.map((each) => each.split(' ')[1] ?? ''))].filter((id) => id !== 'ignore-unknown')
    for (const id of ids) {
      const left = said(rule({ ...changed, ignored: [id] }))
      expect(left).toEqual(expected.filter((each) => each.split(' ')[1] !== id))
    }
  }
})

test('absence is watched by another rule, by its job, or by a rule on its target', () => {
  const down = rule({ name: 'Down', expr: 'queue_workers == 0' })
  const blind = ['warning no-data-blind 2']
  expect(said(down)).toEqual(blind)
  for (const expr of ['absent(queue_workers)', 'absent_over_time(queue_workers{x="y"}[5m])', 'up == 0 or absent(up)'])
    expect(said(down, rule({ name: 'Gone', expr, file: 'b.yml' }))).toEqual([])
  expect(said(down, rule({ name: 'Gone', expr: 'up{job="a"} == 0 or absent(up{job="a"})', file: 'b.yml' }))).toEqual(
    blind,
  )
  const ofJob = rule({ name: 'Down', expr: 'queue_workers{job="a"} == 0' })
  expect(said(ofJob, rule({ name: 'Gone', expr: 'absent(up{job="a"})', file: 'b.yml' }))).toEqual([])
  expect(lintRuleTexts([down], { expressions: ['absent(queue_workers)'] })).toEqual([])
})

test('two rules of one name', () => {
  const other = rule({ file: 'b.yml', expr: 'queue_age_seconds > 60' })
  expect(lintRuleTexts([sound, other])).toMatchObject([
    {
      rule: 'duplicate-name',
      level: 'warning',
      file: 'b.yml',
      what: '`CheckoutSlow` is the name of another alert with the same labels too, at a.yml:1.',
    },
  ])
  expect(said(sound, { ...sound, file: 'b.yml' })).toEqual(['error duplicate-name 1'])
  expect(said(sound, rule({ ...warned, expr: other.expr }))).toEqual([])
})
